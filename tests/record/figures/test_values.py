"""The fifteen figures of a small class, worked out by hand; measure(rows) = value; the same number of statements at any size."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.worlds import World, small_world
from record.figures.trapped import trapped_class

from yanxiu.core.evidence import canonical, digest
from yanxiu.core.figures import figure_of_rows
from yanxiu.record.figures.queries import (
    definitions,
    evidence,
    figure_value,
    figure_values,
    invariants,
    measured,
    profile_names,
    shown_values,
)
from yanxiu.training.classes import actions as classes
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.discussion import actions as discussion

pytestmark = pytest.mark.django_db
At = Callable[[str], None]

# Registered: One to Four; Five withdrew, Six is only nominated. Seats: 7 + 4 + 4 = 15.
EXPECTED = {
    "registered_count": (4, 4),
    "registration_rate": (26, 4 + 3),  # 4 ÷ 15 = 26.66…; evidence: four learners and three quotas
    # 1,830,000 + 600,500 + 89,999 = 2,520,499 ms = 42.008 minutes; not Five's, not self-study, not the other class
    "compulsory_minutes": (42, 3),
    "elective_minutes": (3, 2),  # 119,999 + 60,001 = 180,000 ms; floored learner by learner it would be 1 + 1
    "mean_minutes": (11, 5 + 4),  # 2,700,499 ms ÷ 4 learners = 11.25 minutes (÷ 3 who studied = 15)
    "outcome_submitters": (2, 3),  # One (twice) and Two; Three a draft, Four withdrawn
    "outcome_count": (3, 3),  # the resubmission is still one
    "outcome_authors_commented": (1, 2),  # One, by Two and the tutor; Two only by himself, and removed
    "exam_submitters": (2, 5),  # One three times, Two twice; Three ran out of time
    "exam_absentees": (2, 2),  # Three and Four
    "exam_mean": (83, 2),  # (67 + 100) ÷ 2 = 83.5; last attempts would give 50, absentees as zeros 41
    "discussion_required": (12, 8),  # 4 × 1 + 4 × 2
    "discussion_posters": (3, 4),  # round 1: One (twice), Two; round 2: One
    "discussion_replies": (3, 3),  # Two twice, One once; not the tutor's, removed, Five's, late
    "announcement_count": (2, 2),  # first and last minute of the class
}


@pytest.fixture
def world(at: At) -> World:
    return trapped_class(at)


def test_the_fifteen_figures_are_those_worked_out_by_hand(world: World) -> None:
    values = figure_values(world.cls)
    assert {key: (v.number, v.evidence_count) for key, v in values.items()} == EXPECTED
    assert list(values) == list(EXPECTED)  # in printed order


def test_what_a_page_shows_is_the_same_figure_without_its_evidence_put_together(world: World) -> None:
    whole = figure_values(world.cls)
    assert shown_values(world.cls) == {key: replace(value, evidence_digest="") for key, value in whole.items()}
    for key, value in whole.items():
        assert figure_value(world.cls, key, most=value.evidence_count) == value
        assert figure_value(world.cls, key, most=value.evidence_count - 1) == replace(value, evidence_digest="")


def test_rounding_half_up_is_another_profile(world: World) -> None:
    world.cls.figure_profile = "half-up"
    values = figure_values(world.cls)
    assert {key: v.number for key, v in values.items() if v.number != EXPECTED[key][0]} == {
        "registration_rate": 27,  # 26.66…
        "exam_mean": 84,  # 83.5
    }


def test_every_figure_equals_the_measure_of_its_own_rows(world: World) -> None:
    for key, value in figure_values(world.cls).items():
        rows = evidence(world.cls, key)
        again = figure_of_rows(value.definition, rows)
        assert (again.number, again.display, again.evidence_count) == (
            value.number,
            value.display,
            value.evidence_count,
        )
        assert digest(rows) == value.evidence_digest
    assert invariants(world.cls) == []


def test_what_a_freeze_stores_is_the_canonical_form_of_the_rows(world: World) -> None:
    assert {key: each.canonical for key, each in measured(world.cls).items()} == {
        key: canonical(evidence(world.cls, key)) for key in EXPECTED
    }


def test_the_formula_has_the_numbers_in_it(world: World) -> None:
    values = figure_values(world.cls)
    assert values["mean_minutes"].formula == "（42.00… + 3）÷ 4 = 11.25…，截尾取整 11"
    assert values["registration_rate"].formula == "4 ÷ 15 × 100% = 26.66…，截尾取整 26"
    assert values["exam_mean"].formula == "167 ÷ 2 = 83.50，截尾取整 83"


def test_a_class_without_anybody_has_dashes_where_there_is_nothing_to_divide_by(at: At) -> None:
    world = small_world(learners=0)
    empty = world.cls
    values = figure_values(empty)
    assert {k: v.display for k, v in values.items() if v.display != "0"} == {"mean_minutes": "—", "exam_mean": "—"}
    assert {k: v.number for k, v in values.items() if v.number != 0} == {"mean_minutes": None, "exam_mean": None}
    empty.quotas.all().delete()
    assert figure_values(empty)["registration_rate"].display == "—"
    assert invariants(empty) == []


def test_over_enrolment_shows_more_than_a_hundred_per_cent_and_asks_for_a_note(world: World) -> None:
    for school in world.schools:
        classes.allot_quota(world.organiser, world.cls, org=school, seats=1)
    assert figure_values(world.cls)["registration_rate"].display == "133"  # 4 ÷ 3 = 133.33…
    assert [(b.code, b.needs_note) for b in invariants(world.cls)] == [("registration_rate_above_100", True)]


def test_who_registered_after_the_class_does_not_count(world: World) -> None:
    enrolment = world.learners[0].enrolment
    enrolment.refresh_from_db()
    for when, expected in (("2017-07-21 15:59:59.999Z", 4), ("2017-07-21 16:00:00Z", 3)):  # midnight in Shanghai
        world.cls.enrolments.filter(pk=enrolment.pk).update(registered_at=when)
        assert figure_values(world.cls)["registered_count"].number == expected


def test_the_zone_of_the_class_moves_its_days(world: World) -> None:
    TrainingClass.objects.filter(pk=world.cls.pk).update(zone="UTC")
    values = figure_values(TrainingClass.objects.get(pk=world.cls.pk))
    # In UTC the posts of 22 June 00:00 in Shanghai are of the 21st; One's in round 2, Two's at 30 June 15:59 and Four's at
    # 30 June 16:00 remain. The announcement of 10 June 00:00 in Shanghai is of the 9th; the other three are inside, the
    # 22nd's too (21 July 16:00).
    assert values["discussion_posters"].number == 3
    assert values["discussion_replies"].number == 2  # One's, and Four's of 30 June 16:00
    assert values["announcement_count"].number == 2


@pytest.mark.parametrize("learners", [1, 3])
def test_all_fifteen_take_the_same_few_statements_at_any_size(at: At, learners: int) -> None:
    world = small_world(learners=learners)
    discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
    )
    with CaptureQueriesContext(connection) as asked:
        figure_values(world.cls)
    assert len(asked) == 17  # fourteen sources, the rounds, and the two ends of the snapshot


def test_every_profile_defines_the_same_fifteen_keys_with_texts_in_both_languages() -> None:
    assert profile_names() == ["enaea-2017", "half-up"]
    for profile in profile_names():
        known = definitions(profile)
        assert list(known) == list(EXPECTED)
        for each in known.values():
            assert all((each.label_zh, each.label_en, each.filter, each.filter_en, each.unit, each.unit_en))
            assert each.version >= 1
