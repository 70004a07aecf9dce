"""Signing in by password or invite, asking for an invite, signing out."""

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest, client_address, safe_next
from yanxiu.faces.portal.forms import InviteForm, PhoneForm, SignInForm
from yanxiu.kit.errors import Refused
from yanxiu.people.actions import ask_for_invite, authenticate, consume_invite
from yanxiu.people.models import Account
from yanxiu.people.sign_in import invite_is_open

__all__ = ["ask", "enter", "invite", "sign_in", "sign_out"]


def enter(request: HttpRequest, account: Account) -> None:
    """A new session key for the account, whichever pathway let it in."""
    login(request, account, backend="yanxiu.people.backend.AccountBackend")
    request.session["roles_epoch"] = account.roles_epoch


def _refusal(request: HttpRequest, template: str, refusal: Refused | None, context: dict[str, Any]) -> HttpResponse:
    """The form again, with what was wrong; 422, or 429 with Retry-After where lockout speaks."""
    status = 422
    if refusal is not None:
        context["message"] = refusal.message
        status = {"locked": 429, "slow_down": 429, "busy": 503}.get(refusal.code, 422)
    response = render(request, template, context, status=status)
    if status != 422:
        response.headers["Retry-After"] = "60" if refusal is not None and refusal.code == "locked" else "3"
    return response


def sign_in(request: FrameRequest) -> HttpResponse:
    """The form; the destination is kept only where it lies on this site."""
    target = safe_next(request.POST.get("next", request.GET.get("next", "/")))
    if request.method != "POST":
        if request.viewer.is_signed_in:
            return HttpResponseRedirect(target)
        return render(request, "portal/sign_in.html", {"form": SignInForm(), "next": target})
    form = SignInForm(request.POST)
    context = {"form": form, "next": target}
    if not form.is_valid():
        return _refusal(request, "portal/sign_in.html", None, context)
    try:
        account = authenticate(form.cleaned_data["phone"], form.cleaned_data["password"], client_address(request))
    except Refused as refusal:
        return _refusal(request, "portal/sign_in.html", refusal, context)
    enter(request, account)
    return HttpResponseRedirect(target)


def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = HttpResponseRedirect(reverse("portal:sign_in"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def invite(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form and changes nothing (chat previews fetch links); POST sets the password and signs in."""
    context: dict[str, Any] = {"form": InviteForm(), "token": token}
    if request.method != "POST":
        context["is_open"] = invite_is_open(token)
        return render(request, "portal/invite.html", context, status=200 if context["is_open"] else 404)
    context["form"] = form = InviteForm(request.POST)
    context["is_open"] = True
    if not form.is_valid():
        return _refusal(request, "portal/invite.html", None, context)
    try:
        account = consume_invite(token, form.cleaned_data["password"], client_address(request))
    except Refused as refusal:
        context["is_open"] = refusal.code != "invite"
        return _refusal(request, "portal/invite.html", refusal, context)
    enter(request, account)
    return HttpResponseRedirect("/")


def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a new invite; the answer is the same whether the phone is on a roster or not."""
    if request.method != "POST":
        return render(request, "portal/ask.html", {"form": PhoneForm()})
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _refusal(request, "portal/ask.html", None, {"form": form})
    try:
        ask_for_invite(form.cleaned_data["phone"], client_address(request))
    except Refused as refusal:
        return _refusal(request, "portal/ask.html", refusal, {"form": form})
    return render(request, "portal/asked.html")
