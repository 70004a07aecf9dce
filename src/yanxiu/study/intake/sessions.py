"""Opening a session of study: pure, the facts come from whoever has looked them up."""

import secrets
from dataclasses import dataclass

from yanxiu.core import tokens
from yanxiu.core.beats import LATE_MS, SessionFacts

__all__ = ["Lesson", "Terms", "open_session"]

LONGEST_MS = 24 * 3600 * 1000  # a page left open longer than this starts a new session


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is studied, by whom, in which class."""

    enrolment_id: int
    person_id: int
    class_id: int
    lesson_id: int
    version: int
    kind: str  # "video" | "reading"
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What the class's policy says of a session opened now; never changed afterwards."""

    policy_id: str
    max_rate: float
    cadence_ms: int
    zone: str


def open_session(lesson: Lesson, terms: Terms, opened_at_ms: int, key: bytes) -> tuple[SessionFacts, str]:
    """The facts of a new session and its token. The token outlives the session by the time a late beat is accepted."""
    facts = SessionFacts(
        sid=secrets.token_hex(12),
        enrolment_id=lesson.enrolment_id,
        person_id=lesson.person_id,
        class_id=lesson.class_id,
        lesson_id=lesson.lesson_id,
        lesson_version=lesson.version,
        kind=lesson.kind,
        duration_ms=lesson.duration_ms,
        policy_id=terms.policy_id,
        max_rate=terms.max_rate,
        cadence_ms=terms.cadence_ms,
        zone=terms.zone,
        opened_at_ms=opened_at_ms,
        expires_at_ms=opened_at_ms + LONGEST_MS + LATE_MS,
    )
    return facts, tokens.mint(facts, key)
