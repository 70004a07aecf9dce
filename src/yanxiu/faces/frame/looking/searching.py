"""Looking for people without their names in any address: addresses end up in the logs of proxies and the history of shared PCs.

What somebody typed is posted, sealed for their account and this working day, and stands in the address as text nobody else can read;
paging, sorting, going back and several tabs work as with any address.
"""

import base64
import binascii
import hashlib
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpResponseBase

from yanxiu.faces.frame.requests import FrameRequest

__all__ = ["FIELD", "looking", "sealed_search", "sought"]

FIELD = "find"
LONGEST = 60
_NONCE, _STAMP, _PADDED = 12, 8, 256  # more than 60 characters can take
_SECONDS = 16 * 3600


def _box() -> AESGCM:
    return AESGCM(hashlib.sha256(b"yanxiu.search" + settings.SECRET_KEY.encode()).digest())


def _bound(request: FrameRequest) -> bytes:
    return f"search:{request.viewer.account_id}".encode()


def sealed_search(request: FrameRequest, text: str) -> str:
    """What goes into the address; its length tells nothing of the text's."""
    words = text.strip()[:LONGEST].encode()
    plain = int(time.time()).to_bytes(_STAMP, "big") + words + b"\0" * (-len(words) % _PADDED)
    nonce = secrets.token_bytes(_NONCE)
    return base64.urlsafe_b64encode(nonce + _box().encrypt(nonce, plain, _bound(request))).decode("ascii").rstrip("=")


def sought(request: FrameRequest) -> str:
    """What this viewer is looking for; "" where nothing was sealed, somebody else's was, or it is of another day."""
    held = request.GET.get(FIELD, "")[:600]
    try:
        box = base64.urlsafe_b64decode(held + "=" * (-len(held) % 4))
        plain = _box().decrypt(box[:_NONCE], box[_NONCE:], _bound(request))
    except (ValueError, binascii.Error, InvalidTag):
        return ""
    late = not 0 <= time.time() - int.from_bytes(plain[:_STAMP], "big") <= _SECONDS
    return "" if late else plain[_STAMP:].rstrip(b"\0").decode("utf-8", "replace")


def looking(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view that reads its whole address: what is looked for is `q` there, whatever `q` the address itself has."""

    @wraps(view)
    def looked(request: FrameRequest, **arguments: Any) -> HttpResponseBase:
        asked = request.GET.copy()
        asked["q"] = sought(request)
        request.GET = asked  # type: ignore[assignment]  # typed as what Django makes it, not as what it may be
        return view(request, **arguments)

    return looked
