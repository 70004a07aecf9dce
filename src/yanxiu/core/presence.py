"""Presence challenges: when they are due, and the id that only we can have issued.

Due moments of a person are a renewal process on the server's clock: gaps drawn evenly from `every`, seeded by
HMAC(key, person, local date, block of k). A day's process runs from a random instant after its midnight to that of the next day, its last
two gaps bridged so that no gap, over midnight either, is shorter or longer than allowed. Nothing is stored to know them, and
nobody without the key can guess them. The digest needs no key: what was asked and answered are facts of the ledger.
"""

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from yanxiu.core.time.windows import day_start_ms, local_day

__all__ = ["QUIET_MS", "challenge_id", "due_of", "dues", "next_due"]

QUIET_MS = 5 * 60_000  # nobody is asked within five minutes of having been asked or having proved presence
_ONE_DAY = timedelta(days=1)
_LONGEST_ID = 64


def _drawn(key: bytes, seed: bytes) -> Iterator[int]:
    """32-bit numbers without end."""
    block = 0
    while True:
        digest = hmac.new(key, b"presence\n%s\n%d" % (seed, block), hashlib.sha256).digest()
        for at in range(0, 32, 4):
            yield int.from_bytes(digest[at : at + 4], "big")
        block += 1


def _within(number: int, low: int, high: int) -> int:
    return low + (number * (high - low + 1) >> 32)


def _process(key: bytes, person_id: int, day: date, zone: str, every: tuple[int, int]) -> tuple[int, Iterator[int]]:
    """The first due moment of a day's process, and the numbers its gaps are drawn from."""
    seed = b"%d\n%s\n%s\n%d-%d" % (person_id, day.isoformat().encode(), zone.encode(), *every)
    drawn = _drawn(key, seed)
    return day_start_ms(day, zone) + _within(next(drawn), 0, every[0]), drawn


@lru_cache(maxsize=1024)
def dues(key: bytes, person_id: int, day: date, zone: str, every: tuple[int, int]) -> tuple[int, ...]:
    """The due moments of a day's process, rising; it ends where the next day's begins (that one not included)."""
    low, high = every
    at, drawn = _process(key, person_id, day, zone, every)
    end, _ = _process(key, person_id, day + _ONE_DAY, zone, every)
    found = [at]
    while end - at > 2 * high:
        at += _within(next(drawn), low, high)
        found.append(at)
    left = end - at
    if left > high:
        first, last = max(low, left - high), min(high, left - low)
        found.append(at + (_within(next(drawn), first, last) if first <= last else left // 2))
    return tuple(found)


def next_due(key: bytes, person_id: int, after_ms: int, zone: str, every: tuple[int, int]) -> int:
    """The first due moment after an instant."""
    day = local_day(after_ms, zone) - _ONE_DAY  # whose process may reach over midnight
    while True:
        found = dues(key, person_id, day, zone, every)
        at = bisect_right(found, after_ms)
        if at < len(found):
            return found[at]
        day += _ONE_DAY


def challenge_id(key: bytes, person_id: int, due_ms: int) -> str:
    """The one-time id of the challenge of a due moment: the moment, and a MAC for this person."""
    mac = hmac.new(key, b"challenge\n%d\n%d" % (person_id, due_ms), hashlib.sha256).hexdigest()
    return f"{due_ms:x}-{mac[:24]}"


def due_of(key: bytes, person_id: int, id_: str) -> int | None:
    """The due moment of an id we could have issued to this person; None for any other text."""
    head, dash, _mac = id_.partition("-")
    if not dash or len(id_) > _LONGEST_ID or not id_.isascii():
        return None
    try:
        due_ms = int(head, 16)
    except ValueError:
        return None
    return due_ms if hmac.compare_digest(challenge_id(key, person_id, due_ms), id_) else None
