"""The question put to a passkey: kept in the session, taken once, good for five minutes."""

import time
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused

__all__ = ["put_challenge", "take_challenge"]

CHALLENGE_SECONDS = 300


def put_challenge(request: HttpRequest, purpose: str, state: Any) -> None:
    """A newer one takes the place of the one before."""
    request.session["passkey"] = {"for": purpose, "state": state, "at": int(time.time())}


def take_challenge(request: HttpRequest, purpose: str) -> Any:
    """What was put for this purpose. Of two requests at once with the same challenge one gets it."""
    begun = request.session.pop("passkey", None) or {}
    if begun.get("for") != purpose or time.time() - begun.get("at", 0) > CHALLENGE_SECONDS:
        raise Refused("passkey_late", _("等得太久了，请再点一次按钮。"))
    if not cache.add(f"passkey:{begun['state']['challenge']}", 1, CHALLENGE_SECONDS * 2):
        raise Refused("passkey_late", _("等得太久了，请再点一次按钮。"))
    return begun["state"]
