"""Attendance in the ledger: entered when a sheet is confirmed, put right by a reversing entry that two people sign."""

from collections.abc import Sequence

import msgspec
from django.utils.translation import gettext as _

from yanxiu.core.attendance.facts import STATES, AttendanceFact
from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.study.digest.gathering import AttendanceBody, CorrectionBody
from yanxiu.study.ports import ledger

__all__ = ["correct_attendance", "enter_attendance"]

_attendance = msgspec.json.Decoder(AttendanceBody).decode


def _body(fact: AttendanceFact, actor_id: int, key: str) -> bytes:
    """A fact nobody could credit is an error of the caller, not a refusal: it never comes so far."""
    if fact.state not in STATES or not 0 <= fact.until_ms - fact.from_ms <= fact.duration_ms:
        raise ValueError(f"not an attendance: {fact}")
    body = AttendanceBody(
        fact.class_id, fact.enrolment_id, fact.lesson_id, fact.lesson_version, fact.state, fact.from_ms, fact.until_ms,
        fact.duration_ms, fact.zone, actor_id, key,
    )  # fmt: skip
    return msgspec.json.encode(body)


def _entered(key: str, person_id: int) -> int:
    """Where the person's attendance under that key is in the ledger; 0 where it is not."""
    of_person = (entry for entry in ledger().of_person(person_id) if entry.kind == "attendance")
    return next((entry.position for entry in of_person if key and _attendance(entry.body).key == key), 0)


def enter_attendance(actor_id: int, facts: Sequence[AttendanceFact], *, key: str = "") -> list[int]:
    """All of a sheet in one commit; their positions, once they are on disk. Raises NotStored, then none is stored.

    Under a key once only (whoever died between this and their own records asks again; two at once are theirs to keep apart).
    Without one it counts once all the same: the latest entry of an enrolment and lesson stands.
    """
    if not facts:
        return []
    first = _entered(key, facts[0].person_id)
    if not first:
        found = [("attendance", fact.person_id, _body(fact, actor_id, key)) for fact in facts]
        first = ledger().append_facts(found, clock.now_ms())
    return list(range(first, first + len(facts)))


def correct_attendance(fact: AttendanceFact, *, reverses: int, proposed_by: int, second: int, key: str = "") -> int:
    """Reverse the entry at that position and enter what is right instead, in one commit; the position of the new entry. Under a
    key once only. Whether the two may was asked when the second of them signed.
    """
    if second == proposed_by:
        raise Refused("second_person", _("更正考勤须由另一人复核，不能由同一人办理。"), field="second")
    if fact.person_id in {proposed_by, second}:
        raise Refused("own_study", _("不能更正自己的考勤。"), field="person_id")
    if there := _entered(key, fact.person_id):
        return there
    reversal = CorrectionBody("recording_error", proposed_by, second, reverses=reverses)
    facts = [
        ("correction", fact.person_id, msgspec.json.encode(reversal)),
        ("attendance", fact.person_id, _body(fact, proposed_by, key)),
    ]
    return ledger().append_facts(facts, clock.now_ms()) + 1
