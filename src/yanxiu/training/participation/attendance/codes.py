"""签到码: six digits on the screen of the room, another every half minute. Nothing is stored: whoever has our key can tell."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from yanxiu.core.time import clock
from yanxiu.training.participation.attendance.models import InPersonSession

__all__ = ["EARLY", "Shown", "is_right", "shown_code"]

EARLY = timedelta(minutes=30)  # the code is shown, and taken, from then before the beginning until the end
TURN_MS = 30_000
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """`seconds` until the next one; each is taken one turn longer than it is shown."""

    code: str
    seconds: int


def _code(session: InPersonSession, turn: int) -> str:
    digest = salted_hmac("yanxiu.attendance", f"{session.uuid} {turn}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def shown_code(session: InPersonSession) -> Shown:
    """What the screen shows now."""
    turn, past = divmod(clock.now_ms(), TURN_MS)
    return Shown(_code(session, turn), -(-(TURN_MS - past) // 1000))


def is_right(session: InPersonSession, typed: str) -> bool:
    """Of this session, shown now or in the turn before."""
    turn = clock.now_ms() // TURN_MS
    return any(constant_time_compare(typed, _code(session, each)) for each in (turn, turn - 1))
