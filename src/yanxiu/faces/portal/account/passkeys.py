"""What the passkey script talks to: options out, the browser's answer in, both JSON. A challenge works once."""

import json
import time
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse

from yanxiu.faces.frame.entering.challenges import put_challenge, take_challenge
from yanxiu.faces.frame.entering.steps import unfinished
from yanxiu.faces.frame.requests import FrameRequest, client_address, safe_next
from yanxiu.faces.portal.account.showing import confirmed
from yanxiu.faces.portal.landing import first_page
from yanxiu.faces.portal.sign_in import enter
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.factors.passkeys import add_passkey, begin_adding, begin_asking, enter_by_passkey, remove_passkey
from yanxiu.people.queries import viewer_of

__all__ = ["begin", "finish", "remove"]

LARGEST = 64 * 1024


def _purpose(request: FrameRequest) -> str:
    """add: one's own, signed in; verify: the second factor of a session, or saying again who one is before something grave;
    enter: anybody signed out.
    """
    wanted, step = request.GET.get("for", ""), unfinished(request)
    fits = {
        "add": request.viewer.is_signed_in and step in {"", "credential", "enrol"},
        "verify": request.viewer.is_signed_in and step in {"", "verify"},
        "enter": not request.viewer.is_signed_in,
    }
    if not fits.get(wanted, False):
        raise NotVisible
    return wanted


def begin(request: FrameRequest) -> HttpResponse:
    """The options; their challenge stays in the session."""
    purpose = _purpose(request)
    if purpose == "add":
        if not request.session.get("credential") and unfinished(request) != "enrol":
            confirmed(request)
        options, state = begin_adding(request.viewer)
    else:
        options, state = begin_asking(request.viewer if purpose == "verify" else None)
    put_challenge(request, purpose, state)
    return JsonResponse(options)


def _answer(request: FrameRequest, purpose: str) -> tuple[Any, dict[str, Any]]:
    state = take_challenge(request, purpose)
    try:
        answer = json.loads(request.body) if len(request.body) <= LARGEST else None
    except ValueError:
        answer = None
    return state, answer if isinstance(answer, dict) else {}


def finish(request: FrameRequest) -> HttpResponse:
    """Where to go next; a refusal as {code, message}."""
    purpose = _purpose(request)
    try:
        state, answer = _answer(request, purpose)
        if purpose == "add":
            return _added(request, state, answer)
        actor = request.viewer if purpose == "verify" else None
        account = enter_by_passkey(state, answer, client_address(request), actor)
    except Refused as refusal:
        return JsonResponse({"code": refusal.code, "message": refusal.message}, status=422)
    if purpose == "verify":
        request.session.cycle_key()
        request.session["touched"] = 0
        if request.session.get("factor") == "verify":
            request.session["factor"] = "passed"
        request.session["fresh"] = int(time.time())
        return JsonResponse({"next": safe_next(request.GET.get("next", "/"))})
    enter(request, account, "passkey")
    target = safe_next(request.GET.get("next", "/"))
    return JsonResponse({"next": first_page(viewer_of(account)) if target == "/" else target})


def _added(request: FrameRequest, state: Any, answer: dict[str, Any]) -> HttpResponse:
    label = str(answer.pop("label", ""))
    add_passkey(request.viewer, state, answer, label)
    if request.session.get("factor") == "enrol":
        request.session["factor"] = "passed"
    came_by_link = request.session.get("credential")
    request.session["credential"] = False
    return JsonResponse({"next": first_page(request.viewer) if came_by_link else "/me/second-factor"})


def remove(request: FrameRequest) -> HttpResponse:
    """One of one's own."""
    wanted = request.POST.get("passkey", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        raise NotVisible
    confirmed(request)
    remove_passkey(request.viewer, int(wanted), needed=request.session.get("factor") == "passed")
    return HttpResponseRedirect("/me/second-factor")
