"""attendance_v1: presence in a room. An instant belongs to one session at most: nobody is in two places.

Of several sessions that claim an instant, the one begun latest has it (ties: the higher enrolment, then lesson). What lies outside
the enrolment's window, or was corrected, is nobody's: it takes nothing away from study on a screen either.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yanxiu.core.credit.traces import Attended, Correction, CountingWindow, Grant, LessonCredit
from yanxiu.core.time.intervals import Interval, intersect, measure, subtract, union
from yanxiu.core.time.windows import split_days

__all__ = ["IN_PERSON", "Presence", "presence"]

IN_PERSON = "in_person"  # the reason of what a session in person takes from everything else
NEVER = 1 << 62


@dataclass
class Presence:
    """The same shapes as PersonCredit's; `held`: every instant attributed to a session in person."""

    cells: dict[tuple[int, int, int, date], int] = field(default_factory=dict)
    uncounted: dict[tuple[int, int, date, str], int] = field(default_factory=dict)
    lessons: dict[tuple[int, int, int], LessonCredit] = field(default_factory=dict)
    held: list[Interval] = field(default_factory=list)

    def lose(self, fact: Attended, pieces: Iterable[Interval], reason: str) -> None:
        """These pieces of the fact do not count."""
        for a, b in pieces:
            for day, x, y in split_days(a, b, fact.zone):
                key = (fact.enrolment_id, fact.lesson_id, day, reason)
                self.uncounted[key] = self.uncounted.get(key, 0) + y - x

    def hold(self, fact: Attended, pieces: Sequence[Interval]) -> None:
        """These do."""
        lesson = (fact.enrolment_id, fact.lesson_id, fact.lesson_version)
        for a, b in pieces:
            for day, x, y in split_days(a, b, fact.zone):
                self.cells[*lesson, day] = self.cells.get((*lesson, day), 0) + y - x
        self.lessons[lesson] = LessonCredit(measure(pieces), measure(pieces), fact.duration_ms)
        self.held = union([*self.held, *pieces])


def _barred(
    fact: Attended, window: CountingWindow, corrections: Iterable[Correction], grants: Iterable[Grant]
) -> list[tuple[str, list[Interval]]]:
    """What cannot count whatever else the person did, by reason, the first one taking precedence."""
    mine = [g for g in grants if (g.enrolment_id, g.lesson_id) == (fact.enrolment_id, fact.lesson_id)]
    found: list[tuple[str, list[Interval]]] = [
        ("before_open", [] if window.from_ms is None else [(-NEVER, window.from_ms)]),
        ("after_close", [] if window.until_ms is None else [(window.until_ms, NEVER)]),
        (
            "corrected",
            [(c.from_ms, c.until_ms) for c in corrections if c.enrolment_id in {None, fact.enrolment_id}],
        ),
    ]
    return [
        (reason, subtract(pieces, [(g.from_ms, g.until_ms) for g in mine if g.reason == reason]))
        for reason, pieces in found
    ]


def presence(
    attended: Iterable[Attended],
    windows: Mapping[int, CountingWindow],
    corrections: Sequence[Correction] = (),
    grants: Sequence[Grant] = (),
) -> Presence:
    """All sessions in person of one person, in all classes. The order in which they are told changes nothing."""
    found = Presence()
    for fact in sorted(attended, key=lambda f: (f.from_ms, f.enrolment_id, f.lesson_id), reverse=True):
        rest = union([(fact.from_ms, fact.until_ms)])
        window = windows.get(fact.enrolment_id, CountingWindow())
        for reason, pieces in _barred(fact, window, corrections, grants):
            found.lose(fact, intersect(rest, pieces), reason)
            rest = subtract(rest, pieces)
        found.lose(fact, intersect(rest, found.held), IN_PERSON)
        found.hold(fact, subtract(rest, found.held))
    return found
