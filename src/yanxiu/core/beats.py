"""What a browser reports about study: sessions, beats, spans; and the limits a beat must keep."""

from dataclasses import dataclass

__all__ = ["Beat", "MediaSpan", "SessionFacts"]


@dataclass(frozen=True, slots=True)
class MediaSpan:
    """A contiguous stretch in which the lesson was visible and advanced linearly.

    [t0, t1) whole ms since the session opened (client's monotonic clock); media went from p0 to p1 (whole ms). A reading
    lesson has no media: p0 = p1 = -1.
    """

    t0: int
    t1: int
    p0: int
    p1: int


@dataclass(frozen=True, slots=True)
class Beat:
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
