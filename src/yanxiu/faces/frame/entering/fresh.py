"""Step-up: before something grave the password or the second factor again, unless it was given a few minutes ago.

A route says `fresh=True`; the guard asks here before its view runs. The page that asks carries what was sent along and sends it
again together with the password, so that nothing typed is lost and no script is needed.
"""

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest, client_address, page_of_form, wants_json
from yanxiu.kit.errors import Refused
from yanxiu.people.factors.actions import verify_factor
from yanxiu.people.factors.passkeys import unavailable_because
from yanxiu.people.factors.queries import held
from yanxiu.people.profile.credentials import confirm_password

__all__ = ["is_fresh", "note_fresh", "stepped_up"]

_OWN = ("again_password", "again_code")  # fields of the page that asks
_STATUS = {"locked": 429, "slow_down": 429, "busy": 503}


def is_fresh(request: HttpRequest) -> bool:
    """Signed in, or password or second factor given again, within the last minutes (an option of the installation)."""
    limit: int | None = settings.FRESH_SECONDS
    return limit is None or time.time() - float(request.session.get("fresh", 0)) < limit


def note_fresh(request: HttpRequest) -> None:
    request.session["fresh"] = int(time.time())


def _given(request: FrameRequest) -> bool:
    """Was one of the two sent along, and is it right? Refused when it is wrong; lockout counts."""
    password, code = (request.POST.get(name, "") for name in _OWN)
    if code:
        verify_factor(request.viewer, code, client_address(request))
    elif password:
        confirm_password(request.viewer, password, client_address(request))
    return bool(password or code)


def stepped_up(request: FrameRequest) -> HttpResponse | None:
    """None when the view may run; else the page that asks (403), or asks again (422, 429)."""
    refusal = None
    if is_fresh(request):
        return None
    try:
        if _given(request):
            note_fresh(request)
            return None
    except Refused as refused:
        refusal = refused
    return _asked(request, refusal)


def _asked(request: FrameRequest, refusal: Refused | None) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": "stale", "message": _("请再次确认是您本人，然后重试。")}, status=403)
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
