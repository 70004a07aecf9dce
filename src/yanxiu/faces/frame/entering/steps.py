"""The unfinished steps of a sign-in. The guard asks on every route; nothing here costs a query on a finished session."""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.entering.fresh import PROVING
from yanxiu.faces.frame.requests import wants_json
from yanxiu.people.factors.queries import held
from yanxiu.people.models import Account
from yanxiu.people.privacy.texts import current_version
from yanxiu.people.queries import Viewer
from yanxiu.people.sessions.actions import TOUCH_EVERY, touch_session
from yanxiu.training.classes.people import works_in_any_class

__all__ = ["ADDRESS", "factor_state", "follow", "to_step", "unfinished"]

# In this order. A route names in `open_at` at which of them it is open.
ADDRESS = {
    "verify": "portal:factor",  # a second factor is set up and has not been given in this session
    "notice": "portal:notice",
    "profile": "portal:confirm_profile",
    "credential": "portal:credential",  # came by a link or a recovery code: choose a password or a passkey
    "enrol": "portal:factors",  # staff without a second factor
}


def factor_state(viewer: Viewer) -> str:
    """What a session begun with a password owes: "none", "verify" or "enrol"."""
    if settings.STAFF_SECOND_FACTOR == "off":
        return "none"
    own = held(viewer.account_id)
    is_staff = bool(viewer.region_roles) or works_in_any_class(viewer)
    if own.totp or (is_staff and own.passkeys):
        return "verify"
    return "enrol" if is_staff and settings.STAFF_SECOND_FACTOR == "required" else "none"


def follow(request: HttpRequest, account: Account, viewer: Viewer) -> None:
    """On every request of a session: a changed role gives it a new key and new duties; its row in the list is kept alive.

    Not while a password is being checked before a deed: a new key would never reach the browser, and the deed itself comes at once.
    """
    session = request.session
    if getattr(request, "scope", {}).get(PROVING):
        return
    changed = session.get("roles_epoch") != account.roles_epoch
    if changed:
        session.cycle_key()
        session["roles_epoch"] = account.roles_epoch
        if session.get("factor") != "passed":
            session["factor"] = factor_state(viewer)
    if "record" in session and (changed or time.time() - session.get("touched", 0) > TOUCH_EVERY.total_seconds()):
        session["touched"] = int(time.time())
        touch_session(session["record"], session.session_key or "")


def unfinished(request: HttpRequest) -> str:
    """The first step still to be done, "" when there is none (or nobody is signed in)."""
    account = getattr(request, "account", None)
    if not isinstance(account, Account):
        return ""
    session = request.session
    if session.get("factor") == "verify":
        return "verify"
    # A version published since this session began is asked about at the next sign-in, not in the middle of an exam.
    if account.notice_version == 0 or account.notice_version < session.get("notice", current_version()):
        return "notice"
    if account.profile_confirmed_at is None:
        return "profile"
    if session.get("credential"):
        return "credential"
    return "enrol" if session.get("factor") == "enrol" else ""


def to_step(request: HttpRequest, step: str) -> HttpResponse:
    """There, or said to a script."""
    if wants_json(request):
        message = _("请先完成登录后的步骤（隐私告知、核对信息等）：回到首页即可继续。")
        return JsonResponse({"code": "first_steps", "step": step, "message": message}, status=403)
    return HttpResponseRedirect(reverse(ADDRESS[step]))
