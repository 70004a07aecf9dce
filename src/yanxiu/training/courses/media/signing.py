"""Signed links to files: whoever holds one may fetch that file until it expires; nobody can make one without our key."""

import math
from typing import NamedTuple

from django.utils.crypto import constant_time_compare, salted_hmac

from yanxiu.core.time import clock

__all__ = ["Link", "is_valid", "link"]

VALID_HOURS = 6  # longer than any lecture; the page asks for a new one when it has expired
_HOUR = 3600


class Link(NamedTuple):
    """The parts of an address. `how`: "show" in the page, or "keep" as a download."""

    signature: str
    expires: int  # seconds since 1970, real time
    how: str
    digest: str


def _sign(digest: str, how: str, expires: int) -> str:
    return salted_hmac("yanxiu.media", f"{digest} {how} {expires}", algorithm="sha256").hexdigest()[:40]


def link(digest: str, how: str = "show") -> Link:
    """Valid for six to seven hours: it ends on the hour, so that a page opened again finds the file in the browser's cache."""
    now = clock.real_now().timestamp()
    expires = math.ceil(now / _HOUR) * _HOUR + VALID_HOURS * _HOUR
    return Link(_sign(digest, how, expires), expires, how, digest)


def is_valid(shown: Link) -> bool:
    """Was it signed by us, and is it still valid?"""
    ours = constant_time_compare(shown.signature, _sign(shown.digest, shown.how, shown.expires))
    return ours and clock.real_now().timestamp() < shown.expires
