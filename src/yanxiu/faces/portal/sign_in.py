"""Signing in by password or invite, asking for an invite, signing out."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.entering.contact import recall
from yanxiu.faces.frame.entering.steps import factor_state
from yanxiu.faces.frame.requests import FrameRequest, client_address, safe_next
from yanxiu.faces.portal.forms import PhoneForm, SignInForm
from yanxiu.faces.portal.landing import first_page
from yanxiu.kit.errors import Refused
from yanxiu.people.actions import ask_for_invite, authenticate, consume_invite
from yanxiu.people.factors.passkeys import unavailable_because
from yanxiu.people.models import Account
from yanxiu.people.privacy.texts import current_version
from yanxiu.people.profile.language import remember_language
from yanxiu.people.queries import viewer_of
from yanxiu.people.sessions.actions import begin_session, forget_session
from yanxiu.people.sign_in import invite_is_open

__all__ = ["ask", "enter", "invite", "sign_in", "sign_out"]


_BY_LINK = frozenset({"invite", "mail", "recovery"})  # who came so chooses a password or passkey before anything else


def enter(request: HttpRequest, account: Account, pathway: str = "password") -> None:
    """A new session for the account, whichever pathway let it in, with what it owes before the pages open."""
    if "record" in request.session:  # once more from a page kept by the browser: a session of its own all the same
        forget_session(request.session["record"])
        request.session.flush()
    login(request, account, backend="yanxiu.people.backend.AccountBackend")
    viewer, session = viewer_of(account), request.session
    owed = {"passkey": "passed", "link": "none"}.get(pathway) or factor_state(viewer)
    record = begin_session(
        account, key=session.session_key or "", described=request.headers.get("User-Agent", ""), pathway=pathway,
        address=client_address(request),
    )  # fmt: skip
    now = int(time.time())
    session.update(
        {
            "roles_epoch": account.roles_epoch, "notice": current_version(), "credential": pathway in _BY_LINK,
            "factor": owed, "fresh": now, "touched": now, "record": record.pk,
        }
    )  # fmt: skip
    if (chosen := request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")) != account.language:
        remember_language(viewer, chosen)
    request.entered_as = viewer  # type: ignore[attr-defined]  # the middleware lets the browser remember whom to ring


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


def _sign_in_page(request: HttpRequest, form: SignInForm, target: str) -> dict[str, Any]:
    return {"form": form, "next": target, "passkeys": not unavailable_because(), "contacts": recall(request)}


def sign_in(request: FrameRequest) -> HttpResponse:
    """The form; the destination is kept only where it lies on this site."""
    target = safe_next(request.POST.get("next", request.GET.get("next", "/")))
    if request.method != "POST":
        if request.viewer.is_signed_in:
            return HttpResponseRedirect(target)
        context = _sign_in_page(request, SignInForm(), target) | {"is_out": request.GET.get("out") == "1"}
        return render(request, "portal/sign_in.html", context)
    form = SignInForm(request.POST)
    context = _sign_in_page(request, form, target)
    if not form.is_valid():
        return _refusal(request, "portal/sign_in.html", None, context)
    try:
        account = authenticate(form.cleaned_data["phone"], form.cleaned_data["password"], client_address(request))
    except Refused as refusal:
        return _refusal(request, "portal/sign_in.html", refusal, context)
    enter(request, account)
    return HttpResponseRedirect(first_page(viewer_of(account)) if target == "/" else target)


def sign_out(request: HttpRequest) -> HttpResponse:
    if "record" in request.session:
        forget_session(request.session["record"])
    logout(request)
    response = HttpResponseRedirect(f"{reverse('portal:sign_in')}?out=1")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def invite(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing (chat previews fetch links); POST uses the link up and signs in."""
    if request.method != "POST":
        is_open = invite_is_open(token)
        return render(
            request, "portal/invite.html", {"token": token, "is_open": is_open}, status=200 if is_open else 404
        )
    try:
        account = consume_invite(token, None, client_address(request))
    except Refused as refusal:
        return _refusal(request, "portal/invite.html", refusal, {"token": token, "is_open": False})
    enter(request, account, "invite")
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
