"""Sitting an exam: the server's clock, attempts, answers, marking."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from factories.exams import KEYS, make_exam
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.exams import actions, queries
from yanxiu.training.exams.models import ExamAnswer, ExamAttempt

pytestmark = pytest.mark.django_db

OPEN = "2017-07-15T08:00:00+08:00"


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (KEYS, 100),
        ({}, 0),
        ({1: [1]}, 50),
        ({1: [0], 2: [0, 2], 3: [0]}, 50),
        ({2: [0]}, 0),
        ({2: [0, 1, 2]}, 0),
        ({2: [2, 0], 3: [1]}, 30),
    ],
)
def test_a_paper_is_marked_from_what_was_saved(at: At, answers: dict[int, list[int]], score: int) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    for num, choice in answers.items():
        actions.save_answer(learner.viewer, attempt, num=num, choice=choice)
    at("2017-07-15T08:59:59.999+08:00")
    assert actions.submit_attempt(learner.viewer, attempt) == score
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("submitted", score)
    assert attempt.submitted_at is not None


def test_no_start_before_or_after_the_exam(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    for instant, code in (
        ("2017-07-15T07:59:59.999+08:00", "window_not_open"),
        ("2017-07-15T18:00:00+08:00", "window_closed"),
    ):
        at(instant)
        assert code_of(lambda: actions.start_attempt(learner.viewer, exam, learner.enrolment)) == code


def test_starting_again_gives_the_same_attempt_and_no_more_time(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    first = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    at("2017-07-15T08:30:00+08:00")
    again = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    assert (again.pk, again.deadline_at) == (first.pk, first.deadline_at)


def test_an_attempt_never_lasts_beyond_the_exam(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at("2017-07-15T17:45:00+08:00")
    assert actions.start_attempt(learner.viewer, exam, learner.enrolment).deadline_at == exam.closes_at


def test_a_late_submit_or_answer_is_refused_and_the_attempt_is_spent(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    actions.save_answer(learner.viewer, attempt, num=1, choice=[1])
    at("2017-07-15T09:00:00+08:00")
    assert code_of(lambda: actions.submit_attempt(learner.viewer, attempt)) == "attempt_over"
    assert code_of(lambda: actions.save_answer(learner.viewer, attempt, num=1, choice=[0])) == "attempt_over"
    second = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    assert second.num == 2
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("expired", None)


def test_attempts_run_out(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world, max_attempts=2), world.learners[0]
    at(OPEN)
    for num in (1, 2):
        attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
        assert attempt.num == num
        actions.submit_attempt(learner.viewer, attempt)
    assert code_of(lambda: actions.start_attempt(learner.viewer, exam, learner.enrolment)) == "attempts_used_up"


def test_a_repeated_submit_gives_the_same_score_once(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    actions.save_answer(learner.viewer, attempt, num=1, choice=[1])
    assert [actions.submit_attempt(learner.viewer, attempt) for _ in range(3)] == [50, 50, 50]
    assert AuditEntry.objects.filter(action="submit_attempt").count() == 1
    assert code_of(lambda: actions.save_answer(learner.viewer, attempt, num=1, choice=[0])) == "already_submitted"


def test_answers_are_idempotent(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    for choice in ([2, 0], [0, 2], [0, 2]):
        actions.save_answer(learner.viewer, attempt, num=2, choice=choice)
    assert ExamAnswer.objects.count() == AuditEntry.objects.filter(action="save_answer").count() == 1


@pytest.mark.parametrize(
    ("num", "choice", "code"),
    [
        (1, [0, 1], "bad_choice"),
        (1, [3], "bad_choice"),
        (1, [-1], "bad_choice"),
        (2, [0, 0], "bad_choice"),
        (2, [True], "bad_choice"),
        (2, ["0"], "bad_choice"),
        (9, [0], "no_such_question"),
    ],
)
def test_impossible_answers_are_refused(at: At, num: int, choice: list[int], code: str) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    assert code_of(lambda: actions.save_answer(learner.viewer, attempt, num=num, choice=choice)) == code
    assert not ExamAnswer.objects.exists()


def test_the_key_is_in_no_row_a_learner_gets(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    saved = actions.save_answer(learner.viewer, attempt, num=1, choice=[2])
    rows = queries.paper(learner.viewer, attempt)
    assert set(asdict(rows[0])) == {"num", "kind", "stem", "options", "points", "choice", "text", "version"}
    assert set(asdict(saved)) == {"num", "choice", "saved_at", "text", "version", "fate", "message"}
    assert [row.choice for row in rows] == [(2,), (), ()]


def test_nobody_touches_an_attempt_of_somebody_else(at: At) -> None:
    world = small_world(2)
    exam, (mine, theirs) = make_exam(world), world.learners
    at(OPEN)
    attempt = actions.start_attempt(theirs.viewer, exam, theirs.enrolment)
    for viewer in (mine.viewer, world.manager, world.stranger, world.other_learner.viewer):
        for do in (
            lambda viewer=viewer: actions.submit_attempt(viewer, attempt),
            lambda viewer=viewer: actions.save_answer(viewer, attempt, num=1, choice=[0]),
            lambda viewer=viewer: actions.start_attempt(viewer, exam, theirs.enrolment),
            lambda viewer=viewer: queries.paper(viewer, attempt),
            lambda viewer=viewer: queries.attempt_for(viewer, str(attempt.uuid)),
        ):
            with pytest.raises(NotVisible):
                do()
    outsider = world.other_learner
    with pytest.raises(NotVisible):
        actions.start_attempt(outsider.viewer, exam, outsider.enrolment)


def test_overdue_attempts_are_closed_by_the_manager(at: At) -> None:
    world = small_world(2)
    exam = make_exam(world)
    at(OPEN)
    for learner in world.learners:
        actions.start_attempt(learner.viewer, exam, learner.enrolment)
    assert actions.expire_attempts(world.manager, exam) == 0
    at("2017-07-15T09:00:00+08:00")
    assert actions.expire_attempts(world.manager, exam) == 2
    assert set(ExamAttempt.objects.values_list("state", flat=True)) == {"expired"}


def test_a_frozen_class_takes_no_answers(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    freeze_class(world.manager, world.cls, ledger_position=0)
    for do in (
        lambda: actions.save_answer(learner.viewer, attempt, num=1, choice=[1]),
        lambda: actions.submit_attempt(learner.viewer, attempt),
        lambda: actions.start_attempt(learner.viewer, exam, learner.enrolment),
    ):
        assert code_of(do) == "class_frozen"
