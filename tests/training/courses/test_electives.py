"""选课: inside its window, within its numbers, and the last place goes to one person."""

from collections.abc import Callable
from datetime import date

import pytest
from factories.worlds import At, World, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.training.courses.electives.actions import choose_electives, set_elective_window
from yanxiu.training.courses.electives.queries import choosing, chosen_courses, undecided
from yanxiu.training.courses.models import CurriculumItem
from yanxiu.training.courses.queries import lesson_for_session

pytestmark = pytest.mark.django_db
DAYS = {"opens_on": date(2017, 6, 12), "closes_on": date(2017, 6, 14)}


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def elective(world: World) -> CurriculumItem:
    return CurriculumItem.objects.get(training_class=world.cls, kind="elective")


def test_without_a_window_every_elective_is_everybodys(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    assert choosing(world.cls, learner.enrolment) is None
    assert chosen_courses(learner.enrolment) is None
    assert (
        lesson_for_session(learner.viewer, learner.enrolment.pk, world.lessons[2].pk).lesson_id == world.lessons[2].pk
    )
    assert code_of(lambda: choose_electives(learner.viewer, learner.enrolment, item_ids=[])) == "no_window"


def test_a_choice_is_made_inside_the_window_and_replaces_the_one_before(at: At) -> None:
    world = small_world(2)
    learner, item = world.learners[0], elective(world)
    set_elective_window(world.manager, world.cls, **DAYS, least=0, most=1)
    choose = lambda ids: choose_electives(learner.viewer, learner.enrolment, item_ids=ids)  # noqa: E731  (a verb, said often)
    assert code_of(lambda: choose([item.pk])) == "window_closed"
    at("2017-06-14T23:59:59+08:00")  # the whole last day
    assert choose([item.pk]) == [item.pk]
    assert choose([item.pk]) == [item.pk]
    assert chosen_courses(learner.enrolment) == {item.course_id}
    assert choose([]) == []
    at("2017-06-15T00:00:00+08:00")
    assert code_of(lambda: choose([item.pk])) == "window_closed"
    assert choose_electives(world.manager, learner.enrolment, item_ids=[item.pk]) == [item.pk]  # the manager may
    entries = AuditEntry.objects.filter(action="choose_electives").count()
    assert entries == 3  # the same choice again left none
    assert [row.name for row in undecided(world.manager, world.cls).rows] == [world.learners[1].person.name]


def test_what_was_not_chosen_is_not_timed(at: At) -> None:
    world = small_world(1)
    learner, item = world.learners[0], elective(world)
    set_elective_window(
        world.manager, world.cls, opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 14), least=0, most=1
    )
    open_ = lambda n: lesson_for_session(learner.viewer, learner.enrolment.pk, world.lessons[n].pk)  # noqa: E731  (as above)
    assert open_(0).lesson_id == world.lessons[0].pk  # compulsory
    assert code_of(lambda: open_(2)) == "not_chosen"
    choose_electives(learner.viewer, learner.enrolment, item_ids=[item.pk])
    assert open_(2).lesson_id == world.lessons[2].pk


def test_the_last_place_goes_to_one_person(at: At) -> None:
    world = small_world(2)
    first, second = world.learners
    set_elective_window(
        world.manager, world.cls, opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 14), least=1, most=1, places=1
    )
    ids = [elective(world).pk]
    choose_electives(first.viewer, first.enrolment, item_ids=ids)
    assert code_of(lambda: choose_electives(second.viewer, second.enrolment, item_ids=ids)) == "full"
    seen = choosing(world.cls, second.enrolment)
    assert seen is not None
    assert [(row.taken, row.left, row.is_mine) for row in seen.rows] == [(1, 0, False)]


def test_hostile_and_mistaken_choices_are_refused_in_words(at: At) -> None:
    world = small_world(1)
    learner, other = world.learners[0], world.other_learner
    bad = {"least": 2, "most": 1}
    assert code_of(lambda: set_elective_window(world.manager, world.cls, **DAYS, **bad)) == "bad_numbers"
    assert code_of(lambda: set_elective_window(world.manager, world.cls, **DAYS, least=0, most=9)) == "bad_numbers"
    assert code_of(lambda: set_elective_window(world.tutor, world.cls, **DAYS, least=0, most=1)) == "not_allowed"
    late = {"opens_on": date(2017, 6, 10), "closes_on": date(2017, 7, 22)}
    assert code_of(lambda: set_elective_window(world.manager, world.cls, **late, least=0, most=1)) == "bad_dates"
    set_elective_window(world.manager, world.cls, **DAYS, least=1, most=1)
    at("2017-06-12T08:00:00+08:00")
    compulsory = CurriculumItem.objects.get(training_class=world.cls, kind="compulsory").pk
    foreign = CurriculumItem.objects.filter(training_class=world.other_class, kind="elective").values_list(
        "pk", flat=True
    )
    for ids in ([compulsory], [999_999], list(foreign)[:1]):
        if ids:
            assert (
                code_of(lambda ids=ids: choose_electives(learner.viewer, learner.enrolment, item_ids=ids))
                == "no_such_course"
            )
    assert code_of(lambda: choose_electives(learner.viewer, learner.enrolment, item_ids=[])) == "bad_count"
    with pytest.raises(NotVisible):
        choose_electives(other.viewer, learner.enrolment, item_ids=[elective(world).pk])
