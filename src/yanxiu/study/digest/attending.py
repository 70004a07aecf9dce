"""Attendance in the ledger: entered when a sheet is confirmed, put right by a reversing entry that two people sign."""

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from yanxiu.core.attendance.facts import STATES, AttendanceFact
from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.study.digest.gathering import AttendanceBody, CorrectionBody
from yanxiu.study.digest.ports import require_correctors
from yanxiu.study.ports import ledger

__all__ = ["correct_attendance", "enter_attendance"]


def _body(fact: AttendanceFact, actor_id: int) -> bytes:
    """A fact nobody could credit is an error of the caller, not a refusal: it never comes so far."""
    if fact.state not in STATES or not 0 <= fact.until_ms - fact.from_ms <= fact.duration_ms:
        raise ValueError(f"not an attendance: {fact}")
    body = AttendanceBody(
        fact.class_id, fact.enrolment_id, fact.lesson_id, fact.lesson_version, fact.state, fact.from_ms, fact.until_ms,
        fact.duration_ms, fact.zone, actor_id,
    )  # fmt: skip
    return msgspec.json.encode(body)


def enter_attendance(actor_id: int, facts: Sequence[AttendanceFact]) -> list[int]:
    """All of a sheet in one commit; their positions, once they are on disk. Raises NotStored, then none is stored.

    Entered twice (somebody died between this and their own records) it counts once: the latest entry of an enrolment and
    lesson stands.
    """
    found = [("attendance", fact.person_id, _body(fact, actor_id)) for fact in facts]
    first = ledger().append_facts(found, clock.now_ms())
    return list(range(first, first + len(found)))


def correct_attendance(fact: AttendanceFact, *, reverses: int, proposed_by: int, second: int) -> int:
    """Reverse the entry at that position and enter what is right instead, in one commit; the position of the new entry."""
    if second == proposed_by:
        raise Refused("second_person", _("更正考勤须由另一人复核，不能由同一人办理。"), field="second")
    if fact.person_id in {proposed_by, second}:
        raise Refused("own_study", _("不能更正自己的考勤。"), field="person_id")
    require_correctors(proposed_by, second, fact.class_id)
    reversal = CorrectionBody("recording_error", proposed_by, second, reverses=reverses)
    facts = [
        ("correction", fact.person_id, msgspec.json.encode(reversal)),
        ("attendance", fact.person_id, _body(fact, proposed_by)),
    ]
    return ledger().append_facts(facts, clock.now_ms()) + 1
