"""The steps of a first sign-in: privacy notice, one's data, a password or passkey. (The second factor is in factors.py.)"""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.entering.steps import unfinished
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.portal.account.showing import again, renew
from yanxiu.faces.portal.forms import InviteForm
from yanxiu.faces.portal.landing import first_page
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.factors.passkeys import unavailable_because
from yanxiu.people.factors.queries import held
from yanxiu.people.privacy.consent import answer_notice, answers_of
from yanxiu.people.privacy.texts import current_notice
from yanxiu.people.profile.corrections import confirm_profile, propose_corrections
from yanxiu.people.profile.credentials import choose_password
from yanxiu.people.profile.queries import own_corrections
from yanxiu.people.queries import person_of
from yanxiu.training.classes.people import works_anywhere

__all__ = ["confirm", "credential", "notice"]


def notice(request: FrameRequest) -> HttpResponse:
    """The notice in force, and the answer to it; later the place to read it again or take the consent back."""
    shown, answers = current_notice(), answers_of(request.viewer)
    context: dict[str, Any] = {
        "notice": shown, "answer": answers[0] if answers else None, "first": unfinished(request) == "notice",
        "works": works_anywhere(request.viewer),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/notice.html", context)
    agreed, version = request.POST.get("answer") == "yes", request.POST.get("version", "")
    try:
        answer_notice(request.viewer, version=int(version) if version.isdecimal() else 0, agreed=agreed)
    except Refused as refusal:
        return again(request, "portal/account/notice.html", refusal, context)
    if agreed:
        request.session["notice"] = shown.version
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(request.path)


def confirm(request: FrameRequest) -> HttpResponse:
    """One's own data: right as they are, or with corrections proposed to the class manager."""
    context: dict[str, Any] = {
        "person": person_of(request.viewer), "corrections": own_corrections(request.viewer),
        "first": unfinished(request) == "profile", "works": works_anywhere(request.viewer),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/profile.html", context)
    wanted = {name: request.POST[name] for name in ("name", "organisation", "post_title") if name in request.POST}
    try:
        propose_corrections(request.viewer, wanted)
        confirm_profile(request.viewer)
    except Refused as refusal:
        return again(request, "portal/account/profile.html", refusal, context | {"typed": wanted})
    return HttpResponseRedirect("/" if context["first"] else request.path)


def credential(request: FrameRequest) -> HttpResponse:
    """A password of one's own, or a passkey: without one of them there is no second visit."""
    if unfinished(request) != "credential":
        raise NotVisible  # later a password is changed by giving the old one
    form = InviteForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form, "passkeys": held(request.viewer.account_id).passkeys, "why_not": unavailable_because(),
        "works": works_anywhere(request.viewer),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/credential.html", context | {"form": InviteForm()})
    if request.POST.get("keep") == "passkey" and context["passkeys"]:
        request.session["credential"] = False
        return HttpResponseRedirect(first_page(request.viewer))
    if not form.is_valid():
        return again(request, "portal/account/credential.html", None, context)
    try:
        account = choose_password(request.viewer, form.cleaned_data["password"], request.session.get("record"))
    except Refused as refusal:
        return again(request, "portal/account/credential.html", refusal, context)
    renew(request, account)
    request.session["credential"] = False
    return HttpResponseRedirect(first_page(request.viewer))
