"""Invariants: each one breaks when the figures contradict it, and says so in Chinese."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from factories.worlds import World
from record.figures.trapped import trapped_class

from yanxiu.record.figures import checks
from yanxiu.record.figures.queries import invariants, measured
from yanxiu.study.models import CreditCell
from yanxiu.training.courses.models import CurriculumItem

At = Callable[[str], None]
# The report of 2017.
NUMBERS: dict[str, int | None] = {
    "registered_count": 100, "registration_rate": 100, "outcome_submitters": 95, "outcome_count": 95,
    "outcome_authors_commented": 46, "exam_submitters": 90, "exam_absentees": 10, "discussion_posters": 81,
}  # fmt: skip


def between(**changed: int | None) -> list[tuple[str, bool]]:
    found = checks._between_figures(NUMBERS | changed, rounds=2, posts=83)
    return [(broken.code, broken.needs_note) for broken in found]


def test_the_figures_of_2017_contradict_nothing() -> None:
    assert between() == []


@pytest.mark.parametrize(
    ("changed", "code", "needs_note"),
    [
        ({"exam_absentees": 11}, "exam_roster", False),
        ({"outcome_count": 94}, "outcome_submitters", False),
        ({"outcome_authors_commented": 96}, "outcome_authors_commented", False),
        ({"discussion_posters": 84}, "discussion_posters_posts", False),
        ({"registration_rate": 101}, "registration_rate_above_100", True),
        ({"registration_rate": None}, "no_quota", True),
    ],
)
def test_a_contradiction_has_a_code(changed: dict[str, int | None], code: str, *, needs_note: bool) -> None:
    assert between(**changed) == [(code, needs_note)]


def test_more_pairs_than_learners_and_rounds_is_a_contradiction() -> None:
    found = checks._between_figures(NUMBERS | {"discussion_posters": 201}, rounds=2, posts=300)
    assert [broken.code for broken in found] == ["discussion_posters_population"]


@pytest.fixture
def world(at: At) -> World:
    return trapped_class(at)


@pytest.mark.django_db
def test_study_in_a_lesson_outside_the_curriculum_breaks_the_ledger_identity(world: World) -> None:
    assert invariants(world.cls) == []
    one, strange = world.learners[0], world.lessons[3]
    CreditCell.objects.create(
        class_id=world.cls.pk, enrolment_id=one.enrolment.pk, person_id=one.person.pk, lesson_id=strange.pk,
        lesson_version=1, day=date(2017, 6, 14), credited_ms=7 * 60_000, algorithm="credit_v1",
    )  # fmt: skip
    assert invariants(world.cls) == []  # an elective like any other
    CurriculumItem.objects.filter(training_class=world.cls, course=strange.course).delete()
    broken = invariants(world.cls)
    assert [b.code for b in broken] == ["ledger_identity"]
    assert "学时不属于本班课程表" in broken[0].message


@pytest.mark.django_db
def test_a_value_that_is_not_the_measure_of_its_rows_is_found(world: World) -> None:
    found = measured(world.cls)
    right = found["outcome_count"]
    wrong = found | {"outcome_count": replace(right, value=replace(right.value, number=4))}
    assert list(checks._unequal_to_measure(found)) == []
    assert [b.code for b in checks._unequal_to_measure(wrong)] == ["measure:outcome_count"]


@pytest.mark.django_db
def test_a_mean_that_does_not_fit_its_total_is_found(world: World) -> None:
    found = measured(world.cls)
    assert list(checks._mean(found, {"mean_minutes": 11})) == []
    assert [b.code for b in checks._mean(found, {"mean_minutes": 12})] == ["mean_minutes"]
    assert [b.code for b in checks._mean(found, {"mean_minutes": 10})] == ["mean_minutes"]
