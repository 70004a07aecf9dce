"""One learner at one session, as confirmed by the class manager: ids, quantities and times only."""

from dataclasses import dataclass

__all__ = ["STATES", "THERE", "AttendanceFact", "BadTimes", "presence_of"]

THERE = frozenset({"present", "late", "left_early"})
STATES = frozenset({*THERE, "leave", "absent"})


class BadTimes(ValueError):
    """`which`: "arrived" or "left", missing where the state asks for it, or outside the session."""

    def __init__(self, which: str) -> None:
        super().__init__(which)
        self.which = which


@dataclass(frozen=True, slots=True)
class AttendanceFact:
    """Present in [from_ms, until_ms), both the session's beginning for somebody who was not. `duration_ms`: of the session."""

    person_id: int
    class_id: int
    enrolment_id: int
    lesson_id: int
    lesson_version: int
    state: str
    from_ms: int
    until_ms: int
    duration_ms: int
    zone: str


def presence_of(
    state: str, session: tuple[int, int], arrived_ms: int | None = None, left_ms: int | None = None
) -> tuple[int, int]:
    """[from, until) of somebody in that state at a session [starts, ends). Late asks for an arrival, 早退 for a leaving.

    Whoever is present was there from beginning to end; who came before the beginning was there from the beginning.
    """
    starts, ends = session
    if state not in THERE:
        return starts, starts
    if state == "present":
        return starts, ends
    if (state == "late" and arrived_ms is None) or (arrived_ms is not None and not starts <= arrived_ms < ends):
        raise BadTimes("arrived")
    from_ms = starts if arrived_ms is None else arrived_ms
    if (state == "left_early" and left_ms is None) or (left_ms is not None and not from_ms < left_ms <= ends):
        raise BadTimes("left")
    return from_ms, ends if left_ms is None else left_ms
