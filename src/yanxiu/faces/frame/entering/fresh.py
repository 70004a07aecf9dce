"""Step-up: before something grave the password or the second factor again, unless it was given a few minutes ago.

A route says `fresh=True`; the guard asks here before its view runs. The page that asks carries what was sent along and sends it
again together with the answer, so that nothing typed is lost and the answer is good for that deed, also where every deed asks.
A password needs no script for it; a passkey always does.
"""

import json
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.entering.challenges import take_challenge
from yanxiu.faces.frame.requests import FrameRequest, client_address, page_of_form, wants_json
from yanxiu.kit.errors import Refused
from yanxiu.people.factors.actions import verify_factor
from yanxiu.people.factors.passkeys import enter_by_passkey, unavailable_because
from yanxiu.people.factors.queries import held
from yanxiu.people.profile.credentials import confirm_password

__all__ = ["PROVEN", "PROVING", "Asked", "Proven", "note_fresh", "require_fresh", "stepped_up"]

_OWN = ("again_password", "again_code", "again_passkey")  # fields of the page that asks
_STATUS = {"locked": 429, "slow_down": 429, "busy": 503}
_LARGEST = 64 * 1024
# Marks of config.serving in the scope of a request, where no client can write: the password is checked in a lane of its own,
# and the deed then runs in the lane of its route.
PROVING, PROVEN = "yanxiu.proving", "yanxiu.proven"


class Proven(HttpResponse):
    """The password was right; the deed itself has not run yet."""


class Asked(Exception):
    """The page that asks, from within a view."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def _is_fresh(request: HttpRequest) -> bool:
    """Signed in, or password or second factor given again, within the last minutes (an option of the installation).

    With 0 minutes nothing said before counts, not even a sign-in a second ago.
    """
    limit: int | None = settings.FRESH_SECONDS
    return limit is None or 0 <= time.time() - float(request.session.get("fresh", 0)) < limit


def note_fresh(request: HttpRequest) -> None:
    request.session["fresh"] = int(time.time())


def _given(request: FrameRequest) -> bool:
    """Was one of the three sent along, and is it right? Refused when it is wrong; lockout counts."""
    password, code, signed = (request.POST.get(name, "") for name in _OWN)
    if code:
        verify_factor(request.viewer, code, client_address(request))
    elif password:
        confirm_password(request.viewer, password, client_address(request))
    elif signed:
        enter_by_passkey(take_challenge(request, "verify"), _read(signed), client_address(request), request.viewer)
    return bool(password or code or signed)


def _read(signed: str) -> dict[str, object]:
    try:
        answer = json.loads(signed) if len(signed) <= _LARGEST else None
    except (ValueError, RecursionError):
        answer = None
    return answer if isinstance(answer, dict) else {}


def stepped_up(request: FrameRequest) -> HttpResponse | None:
    """None when the view may run; else the page that asks (403), or asks again (422, 429)."""
    scope = getattr(request, "scope", {})  # of the server; Django's test client has none
    may = Proven(status=204) if scope.get(PROVING) else None
    refusal = None
    if _is_fresh(request) or scope.get(PROVEN):
        return may
    try:
        if _given(request):
            note_fresh(request)
            return may
    except Refused as refused:
        refusal = refused
    return _asked(request, refusal)


def require_fresh(request: FrameRequest) -> None:
    """In a view that asks only some people. Raises Asked, which the guard answers."""
    asked = stepped_up(request)
    if asked is not None:
        raise Asked(asked)


def _asked(request: FrameRequest, refusal: Refused | None) -> HttpResponse:
    if wants_json(request):
        message = refusal.message if refusal else _("请再次确认是您本人，然后重试。")
        return JsonResponse({"code": "stale", "message": message}, status=403)
    own = held(request.viewer.account_id)
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "sent": [(name, value) for name, value in sent if name not in (*_OWN, "csrfmiddlewaretoken")],
        "totp": own.totp, "passkeys": own.passkeys and not unavailable_because(), "back": page_of_form(request),
        "has_password": request.account.has_usable_password(), "message": refusal.message if refusal else "",
        "minutes": (settings.FRESH_SECONDS or 0) // 60,
    }  # fmt: skip
    status = 403 if refusal is None else _STATUS.get(refusal.code, 422)
    response = render(request, "frame/again.html", context, status=status)
    if status in {429, 503}:
        response.headers["Retry-After"] = "60" if refusal is not None and refusal.code == "locked" else "3"
    return response
