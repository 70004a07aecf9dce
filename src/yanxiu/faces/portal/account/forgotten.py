"""Ways back in for somebody signed out: by mail, through the class manager, with a recovery code or a passkey."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.entering.contact import recall
from yanxiu.faces.frame.requests import client_address
from yanxiu.faces.portal.account.showing import again
from yanxiu.faces.portal.forms import CodeForm, PhoneForm
from yanxiu.faces.portal.sign_in import enter
from yanxiu.kit.errors import Refused
from yanxiu.people.factors.passkeys import unavailable_because
from yanxiu.people.profile.asking import ask_for_mail, enter_by_recovery_code
from yanxiu.people.profile.mail import mail_link_purpose, mails, take_mail_link

__all__ = ["forgot", "mail", "recovery"]


def forgot(request: HttpRequest) -> HttpResponse:
    """What can be done now, and whom to ring. The answer is the same for every phone."""
    context: dict[str, Any] = {
        "mails": mails(), "contacts": recall(request), "passkeys": not unavailable_because(), "form": PhoneForm(),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/forgot.html", context)
    context["form"] = form = PhoneForm(request.POST)
    if not form.is_valid():
        return again(request, "portal/account/forgot.html", None, context)
    try:
        ask_for_mail(form.cleaned_data["phone"], client_address(request))
    except Refused as refusal:
        return again(request, "portal/account/forgot.html", refusal, context)
    return render(request, "portal/account/forgot.html", context | {"asked": True})


def recovery(request: HttpRequest) -> HttpResponse:
    """Phone and one of the ten codes printed earlier; then a new password is chosen."""
    form = CodeForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method != "POST":
        return render(request, "portal/account/recovery.html", context)
    if not form.is_valid():
        return again(request, "portal/account/recovery.html", None, context)
    try:
        account = enter_by_recovery_code(form.cleaned_data["phone"], form.cleaned_data["code"], client_address(request))
    except Refused as refusal:
        return again(request, "portal/account/recovery.html", refusal, context)
    enter(request, account, "recovery")
    return HttpResponseRedirect("/")


def mail(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and uses nothing up; POST confirms the address or signs in."""
    context: dict[str, Any] = {"token": token, "purpose": mail_link_purpose(token)}
    if request.method != "POST":
        return render(request, "portal/account/mail.html", context, status=200 if context["purpose"] else 404)
    try:
        account = take_mail_link(token, client_address(request))
    except Refused as refusal:
        return again(request, "portal/account/mail.html", refusal, context | {"purpose": ""})
    if account is None:
        return render(request, "portal/account/mail.html", context | {"done": True})
    enter(request, account, "mail")
    return HttpResponseRedirect("/")
