"""What credit is computed from and what comes out: the same shapes for every version of the algorithm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yanxiu.core.beats import SessionFacts

__all__ = ["Attended", "Correction", "CountingWindow", "Grant", "LessonCredit", "PersonCredit", "SessionTrace", "Span"]

Span = tuple[int, int, int, int]  # t0, t1, p0, p1 as in core.beats.MediaSpan


@dataclass(frozen=True, slots=True)
class SessionTrace:
    """Everything the ledger holds about one session: what it reported, and when the server heard of it."""

    facts: SessionFacts
    spans: Sequence[Span]
    receipts: Sequence[int]  # server's clock, ms; the opening is a contact of its own


@dataclass(frozen=True, slots=True)
class CountingWindow:
    """From when until when study of an enrolment counts (registration … withdrawal or closing of the class)."""

    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A reversing entry: study in [from_ms, until_ms) does not count; for one enrolment, or (None) for the person."""

    from_ms: int
    until_ms: int
    enrolment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """An appeal upheld: for this reason nothing is subtracted from study of the lesson in [from_ms, until_ms)."""

    from_ms: int
    until_ms: int
    enrolment_id: int
    lesson_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class Attended:
    """Attendance of a session in person, as confirmed: present in [from_ms, until_ms). One of each enrolment and lesson."""

    enrolment_id: int
    lesson_id: int
    lesson_version: int
    from_ms: int
    until_ms: int
    duration_ms: int  # of the whole session
    zone: str


@dataclass(frozen=True, slots=True)
class LessonCredit:
    """One enrolment's standing in one version of a lesson."""

    credited_ms: int
    covered_ms: int
    duration_ms: int


@dataclass(frozen=True)
class PersonCredit:
    """Credit of one person. Every reported ms is in exactly one cell: credited, or uncounted with its reason."""

    cells: Mapping[tuple[int, int, int, date], int]  # enrolment, lesson, version, day -> ms
    uncounted: Mapping[tuple[int, int, date, str], int]  # enrolment, lesson, day, reason -> ms
    lessons: Mapping[tuple[int, int, int], LessonCredit] = field(default_factory=dict)

    @property
    def total_ms(self) -> int:
        """All credit of the person."""
        return sum(self.cells.values())

    def by_reason(self) -> dict[str, int]:
        """Uncounted ms of the person by reason."""
        sums: dict[str, int] = {}
        for (_, _, _, reason), ms in self.uncounted.items():
            sums[reason] = sums.get(reason, 0) + ms
        return sums

    def of_enrolment(self, enrolment_id: int) -> Iterator[tuple[int, int, date, int]]:
        """(lesson, version, day, ms) of one enrolment."""
        for (enrolment, lesson, version, day), ms in self.cells.items():
            if enrolment == enrolment_id:
                yield lesson, version, day, ms
