"""What of a lesson a learner has had on screen, read from the ledger: where to go on, and the bar under the player."""

from dataclasses import dataclass

import msgspec

from yanxiu.core.beats import SessionFacts
from yanxiu.core.time.intervals import Interval
from yanxiu.study.ports import NotStored, ledger

__all__ = ["Shown", "shown_of"]


@dataclass(frozen=True, slots=True)
class Shown:
    """`seen`: disjoint stretches of the media in ms; `last_ms`: the position shown last; `frontier_ms`: see `shown_of`."""

    seen: tuple[Interval, ...] = ()
    last_ms: int = 0
    frontier_ms: int = 0


class _Body(msgspec.Struct):
    spans: list[tuple[int, int, int, int]]


_facts = msgspec.json.Decoder(SessionFacts).decode
_body = msgspec.json.Decoder(_Body).decode


def shown_of(person_id: int, enrolment_id: int, lesson_id: int, version: int, slack_ms: int = 0) -> Shown:
    """Of one version of a lesson. What was shown need not have earned: that is for the digest to say.

    The frontier is how far a learner has come without leaving out more than `slack_ms` (first-view seek).
    """
    opened: dict[str, int] = {}
    spans: list[tuple[int, int, int, int]] = []  # when it ended, when it began, p0, p1
    try:
        for entry in ledger().of_person(person_id):
            if entry.kind == "session":
                facts = _facts(entry.body)
                if (facts.enrolment_id, facts.lesson_id, facts.lesson_version) == (enrolment_id, lesson_id, version):
                    opened[entry.sid] = facts.opened_at_ms
            elif entry.kind == "beat" and entry.sid in opened:
                at = opened[entry.sid]
                spans += [(at + t1, at + t0, p0, p1) for t0, t1, p0, p1 in _body(entry.body).spans if p0 >= 0]
    except NotStored:  # the ledger is away: the page says what it can
        return Shown()
    return Shown(_united(spans), max(spans)[3] if spans else 0, _frontier(spans, slack_ms))


def _united(spans: list[tuple[int, int, int, int]]) -> tuple[Interval, ...]:
    whole: list[Interval] = []
    for *_when, p0, p1 in sorted(spans, key=lambda span: span[2]):
        if whole and p0 <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], p1))
        elif p0 < p1:
            whole.append((p0, p1))
    return tuple(whole)


def _frontier(spans: list[tuple[int, int, int, int]], slack_ms: int) -> int:
    reached = 0
    for *_when, p0, p1 in sorted(spans, key=lambda span: span[2]):
        if p0 > reached + slack_ms:
            break
        reached = max(reached, p1)
    return reached
