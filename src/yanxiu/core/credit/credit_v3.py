"""credit_v3: credit_v2, united with attendance in person.

Where nobody attended anything the result is credit_v2's, cell by cell. An instant that a session in person holds counts there and
nowhere else: whoever is in the room is not at the screen. It is taken from study on a screen before anything is attributed, so
the media shown meanwhile may be earned again, as after a missed challenge.

Frozen: a change is credit_v4.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from yanxiu.core.credit import credit_v2
from yanxiu.core.credit.attendance_v1 import IN_PERSON, presence
from yanxiu.core.credit.credit_v1 import settled
from yanxiu.core.credit.credit_v2 import GRANTABLE, ProvenClaims, at_most, missed
from yanxiu.core.credit.presence_v1 import Miss
from yanxiu.core.credit.traces import Attended, Correction, CountingWindow, Grant, PersonCredit, SessionTrace
from yanxiu.core.policy import Policy
from yanxiu.core.time.intervals import Interval, union

__all__ = ["ALGORITHM", "GRANTABLE", "IN_PERSON", "credit_person", "missed"]

ALGORITHM = "credit_v3"
Key = TypeVar("Key")


def credit_person(
    sessions: Iterable[SessionTrace],
    policies: Mapping[str, Policy],
    windows: Mapping[int, CountingWindow] | None = None,
    corrections: Sequence[Correction] = (),
    *,
    missed: Sequence[Miss] = (),
    grants: Sequence[Grant] = (),
    attended: Sequence[Attended] = (),
) -> PersonCredit:
    """All credit of one person from all their sessions, on screens and in rooms, in all classes."""
    if not attended:
        return credit_v2.credit_person(sessions, policies, windows, corrections, missed=missed, grants=grants)
    limits, traces = windows or {}, list(sessions)
    unproven = union((miss.from_ms, miss.until_ms) for miss in missed)
    there = presence(attended, limits, corrections, grants)

    def on_screens(taken: Sequence[Interval]) -> PersonCredit:
        claims = _Claims(policies, limits, corrections, (taken, grants))
        claims.held = there.held
        return settled(claims, traces)

    credit = on_screens(unproven)
    if unproven:
        credit = at_most(credit, on_screens([]))
    return PersonCredit(
        _both(credit.cells, there.cells), _both(credit.uncounted, there.uncounted), {**credit.lessons, **there.lessons}
    )


def _both(some: Mapping[Key, int], more: Mapping[Key, int]) -> dict[Key, int]:
    return {key: some.get(key, 0) + more.get(key, 0) for key in {**some, **more}}


class _Claims(ProvenClaims):
    """Claims that also subtract what sessions in person hold; no appeal can undo that, it is arithmetic."""

    held: Sequence[Interval] = ()

    def _subtracted(self, trace: SessionTrace, policy: Policy) -> list[tuple[str, list[Interval]]]:
        found = super()._subtracted(trace, policy)
        return [*found, (IN_PERSON, list(self.held))] if self.held else found
