"""Learners who did everything the class of the 2017 report asks for, through the real actions; a class frozen on it."""

from datetime import date

from factories.exams import KEYS, make_exam
from factories.remembered import remembered
from factories.worlds import At, Learner, World, small_world

from yanxiu.study.models import CreditCell
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.discussion.actions import open_round, publish_post
from yanxiu.training.exams.actions import save_answer, start_attempt, submit_attempt
from yanxiu.training.outcomes import actions as outcomes

__all__ = ["credit", "freeze", "passed_class"]

MINUTE = 60_000


def credit(world: World, learner: Learner, minutes: int, *, lesson: int = 0, day: date = date(2017, 6, 12)) -> None:
    """Credited minutes as the digest would have written them."""
    CreditCell.objects.create(
        class_id=world.cls.pk, enrolment_id=learner.enrolment.pk, person_id=learner.person.pk,
        lesson_id=world.lessons[lesson].pk, lesson_version=1, day=day, credited_ms=minutes * MINUTE,
        algorithm="credit_v1",
    )  # fmt: skip


def passed_class(at: At, passing: int, failing: int = 1) -> World:
    """`passing` learners who did everything, and some who only registered; two rounds and an exam; not frozen yet."""
    return remembered(("passed_class", passing, failing), lambda: _passed_class(at, passing, failing))


def _passed_class(at: At, passing: int, failing: int) -> World:
    world = small_world(passing + failing)
    rounds = [
        open_round(
            world.manager, world.cls, num=n, theme=f"题{n}", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
        )
        for n in (1, 2)
    ]
    exam = make_exam(world)
    for learner in world.learners[:passing]:
        at("2017-06-25T10:00:00+08:00")
        credit(world, learner, 901)
        credit(world, learner, 30, lesson=2)
        for each in rounds:
            publish_post(learner.viewer, each, body="微党课要从身边的事讲起。")
        draft = outcomes.save_outcome_draft(learner.viewer, learner.enrolment, title="做法", body="正文")
        outcomes.submit_outcome(learner.viewer, draft)
        outcomes.submit_thought_report(learner.viewer, learner.enrolment, title="汇报", body="正文")
        at("2017-07-15T08:00:00+08:00")
        attempt = start_attempt(learner.viewer, exam, learner.enrolment)
        for num, choice in KEYS.items():
            save_answer(learner.viewer, attempt, num=num, choice=choice)
        submit_attempt(learner.viewer, attempt)
    return world


def freeze(world: World, at: At) -> None:
    at("2017-07-24T09:00:00+08:00")
    world.cls = freeze_class(world.manager, world.cls, ledger_position=0)
