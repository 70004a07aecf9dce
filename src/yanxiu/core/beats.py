"""What a browser reports about study: sessions, beats, spans; and the limits a beat must keep."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["LATE_MS", "Beat", "MediaSpan", "SessionFacts", "check", "clamped"]

LATE_MS = 72 * 3600 * 1000  # a beat is accepted this long after the study it reports
SLACK_MS = 5_000  # a span may be this much longer than the cadence
AHEAD_MS = 2_000  # and end this much after its receipt (clock jitter)
MOST_SPANS = 100  # in one beat


class MediaSpan(NamedTuple):
    """A contiguous stretch in which the lesson was visible and advanced linearly.

    [t0, t1) whole ms since the session opened (client's monotonic clock); media went from p0 to p1 (whole ms). A reading
    lesson has no media: p0 = p1 = -1.
    """

    t0: int
    t1: int
    p0: int
    p1: int


class Beat(NamedTuple):
    """One report. (sid, seq) is the idempotency key; nothing in it is a total."""

    seq: int
    spans: tuple[MediaSpan, ...]
    rate: float = 1.0
    why: str = "tick"  # tick pause seek rate hide end leave
    visible: bool = True
    focused: bool = True
    muted: bool = False
    device_ms: int = 0  # device clock when sent, for diagnosis only


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the token of a session says, stored with its first beat."""

    sid: str
    enrolment_id: int
    person_id: int
    class_id: int
    lesson_id: int
    lesson_version: int
    kind: str  # "video" | "reading"
    duration_ms: int
    policy_id: str  # "enaea-2017@1"
    max_rate: float
    cadence_ms: int
    zone: str
    opened_at_ms: int  # server's clock
    expires_at_ms: int


def check(facts: SessionFacts, beat: Beat, received_ms: int, late_ms: int = LATE_MS) -> str | None:
    """Why a beat cannot be taken: "malformed", "span_too_long", "too_fast", "future", "too_late"; None when it can.

    Positions are judged as sent: clamp afterwards, so that clamping cannot make a span that is too fast look slow.
    """
    seq, spans = beat.seq, beat.spans
    if type(seq) is not int or seq < 0 or len(spans) > MOST_SPANS:
        return "malformed"
    ended = 0
    for span in spans:
        if not _well_formed(span, facts.kind) or span.t0 < ended:
            return "malformed"
        ended = span.t1
    for t0, t1, p0, p1 in spans:
        if t1 - t0 > facts.cadence_ms + SLACK_MS:
            return "span_too_long"
        if p1 - p0 > facts.max_rate * (t1 - t0) * 1.02 + 300:
            return "too_fast"
    return _out_of_time(facts.opened_at_ms + ended, received_ms, late_ms) if spans else None


def _out_of_time(ended_ms: int, received_ms: int, late_ms: int) -> str | None:
    if ended_ms > received_ms + AHEAD_MS:
        return "future"
    if ended_ms < received_ms - late_ms:
        return "too_late"
    return None


def _well_formed(span: MediaSpan, kind: str) -> bool:
    t0, t1, p0, p1 = span
    if not (type(t0) is type(t1) is type(p0) is type(p1) is int and 0 <= t0 < t1):
        return False
    if kind == "reading":
        return p0 == p1 == -1
    return 0 <= p0 <= p1


def clamped(span: MediaSpan, facts: SessionFacts) -> MediaSpan:
    """The span with its positions inside the lesson; a reading's stay -1."""
    if facts.kind == "reading" or span.p1 <= facts.duration_ms:
        return span
    return span._replace(p0=min(span.p0, facts.duration_ms), p1=facts.duration_ms)
