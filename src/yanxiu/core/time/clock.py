"""The server's clock, free of Django.

Server time is the wall clock read once at start plus a monotonic count, so a step of the wall clock cannot stretch or
shrink anybody's study. `YANXIU_TEST_CLOCK` (only with `YANXIU_TESTING=1`) names a file holding an ISO instant, re-read at
each call: it moves the time of facts, never that of sign-in, lockout or link expiry, which ask `real_now`.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

__all__ = ["from_ms", "now", "now_ms", "real_now", "settled", "to_ms", "wall_step_ms"]

_WALL_AT_START_NS = time.time_ns()
_MONOTONIC_AT_START_NS = time.monotonic_ns()


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since 1970 UTC of an aware instant, exactly (no float on the way)."""
    delta = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def from_ms(ms: int) -> datetime:
    """The aware UTC instant of whole milliseconds since 1970."""
    seconds, rest = divmod(ms, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)


def now_ms() -> int:
    """The time of facts, in ms since 1970 UTC."""
    path = os.environ.get("YANXIU_TEST_CLOCK")
    if path and os.environ.get("YANXIU_TESTING") == "1":
        return _told(_contents(path))
    return _steady_ms()


def _contents(path: str) -> bytes:
    """Not through pathlib: the play and many tests ask thousands of times a second."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(file, 64)
    finally:
        os.close(file)


@lru_cache(maxsize=1)
def _told(text: bytes) -> int:
    return to_ms(datetime.fromisoformat(text.decode("ascii").strip()))


def _steady_ms() -> int:
    return (_WALL_AT_START_NS + time.monotonic_ns() - _MONOTONIC_AT_START_NS) // 1_000_000


def settled() -> Callable[[], int]:
    """`now_ms` for a process whose environment stays as it is: outside tests, no look at it at each call."""
    return now_ms if os.environ.get("YANXIU_TESTING") == "1" else _steady_ms


def now() -> datetime:
    """The time of facts, aware, UTC."""
    return from_ms(now_ms())


def real_now() -> datetime:
    """Real time, whatever the test clock says: for sign-in, lockout and expiry of links."""
    return datetime.now(UTC)


def wall_step_ms() -> int:
    """How far the wall clock has moved against the monotonic one since the process started (a step is a ledger fact)."""
    return (time.time_ns() - _WALL_AT_START_NS - (time.monotonic_ns() - _MONOTONIC_AT_START_NS)) // 1_000_000
