"""When study of an enrolment counts."""

from datetime import datetime

import pytest
from factories.worlds import At, small_world

from yanxiu.people.queries import SYSTEM
from yanxiu.training.classes import actions
from yanxiu.training.classes.queries import counting_windows

pytestmark = pytest.mark.django_db


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def test_study_counts_from_registration_to_the_end_of_the_last_day(at: At) -> None:
    world = small_world()
    windows = {w.enrolment_id: w for w in counting_windows(world.cls.pk)}
    mine = windows[world.learners[0].enrolment.pk]
    assert mine.person_id == world.learners[0].person.pk
    assert (mine.starts, mine.ends) == (world.learners[0].enrolment.registered_at, instant("2017-07-22T00:00:00"))
    assert world.other_learner.enrolment.pk not in windows


def test_a_withdrawal_ends_it_there_and_the_enrolment_stays_named(at: At) -> None:
    world = small_world()
    at("2017-06-22T09:00:00+08:00")
    learner = world.learners[0]
    actions.withdraw_learner(world.manager, learner.enrolment, reason="调离")
    ends = {w.enrolment_id: w.ends for w in counting_windows(world.cls.pk)}
    assert ends[learner.enrolment.pk] == instant("2017-06-22T09:00:00")
    assert ends[world.learners[1].enrolment.pk] == instant("2017-07-22T00:00:00")


def test_make_up_study_lifts_the_end_until_the_class_is_frozen(at: At) -> None:
    world = small_world()
    at("2017-07-23T09:00:00+08:00")
    cls = actions.change_state(SYSTEM, world.cls, "makeup")
    assert {w.ends for w in counting_windows(cls.pk)} == {None}
    at("2017-08-01T09:00:00+08:00")
    actions.freeze_class(SYSTEM, cls, ledger_position=0)
    assert {w.ends for w in counting_windows(cls.pk)} == {instant("2017-08-01T09:00:00")}
