"""Sessions in person: planned, checked in to, marked, confirmed once; what is confirmed counts and what is not does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.attendance import instant, own_ledger, planned
from factories.worlds import At, Learner, World, small_world

from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SYSTEM
from yanxiu.study.digest.actions import digest_once, rebuild
from yanxiu.study.models import CreditCell
from yanxiu.study.queries import credited_by_day, credited_by_enrolment
from yanxiu.training.classes.actions import freeze_class, withdraw_learner
from yanxiu.training.courses.actions import add_to_curriculum, create_lesson
from yanxiu.training.courses.electives.actions import choose_electives, set_elective_window
from yanxiu.training.courses.models import CurriculumItem
from yanxiu.training.courses.queries import catalogue, class_lessons, lesson_for_session
from yanxiu.training.participation.attendance.checking_in import check_in
from yanxiu.training.participation.attendance.codes import shown_code
from yanxiu.training.participation.attendance.confirming import confirm_sheet
from yanxiu.training.participation.attendance.correcting import (
    confirm_correction,
    corrections_of,
    decline_correction,
    propose_correction,
)
from yanxiu.training.participation.attendance.marking import Mark, fill_sheet, save_marks
from yanxiu.training.participation.attendance.models import Attendance, InPersonSession
from yanxiu.training.participation.attendance.planning import Plan, cancel_session, move_session, plan_session
from yanxiu.training.participation.attendance.queries import own_sessions, session_for, sheet, sheet_counts
from yanxiu.training.participation.leave import ask_leave, decide_leave

pytestmark = pytest.mark.django_db
HOUR = 3_600_000
START, AFTER = "2017-06-20T14:00:00+08:00", "2017-06-20T16:00:00+08:00"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteLedger]:
    with own_ledger(tmp_path, monkeypatch) as store:
        yield store


def code_of(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


def checked(learner: Learner, session: InPersonSession, code: str = "") -> Attendance:
    return check_in(learner.viewer, session, learner.enrolment, code=code or shown_code(session).code)


def confirmed(world: World, at: At, session: InPersonSession, **states: str) -> InPersonSession:
    """Everybody present but the learners named (n1="absent")."""
    at(AFTER)
    marks = {
        learner.enrolment.pk: (None, Mark(states.get(f"n{num}", "present"), None, None))
        for num, learner in enumerate(world.learners, start=1)
    }
    save_marks(world.manager, session, marks)
    return confirm_sheet(world.manager, session)


def test_a_session_is_a_lesson_of_this_class_alone(at: At) -> None:
    world = small_world(1)
    session = planned(world)
    lesson = class_lessons(world.cls.pk)[-1]
    assert (lesson.lesson_id, lesson.kind, lesson.media, lesson.duration_ms) == (
        session.lesson_id, "compulsory", "in_person", 2 * HOUR,
    )  # fmt: skip
    assert lesson.course_id not in {row.course_id for row in catalogue().rows}
    with pytest.raises(Refused) as refused:
        add_to_curriculum(SYSTEM, world.other_class, course=session.lesson.course, kind="elective", num=9)
    assert code_of(refused) == "in_person"
    with pytest.raises(Refused) as refused:
        lesson_for_session(world.learners[0].viewer, world.learners[0].enrolment.pk, session.lesson_id)
    assert code_of(refused) == "in_person"
    with pytest.raises(Refused) as refused:
        create_lesson(world.organiser, course=session.lesson.course, num=2, title="x", kind="in_person", duration_ms=1)
    assert code_of(refused) == "bad_kind"


def test_a_plan_that_cannot_be_is_refused(at: At) -> None:
    world = small_world(1)
    planned(world)
    good = Plan("心理课", "钱学礼", "礼堂", "compulsory", instant("2017-06-22 14:00"), instant("2017-06-22 16:00"))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"title": " "}, "empty"), ({"place": ""}, "empty"), ({"lecturer": "李" * 51}, "too_long"), ({"kind": "x"}, "bad_kind"),
        ({"ends_at": instant("2017-06-22 14:00")}, "bad_times"), ({"ends_at": instant("2017-06-23 14:00")}, "bad_times"),
        ({"starts_at": instant("2017-06-09 23:59"), "ends_at": instant("2017-06-10 02:00")}, "bad_times"),
        ({"starts_at": instant("2017-07-21 22:00"), "ends_at": instant("2017-07-22 00:30")}, "bad_times"),
        ({"starts_at": instant("2017-06-20 15:59"), "ends_at": instant("2017-06-20 18:00")}, "overlap"),
    ]  # fmt: skip
    for changes, code in wrong:
        with pytest.raises(Refused) as refused:
            plan_session(world.manager, world.cls, replace(good, **changes))
        assert code_of(refused) == code
    for actor, what in ((world.tutor, Refused), (world.other_manager, NotVisible), (world.learners[0].viewer, Refused)):
        with pytest.raises(what):
            plan_session(actor, world.cls, good)
    # electives side by side are a choice; the same one twice is a double click
    planned(world, title="书法", kind="elective")
    planned(world, title="国画", kind="elective")
    with pytest.raises(Refused, match="书法"):
        planned(world, title="书法", kind="elective")


def test_a_session_is_moved_or_cancelled_until_its_sheet_is_confirmed(at: At, ledger: SqliteLedger) -> None:
    world = small_world(1)
    session = planned(world)
    later = Plan("党史新讲", "孙讲师", "礼堂", "elective", instant("2017-06-20 14:00"), instant("2017-06-20 17:00"))
    moved = move_session(world.manager, session, later)
    assert (moved.place, moved.lesson.title, moved.lesson.duration_ms) == ("礼堂", "党史新讲", 3 * HOUR)
    # what was marked and checked in for another time is no longer believed
    learner = world.learners[0]
    at("2017-06-20T14:30:00+08:00")
    checked(learner, session)
    save_marks(world.manager, session, {learner.enrolment.pk: (None, Mark("late", instant("2017-06-20 14:30")))})
    next_day = replace(later, starts_at=instant("2017-06-21 14:00"), ends_at=instant("2017-06-21 17:00"))
    move_session(world.manager, session, next_day)
    assert [(row.state, row.proposal) for row in sheet(session_for(world.cls, session.uuid)).rows] == [("", "")]
    with pytest.raises(Refused, match="还没有开始"):
        save_marks(world.manager, session, {learner.enrolment.pk: (None, Mark("present"))})
    at("2017-06-21T14:04:00+08:00")
    checked(learner, session)
    earlier = replace(later, starts_at=instant("2017-06-21 12:00"), ends_at=instant("2017-06-21 13:00"))
    move_session(world.manager, session, earlier)
    assert sheet_counts(session_for(world.cls, session.uuid))["known"] == 0  # the check-in came after the new end
    move_session(world.manager, session, next_day)
    at("2017-06-21T14:05:00+08:00")
    assert checked(learner, session).checked_in_at == instant("2017-06-21 14:05")
    cancel_session(world.manager, planned(world, "2017-06-23 09:00"))
    assert [(row.row.title, row.row.kind) for row in own_sessions(world.learners[0].enrolment)] == [
        ("党史新讲", "elective")
    ]
    at("2017-06-21T17:00:00+08:00")
    fill_sheet(world.manager, session, state="present")
    confirm_sheet(world.manager, session)
    for attempt in (
        lambda: move_session(world.manager, session, later),
        lambda: cancel_session(world.manager, session),
    ):
        with pytest.raises(Refused, match="考勤已确认"):
            attempt()


def test_checking_in_takes_the_code_of_the_moment_and_only_then(at: At) -> None:
    world = small_world(2)
    session, learner = planned(world), world.learners[0]
    for moment, code in (("2017-06-20T13:29:59+08:00", "too_early"), (AFTER, "too_late")):
        at(moment)
        with pytest.raises(Refused) as refused:
            checked(learner, session)
        assert code_of(refused) == code
    at("2017-06-20T13:58:10+08:00")
    shown = shown_code(session)
    assert (len(shown.code), shown.seconds) == (6, 20)
    other = planned(world, "2017-06-20 14:30", title="另一讲", kind="elective")
    for wrong in (shown_code(other).code, "", "１２３", "9" * 5000, "\x00"):
        if wrong:
            with pytest.raises(Refused) as refused:
                checked(learner, session, wrong)
            assert code_of(refused) == "wrong_code"
    at("2017-06-20T13:58:59+08:00")  # the turn after
    first = check_in(learner.viewer, session, learner.enrolment, code=f" {shown.code[:3]} {shown.code[3:]}\n")
    at("2017-06-20T15:00:00+08:00")
    assert checked(learner, session, "whatever").checked_in_at == first.checked_in_at  # twice changes nothing
    with pytest.raises(Refused):  # a code of an hour ago
        checked(world.learners[1], session, shown.code)
    with pytest.raises(NotVisible):
        check_in(world.other_learner.viewer, session, world.other_learner.enrolment, code=shown_code(session).code)
    with pytest.raises(NotVisible):  # somebody else's place
        check_in(learner.viewer, session, world.learners[1].enrolment, code=shown_code(session).code)
    assert CreditCell.objects.count() == 0  # 签到 alone counts for nothing


def test_guessing_stops_after_five_wrong_codes_for_ten_minutes(at: At) -> None:
    world = small_world(1)
    session, learner = planned(world), world.learners[0]
    at("2017-06-20T14:01:00+08:00")
    right = shown_code(session).code
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        with pytest.raises(Refused, match="不对"):
            checked(learner, session, wrong)
    with pytest.raises(Refused) as refused:
        checked(learner, session, right)
    assert code_of(refused) == "too_many_codes"
    at("2017-06-20T14:11:00+08:00")
    assert checked(learner, session).checked_in_at is not None


def test_the_sheet_knows_check_ins_and_leave_and_a_confirmed_one_counts(at: At, ledger: SqliteLedger) -> None:
    world = small_world(4)
    session = planned(world)
    on_time, late, away, last = world.learners
    asked = ask_leave(
        away.viewer, away.enrolment, kind="leave", starts_on=date(2017, 6, 20), ends_on=date(2017, 6, 20), reason="开会"
    )
    decide_leave(world.manager, asked, granted=True)
    at("2017-06-20T14:09:00+08:00")
    checked(on_time, session)
    at("2017-06-20T14:23:41+08:00")
    checked(late, session)
    with pytest.raises(Refused, match="还没有结束"):
        confirm_sheet(world.manager, session)
    proposed = [(row.proposal, row.proposed_arrival) for row in sheet(session).rows]
    assert proposed == [("present", None), ("late", instant("2017-06-20 14:23")), ("leave", None), ("", None)]
    at(AFTER)
    with pytest.raises(Refused, match="还有 1 人没有登记：学员4"):
        confirm_sheet(world.manager, session)
    assert fill_sheet(world.manager, session, state="absent") == 4
    confirm_sheet(world.manager, session)
    assert {name: count for name, count in sheet_counts(session).items() if count} == {
        "all": 4, "checked_in": 2, "present": 1, "late": 1, "leave": 1, "absent": 1,
    }  # fmt: skip
    assert digest_once() == 4
    minutes = {pk: ms / 60_000 for pk, ms in credited_by_enrolment(world.cls.pk).items()}
    assert minutes == {on_time.enrolment.pk: 120, late.enrolment.pk: 97}
    assert credited_by_day(late.enrolment.pk) == [(session.lesson_id, date(2017, 6, 20), 97 * 60_000)]
    before = list(CreditCell.objects.order_by("enrolment_id").values_list("enrolment_id", "credited_ms"))
    rebuild()
    assert list(CreditCell.objects.order_by("enrolment_id").values_list("enrolment_id", "credited_ms")) == before
    with pytest.raises(Refused, match="考勤已确认"):
        confirm_sheet(world.manager, session)
    with pytest.raises(Refused, match="不能再签到"):
        checked(last, session)
    assert AuditEntry.objects.get(action="confirm_sheet").details["there"] == 2


def test_marks_are_saved_line_by_line_and_never_over_another_teachers(at: At, ledger: SqliteLedger) -> None:
    world = small_world(2)
    session, (one, two) = planned(world), [learner.enrolment.pk for learner in world.learners]
    at(START)
    late = Mark("late", instant("2017-06-20 14:20"))
    assert save_marks(world.manager, session, {one: (None, late), two: (None, Mark("present"))}) == 2
    assert save_marks(world.manager, session, {one: (late, late)}) == 0
    with pytest.raises(Refused, match="另一位老师刚刚登记过：学员1"):
        save_marks(world.organiser, session, {one: (None, Mark("absent")), two: (Mark("present"), Mark("absent"))})
    assert sheet_counts(session)["absent"] == 0
    assert save_marks(world.organiser, session, {one: (None, late)}) == 1  # both wrote the same
    for wrong, why in (
        (Mark("asleep"), "bad_state"), (Mark("late"), "bad_times"), (Mark("late", instant("2017-06-20 13:00")), "bad_times"),
        (Mark("left_early", None, instant("2017-06-20 18:00")), "bad_times"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            save_marks(world.manager, session, {two: (Mark("present"), wrong)})
        assert code_of(refused) == why
    for pk in (world.other_learner.enrolment.pk, 10**9):
        with pytest.raises(Refused, match="名单有变动"):
            save_marks(world.manager, session, {pk: (None, Mark("present"))})
    with pytest.raises(Refused):
        save_marks(world.tutor, session, {one: (late, Mark("absent"))})


def test_a_correction_takes_two_people_and_gives_the_learner_the_time(at: At, ledger: SqliteLedger) -> None:
    world = small_world(2)
    session, learner = planned(world), world.learners[0]
    confirmed(world, at, session, n1="absent")
    digest_once()
    assert learner.enrolment.pk not in credited_by_enrolment(world.cls.pk)
    right = Mark("left_early", None, instant("2017-06-20 15:30"))
    wanted = {"enrolment_id": learner.enrolment.pk, "mark": right, "reason": "纸质签到表上有签名"}
    made = propose_correction(world.manager, session, **wanted)
    with pytest.raises(Refused) as refused:
        propose_correction(world.organiser, session, **wanted)
    assert code_of(refused) == "proposed"
    for second, why in ((world.manager, "second_person"), (learner.viewer, "not_allowed")):
        with pytest.raises(Refused) as refused:
            confirm_correction(second, world.cls, made.pk)
        assert code_of(refused) == why
    with pytest.raises(NotVisible):
        confirm_correction(world.other_manager, world.other_class, made.pk)
    confirm_correction(world.tutor, world.cls, made.pk)
    with pytest.raises(Refused, match="已更正"):
        decline_correction(world.organiser, world.cls, made.pk)
    digest_once()
    assert credited_by_enrolment(world.cls.pk)[learner.enrolment.pk] == HOUR + HOUR // 2
    kinds = [entry.kind for entry in ledger.of_person(learner.person.pk)]
    assert kinds == ["attendance", "correction", "attendance"]
    row = corrections_of(session)[0]
    assert (row.before, row.after, row.proposed_by, row.second) == ("缺勤", "早退", "周班主", "郑辅导")
    with pytest.raises(Refused, match="一样"):
        propose_correction(world.manager, session, **wanted)
    again = propose_correction(world.manager, session, **(wanted | {"mark": Mark("present")}))
    decline_correction(world.organiser, world.cls, again.pk)
    digest_once()
    assert credited_by_enrolment(world.cls.pk)[learner.enrolment.pk] == HOUR + HOUR // 2


def test_a_frozen_class_takes_no_more_attendance(at: At, ledger: SqliteLedger) -> None:
    world = small_world(1)
    session, learner = planned(world), world.learners[0]
    done = planned(world, "2017-06-19 14:00", title="前一讲")
    at(AFTER)
    fill_sheet(world.manager, done, state="present")
    confirm_sheet(world.manager, done)
    at("2017-07-24T09:00:00+08:00")
    freeze_class(world.manager, world.cls, ledger_position=1)
    change = {"enrolment_id": learner.enrolment.pk, "mark": Mark("absent"), "reason": "记错"}
    for attempt in (
        lambda: planned(world, "2017-06-21 14:00"), lambda: fill_sheet(world.manager, session, state="present"),
        lambda: confirm_sheet(world.manager, session), lambda: propose_correction(world.manager, done, **change),
        lambda: checked(learner, session), lambda: cancel_session(world.manager, session),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            attempt()
        assert code_of(refused) == "class_frozen"


def test_only_those_who_chose_an_elective_are_on_its_sheet(at: At, ledger: SqliteLedger) -> None:
    world = small_world(2)
    session = planned(world, title="书法", kind="elective")
    item = CurriculumItem.objects.get(course=session.lesson.course)
    set_elective_window(
        world.manager, world.cls, opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 12), least=0, most=1
    )
    choose_electives(world.learners[0].viewer, world.learners[0].enrolment, item_ids=[item.pk])
    assert [row.name for row in sheet(session).rows] == ["学员1"]
    assert [len(own_sessions(learner.enrolment)) for learner in world.learners] == [1, 0]
    at(START)
    with pytest.raises(Refused, match="选课单"):
        checked(world.learners[1], session)
    with pytest.raises(Refused, match="不能取消"):
        cancel_session(world.manager, session)


def test_who_has_left_the_class_is_not_expected_but_a_confirmed_line_stays(at: At, ledger: SqliteLedger) -> None:
    world = small_world(3)
    session = planned(world)
    withdraw_learner(world.manager, world.learners[0].enrolment, reason="调动")
    assert [row.name for row in sheet(session).rows] == ["学员2", "学员3"]
    at(AFTER)
    fill_sheet(world.manager, session, state="present")
    confirm_sheet(world.manager, session)
    at("2017-06-21T09:00:00+08:00")
    withdraw_learner(world.manager, world.learners[1].enrolment, reason="调动")
    assert [row.name for row in sheet(session).rows] == ["学员2", "学员3"]
    digest_once()
    assert set(credited_by_enrolment(world.cls.pk).values()) == {2 * HOUR}


def test_a_sheet_takes_the_same_statements_for_two_learners_and_for_six(at: At) -> None:
    counts = []
    world = small_world(6)
    for limit in (2, 6):
        session = planned(world, f"2017-06-2{limit} 14:00", title=f"第{limit}讲")
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert len(sheet(session, limit=limit).rows) == limit
            sheet_counts(session)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_confirming_at_once_one_does(at: At, ledger: SqliteLedger, database_file: Path) -> None:
    world = small_world(2)
    session = planned(world)
    at(AFTER)
    fill_sheet(world.manager, session, state="present")

    def confirm(actor: Any) -> str:
        try:
            confirm_sheet(actor, session)
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "confirmed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, [world.manager, world.organiser])) == ["confirmed", "wrong_state"]
    assert ledger.head()[0] == 2
    assert set(Attendance.objects.values_list("position", flat=True)) == {1, 2}
