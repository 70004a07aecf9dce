"""Resit, deferral, what happens at the deadline, and when the key may leave the server."""

from collections.abc import Callable
from datetime import datetime

import pytest
from factories.exams import make_drawn_exam, make_exam
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.record.assessment.queries import class_facts
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.exams import actions, queries
from yanxiu.training.exams.actions import Terms
from yanxiu.training.exams.models import ExamAttempt

pytestmark = pytest.mark.django_db
OPEN, RESIT = "2017-07-15T08:00:00+08:00", "2017-07-18T08:00:00+08:00"


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


RESITS = Terms(resit=(when(RESIT), when("2017-07-18T20:00:00+08:00")))


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def test_a_resit_is_for_those_below_the_pass_mark_once_and_counts_as_a_later_attempt(at: At) -> None:
    world = small_world(3)
    exam = make_exam(world, max_attempts=1, terms=RESITS)
    failed, passed, absent = world.learners
    at(OPEN)
    for learner, choices in ((failed, {1: [1]}), (passed, {1: [1], 2: [0, 2]})):
        attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
        for num, choice in choices.items():
            actions.save_answer(learner.viewer, attempt, num=num, choice=choice)
        actions.submit_attempt(learner.viewer, attempt)
    at("2017-07-17T08:00:00+08:00")
    assert code_of(lambda: actions.start_attempt(failed.viewer, exam, failed.enrolment)) == "window_not_open"
    at(RESIT)
    assert code_of(lambda: actions.start_attempt(passed.viewer, exam, passed.enrolment)) == "resit_not_needed"
    for learner in (failed, absent):
        resit = actions.start_attempt(learner.viewer, exam, learner.enrolment)
        assert resit.sitting == "resit"
        actions.submit_attempt(learner.viewer, resit)
        assert (
            code_of(lambda learner=learner: actions.start_attempt(learner.viewer, exam, learner.enrolment))
            == "attempts_used_up"
        )
    nums = [fact.num for facts in class_facts(world.cls).values() for fact in facts.facts if fact.metric == "exam"]
    assert sorted(nums) == [1, 1, 2, 2]  # a first appearance in the resit is capped as a resit too
    at("2017-07-18T20:00:00+08:00")
    assert code_of(lambda: actions.start_attempt(absent.viewer, exam, absent.enrolment)) == "window_closed"


def test_a_resit_waits_for_essays_being_marked(at: At) -> None:
    world = small_world(1)
    exam, learner = make_drawn_exam(world, terms=RESITS), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    essay = queries.paper(learner.viewer, attempt)[-1]
    actions.save_answer(learner.viewer, attempt, num=essay.num, text="一篇")
    actions.submit_attempt(learner.viewer, attempt)
    at(RESIT)
    assert code_of(lambda: actions.start_attempt(learner.viewer, exam, learner.enrolment)) == "still_marking"


def test_the_windows_of_a_resit_make_sense_and_one_begun_only_ends_later(at: At) -> None:
    world = small_world(1)
    exam = make_exam(world)
    opens, closes = when(RESIT), when("2017-07-18T20:00:00+08:00")
    for begin, end in ((closes, opens), (when(OPEN), closes), (opens.replace(tzinfo=None), closes)):
        assert (
            code_of(lambda begin=begin, end=end: actions.set_resit(world.manager, exam, opens_at=begin, closes_at=end))
            == "bad_dates"
        )
    assert code_of(lambda: actions.set_resit(world.tutor, exam, opens_at=opens, closes_at=closes)) == "not_allowed"
    actions.set_resit(world.manager, exam, opens_at=opens, closes_at=closes)
    at("2017-07-18T09:00:00+08:00")
    later = when("2017-07-19T20:00:00+08:00")
    assert code_of(lambda: actions.set_resit(world.manager, exam, opens_at=closes, closes_at=later)) == "wrong_state"
    assert actions.set_resit(world.manager, exam, opens_at=opens, closes_at=later).resit_closes_at == later


def test_a_deferral_is_one_learners_own_window_and_no_resit(at: At) -> None:
    world = small_world(2)
    exam = make_exam(world)
    mine, other = world.learners
    at("2017-07-16T08:00:00+08:00")
    until = when("2017-07-17T08:00:00+08:00")
    for viewer, code in ((world.tutor, "not_allowed"), (mine.viewer, "not_allowed")):
        assert code_of(lambda viewer=viewer: actions.defer(viewer, mine.enrolment, exam, until)) == code
    with pytest.raises(NotVisible):
        actions.defer(world.manager, world.other_learner.enrolment, exam, until)
    assert code_of(lambda: actions.defer(world.manager, mine.enrolment, exam, when(OPEN))) == "bad_dates"
    actions.defer(world.manager, mine.enrolment, exam, until, reason="住院")
    assert code_of(lambda: actions.start_attempt(other.viewer, exam, other.enrolment)) == "window_closed"
    at("2017-07-17T07:30:00+08:00")
    attempt = actions.start_attempt(mine.viewer, exam, mine.enrolment)
    assert (attempt.sitting, attempt.deadline_at) == ("deferred", until)
    actions.submit_attempt(mine.viewer, attempt)
    row = queries.learner_exam(world.cls, mine.enrolment, exam.uuid)
    assert (row.state, row.ahead) == ("open", None)  # of two attempts one is left
    nums = [fact.num for facts in class_facts(world.cls).values() for fact in facts.facts if fact.metric == "exam"]
    assert nums == [1]
    entry = AuditEntry.objects.get(action="defer_exam")
    assert "住院" not in str(entry.details)


def test_a_deferral_that_finds_no_attempt_left_is_not_ahead_and_a_resit_is(at: At) -> None:
    world = small_world(1)
    mine = world.learners[0]
    exam = make_exam(world, max_attempts=1, terms=RESITS)
    at(OPEN)
    actions.defer(
        world.manager,
        mine.enrolment,
        exam,
        when("2017-07-17T08:00:00+08:00"),
        opens_at=when("2017-07-16T08:00:00+08:00"),
    )
    row = queries.learner_exam(world.cls, mine.enrolment, exam.uuid)
    assert row.ahead is not None
    assert row.ahead.sitting == "deferred"
    actions.submit_attempt(mine.viewer, actions.start_attempt(mine.viewer, exam, mine.enrolment))
    row = queries.learner_exam(world.cls, mine.enrolment, exam.uuid)
    assert row.ahead is not None
    assert (row.state, row.ahead.sitting) == ("ahead", "resit")


def test_at_the_deadline_an_attempt_expires_or_is_handed_in_as_the_exam_says(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    found = {}
    for counts in (False, True):
        at("2017-06-10T08:00:00+08:00")
        exam = make_exam(world, terms=Terms(expired_counts=counts))
        at(OPEN)
        attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
        actions.save_answer(learner.viewer, attempt, num=1, choice=[1])
        at("2017-07-15T09:00:00+08:00")
        assert actions.close_overdue() == 1
        assert actions.close_overdue() == 0
        attempt.refresh_from_db()
        found[counts] = (attempt.state, attempt.score, attempt.is_auto, attempt.submitted_at == attempt.deadline_at)
    assert found == {False: ("expired", None, False, False), True: ("submitted", 50, True, True)}
    assert AuditEntry.objects.filter(action="auto_submit_attempt", actor_id=None).count() == 1


def test_a_submit_after_the_servers_own_gets_its_score(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world, terms=Terms(expired_counts=True)), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    actions.save_answer(learner.viewer, attempt, num=1, choice=[1])
    at("2017-07-15T10:00:00+08:00")
    assert actions.submit_attempt(learner.viewer, attempt) == 50
    assert ExamAttempt.objects.get().is_auto


def test_in_a_frozen_class_the_clock_ends_nothing_any_more(at: At) -> None:
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    at(OPEN)
    actions.start_attempt(learner.viewer, exam, learner.enrolment)
    freeze_class(world.manager, world.cls, ledger_position=0)
    at("2017-07-15T10:00:00+08:00")
    assert actions.close_overdue() == 0


@pytest.mark.parametrize(
    ("policy", "instant", "released", "is_out"),
    [
        ("never", "2017-07-30T00:00:00+08:00", True, False),
        ("after_close", "2017-07-18T19:59:59+08:00", False, False),
        ("after_close", "2017-07-18T20:00:00+08:00", False, True),
        ("after_marking", "2017-07-30T00:00:00+08:00", False, False),
        ("after_marking", "2017-07-30T00:00:00+08:00", True, True),
    ],
)
def test_the_key_leaves_only_when_nobody_can_sit_any_more_and_the_policy_says_so(
    at: At, policy: str, instant: str, released: bool, is_out: bool
) -> None:
    world = small_world(1)
    exam = make_exam(world, terms=Terms(review=policy, resit=RESITS.resit))
    learner = world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    actions.save_answer(learner.viewer, attempt, num=2, choice=[0])
    actions.submit_attempt(learner.viewer, attempt)
    at(instant)
    if released:
        actions.release_exam(world.manager, exam)
    own = queries.attempt_for(learner.viewer, attempt.uuid)
    if not is_out:
        assert code_of(lambda: queries.review(learner.viewer, own)) == "no_review"
        return
    rows = queries.review(learner.viewer, own)
    assert [(r.right, r.shown.choice, r.earned) for r in rows] == [((1,), (), 0), ((0, 2), (0,), 0), ((0,), (), 0)]
    until = when("2017-08-01T08:00:00+08:00")
    assert code_of(lambda: actions.defer(world.manager, learner.enrolment, exam, until)) == "wrong_state"


def test_a_deferral_keeps_the_key_inside_for_everybody(at: At) -> None:
    world = small_world(2)
    exam = make_exam(world, terms=Terms(review="after_close"))
    mine, other = world.learners
    at(OPEN)
    attempt = actions.start_attempt(mine.viewer, exam, mine.enrolment)
    actions.submit_attempt(mine.viewer, attempt)
    actions.defer(world.manager, other.enrolment, exam, when("2017-07-20T08:00:00+08:00"))
    at("2017-07-19T08:00:00+08:00")
    own = queries.attempt_for(mine.viewer, attempt.uuid)
    assert code_of(lambda: queries.review(mine.viewer, own)) == "no_review"
