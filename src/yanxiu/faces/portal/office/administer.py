"""Pages of the security administrator: lockouts, second factors."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import Refused
from yanxiu.people import rules
from yanxiu.people.actions import lift_lockout
from yanxiu.people.factors.actions import reset_factors
from yanxiu.people.factors.queries import held
from yanxiu.people.lockout import recent_failures
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer, account_of_phone

__all__ = ["lockouts", "second_factors"]


def _account_in_scope(viewer: Viewer, phone: str) -> Account | None:
    """The account, if it lies in a region the administrator is responsible for."""
    account = account_of_phone(phone.strip()) if phone else None
    if account is None:
        return None
    organisation = account.person.organisation
    path = organisation.region.path if organisation else "/"
    return account if rules.can_administer_security(viewer, path) else None


def lockouts(request: FrameRequest) -> HttpResponse:
    """Look an account up by its whole phone (by POST: a phone stands in no address), then lift its lockout."""
    if not rules.can_administer_security(request.viewer):
        raise Refused("forbidden", _("这个页面只给安全管理员使用。"))
    phone = request.POST.get("phone", "")
    account = _account_in_scope(request.viewer, phone)
    if request.POST.get("lift") == "1":
        if account is None:
            raise Refused("no_account", _("本地区没有这个手机号的账号，请核对后再查。"), field="phone")
        lift_lockout(request.viewer, account=account)
    failures = recent_failures(account) if account else 0
    context = {"phone": phone, "account": account, "failures": failures, "asked": bool(phone)}
    return render(request, "portal/lockouts.html", context)


def second_factors(request: FrameRequest) -> HttpResponse:
    """Somebody lost their phone: look the account up, then take app, codes and passkeys away. They are told."""
    if not rules.can_administer_security(request.viewer):
        raise Refused("forbidden", _("这个页面只给安全管理员使用。"))
    phone = request.POST.get("phone", "")
    account = _account_in_scope(request.viewer, phone)
    reset = request.POST.get("reset") == "1"
    if reset:
        if account is None:
            raise Refused("no_account", _("本地区没有这个手机号的账号，请核对后再查。"), field="phone")
        reset_factors(request.viewer, account=account)
    context = {
        "phone": phone, "account": account, "asked": bool(phone), "done": reset,
        "held": held(account.pk) if account else None,
    }  # fmt: skip
    return render(request, "portal/second_factors.html", context)
