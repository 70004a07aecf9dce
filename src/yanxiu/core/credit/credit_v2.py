"""credit_v2: credit_v1, less what presence challenges took and plus what upheld appeals gave back.

Where no challenge was missed and no appeal upheld the result is credit_v1's, cell by cell. A missed challenge subtracts instants of
sessions that are challenged (by policy), before anything is attributed; so the media they showed may be earned again. Earned
again, a lesson never comes to more than it would have with every challenge answered: without that limit, watching at 1x again
what had been watched at 2x would turn a miss into a gain. What exceeds it is given up from the latest earning instant backwards.

Frozen: a change is credit_v3.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from yanxiu.core.credit.claims_v1 import Claims
from yanxiu.core.credit.credit_v1 import settled
from yanxiu.core.credit.presence_v1 import Answered, Asked, Miss, misses
from yanxiu.core.credit.traces import Correction, CountingWindow, Grant, LessonCredit, PersonCredit, SessionTrace
from yanxiu.core.policy import Policy
from yanxiu.core.time.intervals import Interval, subtract, union

__all__ = ["ALGORITHM", "GRANTABLE", "UNPROVEN", "ProvenClaims", "at_most", "credit_person", "missed"]

ALGORITHM = "credit_v2"
UNPROVEN = "unproven"  # the reason of what a missed challenge takes
GRANTABLE = frozenset(
    {UNPROVEN, "no_contact", "corrected"}
)  # reasons an appeal can undo: the others are arithmetic, or class dates


def missed(
    sessions: Iterable[SessionTrace],
    policies: Mapping[str, Policy],
    asked: Sequence[Asked],
    answers: Iterable[Answered],
) -> list[Miss]:
    """The challenges a person missed. Opening any lesson is a proof; presence is what challenged sessions report."""
    if not asked:
        return []
    traces = list(sessions)
    challenged = [trace for trace in traces if policies[trace.facts.policy_id].challenges]
    presence = union(
        (t.facts.opened_at_ms + t0, t.facts.opened_at_ms + t1) for t in challenged for t0, t1, _, _ in t.spans
    )
    openings = [trace.facts.opened_at_ms for trace in traces]
    return misses(asked, answers, openings, presence, [r for trace in challenged for r in trace.receipts])


def credit_person(
    sessions: Iterable[SessionTrace],
    policies: Mapping[str, Policy],
    windows: Mapping[int, CountingWindow] | None = None,
    corrections: Sequence[Correction] = (),
    *,
    missed: Sequence[Miss] = (),
    grants: Sequence[Grant] = (),
) -> PersonCredit:
    """All credit of one person from all their sessions, in all classes. `windows` by enrolment id."""
    traces = list(sessions)
    unproven = union((miss.from_ms, miss.until_ms) for miss in missed)
    credit = settled(ProvenClaims(policies, windows or {}, corrections, (unproven, grants)), traces)
    if not unproven:
        return credit
    answered = settled(ProvenClaims(policies, windows or {}, corrections, ([], grants)), traces)
    return at_most(credit, answered)


class ProvenClaims(Claims):
    """Claims that also subtract what is unproven, and subtract nothing an upheld appeal has granted."""

    def __init__(
        self,
        policies: Mapping[str, Policy],
        windows: Mapping[int, CountingWindow],
        corrections: Sequence[Correction],
        presence: tuple[Sequence[Interval], Sequence[Grant]],
    ) -> None:
        super().__init__(policies, windows, corrections)
        self._unproven, self._grants = presence

    def _subtracted(self, trace: SessionTrace, policy: Policy) -> list[tuple[str, list[Interval]]]:
        found = super()._subtracted(trace, policy)
        if policy.challenges and self._unproven:
            found.append((UNPROVEN, list(self._unproven)))
        whose = (trace.facts.enrolment_id, trace.facts.lesson_id)
        mine = [grant for grant in self._grants if (grant.enrolment_id, grant.lesson_id) == whose]
        if not mine:
            return found
        return [
            (reason, subtract(pieces, [(g.from_ms, g.until_ms) for g in mine if g.reason == reason]))
            for reason, pieces in found
        ]


def at_most(credit: PersonCredit, limit: PersonCredit) -> PersonCredit:
    """No lesson above what it has in `limit`; days give up from the latest backwards."""
    cells, uncounted, lessons = dict(credit.cells), dict(credit.uncounted), dict(credit.lessons)
    for key, lesson in credit.lessons.items():
        excess = lesson.credited_ms - limit.lessons[key].credited_ms
        if excess <= 0:
            continue
        lessons[key] = LessonCredit(lesson.credited_ms - excess, lesson.covered_ms, lesson.duration_ms)
        for day in sorted((cell[3] for cell in cells if cell[:3] == key), reverse=True):
            excess = _give_up(cells, uncounted, (*key, day), excess)
    return PersonCredit(cells, uncounted, lessons)


def _give_up(
    cells: dict[tuple[int, int, int, date], int],
    uncounted: dict[tuple[int, int, date, str], int],
    cell: tuple[int, int, int, date],
    excess: int,
) -> int:
    """Move up to `excess` ms of a cell to "replay"; what is left to move."""
    enrolment, lesson, _version, day = cell
    given = min(excess, cells[cell])
    if given:
        reason = (enrolment, lesson, day, "replay")
        uncounted[reason] = uncounted.get(reason, 0) + given
        cells[cell] -= given
        if not cells[cell]:
            del cells[cell]
    return excess - given
