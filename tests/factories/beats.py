"""Sessions, beats and POSTs as a player makes them."""

import json
from typing import Any

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.study.intake.sessions import Lesson, Terms, open_session

__all__ = ["KEY", "NOW", "beat", "post", "session", "wire_beat"]

KEY = b"k" * 32
NOW = 1_498_100_000_000  # an instant in June 2017, ms
STEP = 15_000


def session(
    person_id: int = 7,
    *,
    opened_ms: int = NOW - 3_600_000,
    duration_ms: int = 2_400_000,
    kind: str = "video",
    key: bytes = KEY,
) -> tuple[SessionFacts, str]:
    """A session of an hour ago and its token."""
    lesson = Lesson(person_id + 1000, person_id, 3, 4, 1, kind, duration_ms)
    return open_session(lesson, Terms("standard@1", 1.5, STEP, "Asia/Shanghai"), opened_ms, key)


def beat(seq: int, *, p0: int | None = None, device_ms: int = 0) -> Beat:
    """The seq-th fifteen seconds."""
    t0 = seq * STEP
    start = t0 if p0 is None else p0
    return Beat(seq, (MediaSpan(t0, t0 + STEP, start, start + STEP),), device_ms=device_ms)


def wire_beat(seq: int, span: list[int] | None = None, **more: Any) -> dict[str, Any]:
    t0 = seq * STEP
    return {"seq": seq, "spans": [span or [t0, t0 + STEP, t0, t0 + STEP]], "rate": 1.0, "why": "tick"} | more


def post(token: str, *beats: dict[str, Any]) -> bytes:
    return json.dumps({"token": token, "sent": NOW, "beats": beats}).encode()
