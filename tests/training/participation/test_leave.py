"""请假、缓考、延期: asked for, decided with words, and done."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from factories.exams import make_exam
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.telling import tell_untold
from yanxiu.training.classes.queries import counting_windows
from yanxiu.training.courses.queries import lesson_for_session
from yanxiu.training.exams.actions import start_attempt
from yanxiu.training.notices.models import Notice
from yanxiu.training.participation.leave import ask_leave, decide_leave, withdraw_leave
from yanxiu.training.participation.models import LeaveRequest
from yanxiu.training.participation.queries import leave_for, leave_of_class, own_leave

pytestmark = pytest.mark.django_db
LEAVE = {"kind": "leave", "starts_on": date(2017, 6, 20), "ends_on": date(2017, 6, 21), "reason": "学校有事"}


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def test_a_request_is_asked_once_decided_once_and_answered_with_words(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    asked = ask_leave(learner.viewer, learner.enrolment, **LEAVE)
    assert ask_leave(learner.viewer, learner.enrolment, **LEAVE).pk == asked.pk  # a double click
    assert code_of(lambda: decide_leave(world.manager, asked, granted=False)) == "empty"
    decide_leave(world.manager, asked, granted=False, answer="请另择时间")
    assert code_of(lambda: decide_leave(world.manager, asked, granted=True)) == "wrong_state"
    assert code_of(lambda: withdraw_leave(learner.viewer, asked)) == "wrong_state"
    (row,) = own_leave(learner.enrolment)
    assert (row.state, row.answer, row.decided_by) == ("refused", "请另择时间", "周班主")
    tell_untold()
    (told,) = Notice.objects.filter(person=learner.person)
    assert (told.kind, told.place) == ("decision", "affairs")


def test_only_the_managers_decide_and_only_the_asker_takes_back(at: At) -> None:
    world = small_world(2)
    learner, other = world.learners
    asked = ask_leave(learner.viewer, learner.enrolment, **LEAVE)
    for viewer in (learner.viewer, world.tutor, world.auditor):
        assert code_of(lambda viewer=viewer: decide_leave(viewer, asked, granted=True)) == "not_allowed"
    for viewer in (world.other_manager, world.stranger):
        with pytest.raises(NotVisible):
            decide_leave(viewer, asked, granted=True)
    for viewer in (other.viewer, world.manager):
        with pytest.raises(NotVisible):
            withdraw_leave(viewer, asked)
    with pytest.raises(NotVisible):
        ask_leave(other.viewer, learner.enrolment, **LEAVE)
    with pytest.raises(NotVisible):
        leave_for(world.other_class, asked.uuid)
    assert withdraw_leave(learner.viewer, asked).state == "withdrawn"
    assert withdraw_leave(learner.viewer, asked).state == "withdrawn"
    assert [row.state for row in leave_of_class(world.auditor, world.cls).rows] == ["withdrawn"]
    assert leave_of_class(world.manager, world.cls, state="asked").rows == ()


def test_an_extension_moves_the_last_day_of_one_learner_alone(at: At) -> None:
    world = small_world(2)
    first, second = world.learners
    asked = ask_leave(
        first.viewer,
        first.enrolment,
        kind="extension",
        starts_on=date(2017, 7, 20),
        ends_on=date(2017, 7, 31),
        reason="支教",
    )
    decide_leave(world.manager, asked, granted=True)
    ends = {window.enrolment_id: window.ends for window in counting_windows(world.cls.pk)}
    assert ends[first.enrolment.pk] == datetime.fromisoformat("2017-08-01T00:00:00+08:00")
    assert ends[second.enrolment.pk] == datetime.fromisoformat("2017-07-22T00:00:00+08:00")
    at("2017-07-31T23:59:59+08:00")
    assert lesson_for_session(first.viewer, first.enrolment.pk, world.lessons[0].pk)
    assert (
        code_of(lambda: lesson_for_session(second.viewer, second.enrolment.pk, world.lessons[0].pk))
        == "class_window_closed"
    )
    at("2017-08-01T00:00:00+08:00")
    assert (
        code_of(lambda: lesson_for_session(first.viewer, first.enrolment.pk, world.lessons[0].pk))
        == "class_window_closed"
    )


def test_a_deferral_opens_the_exam_to_one_learner_on_other_days(at: At) -> None:
    world = small_world(2)
    first, second = world.learners
    exam = make_exam(world)  # 15 July, eight to six
    asked = ask_leave(
        first.viewer, first.enrolment, kind="deferral", exam_id=exam.pk, starts_on=date(2017, 7, 18),
        ends_on=date(2017, 7, 19), reason="防汛值班",
    )  # fmt: skip
    decide_leave(world.manager, asked, granted=True, answer="同意")
    at("2017-07-18T09:00:00+08:00")
    assert start_attempt(first.viewer, exam, first.enrolment).state == "started"
    with pytest.raises(Refused):
        start_attempt(second.viewer, exam, second.enrolment)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": date(2017, 6, 19)}, "bad_dates"),
        ({"ends_on": date(2019, 6, 19)}, "bad_dates"),
        ({"starts_on": date(2017, 6, 1)}, "bad_dates"),
        ({"kind": "holiday"}, "bad_kind"),
        ({"kind": "deferral"}, "no_exam"),
        ({"kind": "deferral", "exam_id": 999}, "no_exam"),
        ({"kind": "extension"}, "bad_dates"),
        ({"reason": " "}, "empty"),
        ({"reason": "长" * 301}, "too_long"),
    ],
)
def test_a_request_that_means_nothing_is_refused_and_leaves_nothing(
    at: At, change: dict[str, object], code: str
) -> None:
    world = small_world(1)
    learner = world.learners[0]
    asked = {**LEAVE, **change}
    assert code_of(lambda: ask_leave(learner.viewer, learner.enrolment, **asked)) == code  # type: ignore[arg-type]  # mixed on purpose
    assert LeaveRequest.objects.count() == 0


def test_nobody_waits_with_more_than_ten_requests(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    for day in range(1, 11):
        ask_leave(
            learner.viewer,
            learner.enrolment,
            **{**LEAVE, "starts_on": date(2017, 7, day), "ends_on": date(2017, 7, day)},
        )
    assert code_of(lambda: ask_leave(learner.viewer, learner.enrolment, **LEAVE)) == "too_many"
