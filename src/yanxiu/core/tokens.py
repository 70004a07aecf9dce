"""Session tokens: what a session is allowed to report, signed, so that a beat is judged without a database read."""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict

from yanxiu.core.beats import SessionFacts

__all__ = ["BadToken", "mint", "read"]

_LONGEST = 4096


class BadToken(Exception):
    """`why`: "malformed" (not a token of ours) or "signature" (altered, or of another installation)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadToken("malformed") from None


def _sign(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"session\n" + body, hashlib.sha256).digest()


def mint(facts: SessionFacts, key: bytes) -> str:
    """`<canonical JSON>.<HMAC-SHA256>`, both base64url."""
    body = json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return f"{_encode(body)}.{_encode(_sign(body, key))}"


def read(token: str, key: bytes) -> SessionFacts:
    """The facts of a token we signed. Raises BadToken. Whether it has expired is for the caller's clock to say."""
    head, dot, tail = token.partition(".")
    if not dot or len(token) > _LONGEST:
        raise BadToken("malformed")
    body = _decode(head)
    if not hmac.compare_digest(_decode(tail), _sign(body, key)):
        raise BadToken("signature")
    try:
        values = json.loads(body)
        return SessionFacts(**values)
    except (ValueError, TypeError):  # signed by us in another shape: a token of an older version
        raise BadToken("malformed") from None
