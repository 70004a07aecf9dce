"""What the account's pages share: a form again with what was wrong, confirming who one is, renewing the own session."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yanxiu.faces.frame.entering.fresh import note_fresh, require_fresh
from yanxiu.faces.frame.requests import FrameRequest, client_address
from yanxiu.kit.errors import Refused
from yanxiu.people.models import Account
from yanxiu.people.profile.credentials import confirm_password
from yanxiu.people.sessions.actions import touch_session

__all__ = ["again", "confirmed", "renew"]

_STATUS = {"locked": 429, "slow_down": 429, "busy": 503}


def again(request: HttpRequest, template: str, refusal: Refused | None, context: dict[str, Any]) -> HttpResponse:
    """The form again, with what was wrong; 422, or 429 with Retry-After where lockout speaks."""
    status = 422
    if refusal is not None:
        context |= {"message": refusal.message, "field": refusal.field}
        status = _STATUS.get(refusal.code, 422)
    response = render(request, template, context, status=status)
    if status != 422:
        response.headers["Retry-After"] = "60" if refusal is not None and refusal.code == "locked" else "3"
    return response


def confirmed(request: FrameRequest) -> None:
    """Before something grave: the password again; somebody without one says otherwise who they are, unless they just have."""
    if request.account.has_usable_password():
        confirm_password(request.viewer, request.POST.get("current", ""), client_address(request))
    else:
        require_fresh(request)


def renew(request: FrameRequest, account: Account) -> None:
    """The other sessions have just ended; this one goes on under a new key."""
    # Not Django's update_session_auth_hash: it looks the session's user up, which by now is nobody's.
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    note_fresh(request)
    if "record" in request.session:
        touch_session(request.session["record"], request.session.session_key or "")
