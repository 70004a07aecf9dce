"""Password, phone and mail of a signed-in person; each change asks for the password again."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest, client_address
from yanxiu.faces.portal.account.showing import again, confirmed, renew
from yanxiu.faces.portal.forms import InviteForm
from yanxiu.kit.errors import Refused
from yanxiu.people.profile.asking import confirm_email
from yanxiu.people.profile.credentials import choose_password
from yanxiu.people.profile.mail import forget_email, mails
from yanxiu.people.profile.phone import change_phone
from yanxiu.people.queries import person_of

__all__ = ["email", "password", "phone"]


def password(request: FrameRequest) -> HttpResponse:
    """A new one; every other device is signed out."""
    form = InviteForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "has_password": request.account.has_usable_password()}
    if request.method != "POST":
        return render(request, "portal/account/password.html", context)
    if not form.is_valid():
        return again(request, "portal/account/password.html", None, context)
    try:
        confirmed(request)
        account = choose_password(request.viewer, form.cleaned_data["password"], request.session.get("record"))
    except Refused as refusal:
        return again(request, "portal/account/password.html", refusal, context)
    renew(request, account)
    return render(request, "portal/account/done.html", {"done": _("密码已经修改，其他设备已全部退出登录。")})


def phone(request: FrameRequest) -> HttpResponse:
    """Another login; the owner is told."""
    typed = request.POST.get("phone", "")
    context: dict[str, Any] = {
        "person": person_of(request.viewer), "typed": typed, "has_password": request.account.has_usable_password(),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/phone.html", context)
    try:
        confirmed(request)
        account = change_phone(request.viewer, typed, client_address(request), request.session.get("record"))
    except Refused as refusal:
        return again(request, "portal/account/phone.html", refusal, context)
    renew(request, account)
    return render(request, "portal/account/done.html", {"done": _("手机号已经更换，下次请用新号码登录。")})


def email(request: FrameRequest) -> HttpResponse:
    """An address for links back in; it counts only once a link sent there was opened."""
    context: dict[str, Any] = {
        "person": person_of(request.viewer), "mails": mails(), "typed": request.POST.get("email", ""),
        "has_password": request.account.has_usable_password(),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/email.html", context)
    if request.POST.get("forget") == "1":
        forget_email(request.viewer)
        return HttpResponseRedirect(request.path)
    if not mails():
        raise Refused("no_mail", _("本系统没有开通邮件。"))
    try:
        confirmed(request)
        confirm_email(request.viewer, context["typed"], client_address(request))
    except Refused as refusal:
        return again(request, "portal/account/email.html", refusal, context)
    return render(request, "portal/account/email.html", context | {"sent": True})
