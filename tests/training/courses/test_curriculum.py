"""The catalogue and a class's curriculum."""

import pytest
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.courses import actions, queries

pytestmark = pytest.mark.django_db


def test_the_lessons_of_a_class_come_in_curriculum_order(at: At) -> None:
    world = small_world()
    rows = queries.class_lessons(world.cls.pk)
    assert [(r.kind, r.lesson_title, r.media) for r in rows] == [
        ("compulsory", "党章学习第1讲", "video"),
        ("compulsory", "党章学习第2讲", "reading"),
        ("elective", "学校管理第1讲", "video"),
        ("elective", "学校管理第2讲", "reading"),
    ]
    assert queries.class_lessons(world.other_class.pk) == []


def test_a_session_opens_for_the_learners_own_enrolment_only(at: At) -> None:
    world = small_world()
    mine, theirs = world.learners[0], world.learners[1]
    row = queries.lesson_for_session(mine.viewer, mine.enrolment.pk, world.lessons[0].pk)
    assert (row.class_id, row.person_id, row.version, row.zone) == (world.cls.pk, mine.person.pk, 1, "Asia/Shanghai")
    for viewer, enrolment_id, lesson_id in (
        (mine.viewer, theirs.enrolment.pk, world.lessons[0].pk),
        (mine.viewer, 999_999, world.lessons[0].pk),
        (mine.viewer, mine.enrolment.pk, 999_999),
        (world.other_learner.viewer, world.other_learner.enrolment.pk, world.lessons[0].pk),
        (world.manager, mine.enrolment.pk, world.lessons[0].pk),
    ):
        with pytest.raises(NotVisible):
            queries.lesson_for_session(viewer, enrolment_id, lesson_id)


def test_no_session_before_the_first_day_or_after_the_last(at: At) -> None:
    world = small_world()
    mine = world.learners[0]
    for instant, code in (
        ("2017-06-09T23:59:59.999+08:00", "class_not_started"),
        ("2017-07-22T00:00:00+08:00", "class_window_closed"),
    ):
        at(instant)
        with pytest.raises(Refused) as refusal:
            queries.lesson_for_session(mine.viewer, mine.enrolment.pk, world.lessons[0].pk)
        assert refusal.value.code == code
    at("2017-07-21T23:59:59.999+08:00")
    assert queries.lesson_for_session(mine.viewer, mine.enrolment.pk, world.lessons[0].pk).kind == "video"


def test_a_course_enters_a_curriculum_once(at: At) -> None:
    world = small_world()
    course = world.lessons[0].course
    with pytest.raises(Refused) as refusal:
        actions.add_to_curriculum(world.manager, world.cls, course=course, kind="elective", num=9)
    assert refusal.value.code == "course_taken"


def test_a_learner_writes_neither_catalogue_nor_curriculum(at: At) -> None:
    world = small_world()
    learner = world.learners[0].viewer
    with pytest.raises(Refused) as refusal:
        actions.create_field(learner, key="mine", name="我的")
    assert refusal.value.code == "not_allowed"
    with pytest.raises(Refused):
        actions.add_to_curriculum(learner, world.cls, course=world.lessons[0].course, kind="elective", num=9)
    with pytest.raises(NotVisible):
        actions.add_to_curriculum(world.stranger, world.cls, course=world.lessons[0].course, kind="elective", num=9)


def test_a_new_file_is_a_new_version(at: At) -> None:
    world = small_world()
    lesson = actions.replace_lesson_file(world.organiser, world.lessons[0], duration_ms=1000)
    assert (lesson.version, lesson.duration_ms) == (2, 1000)
    with pytest.raises(Refused):
        actions.replace_lesson_file(world.organiser, world.lessons[0], duration_ms=0)


def test_the_catalogue_pages_by_cursor(at: At) -> None:
    small_world()
    first = queries.catalogue(limit=1)
    second = queries.catalogue(limit=1, after=first.next)
    assert [r.title for r in first.rows + second.rows] == ["党章学习", "学校管理"]
    assert second.next is None
    with pytest.raises(Refused) as refusal:
        queries.catalogue(after="%%%")
    assert refusal.value.code == "bad_cursor"
