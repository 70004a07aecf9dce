"""Setting an exam: keys, points, times, who may."""

from datetime import datetime, timedelta

import pytest
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.exams import actions, queries

OPENS = datetime.fromisoformat("2017-07-15T08:00:00+08:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "options", "key", "code"),
    [
        ("oral", ["甲", "乙"], [0], "bad_kind"),
        ("essay", ["甲", "乙"], [], "bad_options"),
        ("essay", [], [0], "bad_key"),
        ("fill_in", [], [], "bad_key"),
        ("fill_in", ["甲", "乙"], ["甲"], "bad_options"),
        ("single", ["甲"], [0], "bad_options"),
        ("single", ["甲", "甲"], [0], "bad_options"),
        ("single", ["甲", " "], [0], "empty"),
        ("true_false", ["甲", "乙", "丙"], [0], "bad_options"),
        ("single", ["甲", "乙"], [0, 1], "bad_key"),
        ("single", ["甲", "乙"], [2], "bad_key"),
        ("multiple", ["甲", "乙"], [], "bad_key"),
    ],
)
def test_a_question_must_make_sense(at: At, kind: str, options: list[str], key: list[int], code: str) -> None:
    world = small_world(1)
    bank = actions.create_bank(world.organiser, name="题库")
    with pytest.raises(Refused) as refusal:
        actions.add_question(world.manager, bank, kind=kind, stem="题干", options=options, key=key)
    assert refusal.value.code == code


@pytest.mark.django_db
def test_a_paper_has_a_hundred_points_possible_times_and_no_question_twice(at: At) -> None:
    world = small_world(1)
    bank = actions.create_bank(world.manager, name="题库")
    one, two = (
        actions.add_question(world.manager, bank, kind="single", stem=stem, options=["甲", "乙"], key=[0])
        for stem in ("一", "二")
    )
    good = {
        "title": "考试", "opens_at": OPENS, "closes_at": OPENS + timedelta(hours=2), "duration_minutes": 60,
        "questions": [(one, 60), (two, 40)],
    }  # fmt: skip
    for change, code in (
        ({"questions": [(one, 60), (two, 39)]}, "bad_points"),
        ({"questions": []}, "bad_points"),
        ({"questions": [(one, 150), (two, -50)]}, "bad_points"),
        ({"questions": [(one, 60), (one, 40)]}, "question_twice"),
        ({"closes_at": OPENS}, "bad_dates"),
        ({"opens_at": OPENS.replace(tzinfo=None), "closes_at": datetime(2017, 7, 16)}, "bad_dates"),
        ({"duration_minutes": 0}, "bad_duration"),
        ({"max_attempts": 0}, "bad_attempts"),
        ({"title": " \u200b "}, "empty"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.schedule_exam(world.manager, world.cls, **(good | change))
        assert refusal.value.code == code
    exam = actions.schedule_exam(world.manager, world.cls, **good)
    assert [row.exam_id for row in queries.exams_of(world.learners[0].viewer, world.cls)] == [exam.pk]


@pytest.mark.django_db
def test_learners_set_no_exams_and_strangers_see_none(at: At) -> None:
    world = small_world(1)
    for viewer in (world.learners[0].viewer, world.tutor, world.auditor, world.stranger):
        with pytest.raises(Refused) as refusal:
            actions.create_bank(viewer, name="题库")
        assert refusal.value.code == "not_allowed"
    with pytest.raises(NotVisible):
        queries.exams_of(world.stranger, world.cls)
