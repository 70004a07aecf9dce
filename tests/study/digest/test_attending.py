"""Attendance from a real ledger file to credit rows: united with study on a screen, corrected, rebuilt."""

from dataclasses import replace
from datetime import date

import pytest
from study.digest.test_digest import OPENED, STEP, facts, ledger, rows, study

from yanxiu.core.attendance.facts import AttendanceFact, BadTimes, presence_of
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.kit.errors import Refused
from yanxiu.study import queries
from yanxiu.study.digest import actions
from yanxiu.study.digest.attending import correct_attendance, enter_attendance
from yanxiu.study.digest.queries import credit_as_of
from yanxiu.study.models import CreditCell

pytestmark = pytest.mark.django_db
__all__ = ["ledger"]
HOUR = 3_600_000
DAY = date(2017, 6, 22)


def there(
    person: int, lesson: int = 20, state: str = "present", begins: int = OPENED, lasts: int = 2 * HOUR
) -> AttendanceFact:
    from_ms, until_ms = presence_of(state, (begins, begins + lasts), begins + HOUR // 2)
    return AttendanceFact(person, 1, person, lesson, 1, state, from_ms, until_ms, lasts, "Asia/Shanghai")


def test_a_confirmed_sheet_counts_and_a_rebuild_gives_the_same_rows(ledger: SqliteLedger) -> None:
    positions = enter_attendance(
        50, [there(1), there(2, state="late"), there(3, state="absent"), there(4, state="leave")]
    )
    assert positions == [1, 2, 3, 4]
    assert actions.digest_once() == 4
    digested = rows()
    assert digested == ([(1, 20, DAY, 2 * HOUR), (2, 20, DAY, HOUR + HOUR // 2)], [])
    assert set(CreditCell.objects.values_list("algorithm", flat=True)) == {"credit_v3"}
    actions.rebuild()
    assert rows() == digested
    assert sum(row.credited_ms for row in credit_as_of(1, ledger.head()[0])) == 3 * HOUR + HOUR // 2


def test_nobody_is_in_the_room_and_at_the_screen_and_both_give_one_total(ledger: SqliteLedger) -> None:
    """Ten spans of 30 s from 09:00; the session began 09:02: the room has them from there on."""
    study(ledger, facts(1, "a"), range(10))
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {1: 10 * STEP}
    enter_attendance(50, [there(1, begins=OPENED + 4 * STEP)])
    actions.digest_once()
    assert rows() == ([(1, 1, DAY, 4 * STEP), (1, 20, DAY, 2 * HOUR)], [(1, 1, DAY, "in_person", 6 * STEP)])
    assert queries.credited_by_enrolment(1) == {1: 2 * HOUR + 4 * STEP}
    # what was on the screen meanwhile may be earned afterwards
    study(ledger, facts(1, "b", opened=OPENED + 3 * HOUR), range(10))
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {1: 2 * HOUR + 10 * STEP}


def test_entered_twice_after_a_crash_it_counts_once_and_the_latest_stands(ledger: SqliteLedger) -> None:
    enter_attendance(50, [there(1)])
    enter_attendance(50, [there(1, state="late")])
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {1: HOUR + HOUR // 2}
    enter_attendance(50, [there(1, state="absent")])
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {}


def test_a_correction_reverses_the_entry_and_names_two_people(ledger: SqliteLedger) -> None:
    position = enter_attendance(50, [there(1)])[0]
    right = there(1, state="late")
    for proposed_by, second, why in ((50, 50, "second_person"), (1, 50, "own_study"), (50, 1, "own_study")):
        with pytest.raises(Refused) as refused:
            correct_attendance(right, reverses=position, proposed_by=proposed_by, second=second)
        assert refused.value.code == why
    again = correct_attendance(right, reverses=position, proposed_by=50, second=51)
    assert [(e.position, e.kind) for e in ledger.of_person(1)] == [
        (1, "attendance"),
        (2, "correction"),
        (again, "attendance"),
    ]
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {1: HOUR + HOUR // 2}
    correct_attendance(there(1, state="absent"), reverses=again, proposed_by=50, second=51)
    actions.digest_once()
    assert queries.credited_by_enrolment(1) == {}


def test_what_no_session_could_hold_never_enters_the_ledger(ledger: SqliteLedger) -> None:
    for wrong in (
        replace(there(1), state="asleep"),
        replace(there(1), until_ms=OPENED + 3 * HOUR),
        replace(there(1), until_ms=OPENED - 1),
    ):
        with pytest.raises(ValueError, match="not an attendance"):
            enter_attendance(50, [there(2), wrong])
    assert ledger.head()[0] == 0


@pytest.mark.parametrize(
    ("state", "arrived", "left", "found"),
    [
        ("present", 20, 40, (10, 110)), ("absent", 20, 40, (10, 10)), ("leave", None, None, (10, 10)),
        ("late", 30, None, (30, 110)), ("late", 30, 60, (30, 60)), ("left_early", None, 60, (10, 60)),
        ("late", None, None, "arrived"), ("late", 9, None, "arrived"), ("late", 110, None, "arrived"),
        ("left_early", None, None, "left"), ("left_early", None, 10, "left"), ("left_early", 30, 30, "left"),
        ("left_early", None, 111, "left"), ("late", 30, 120, "left"),
    ],
)  # fmt: skip
def test_presence_lies_inside_the_session(
    state: str, arrived: int | None, left: int | None, found: tuple[int, int] | str
) -> None:
    if isinstance(found, str):
        with pytest.raises(BadTimes) as bad:
            presence_of(state, (10, 110), arrived, left)
        assert bad.value.which == found
    else:
        assert presence_of(state, (10, 110), arrived, left) == found
