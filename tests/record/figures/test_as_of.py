"""Figures as of two positions: states from the audit log, credit recomputed from the ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factories.worlds import Learner, World
from record.figures.trapped import trapped_class

from yanxiu.config.wiring import plug_engines
from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.core.time import clock
from yanxiu.record.figures.queries import AsOf, evidence, figure_values, position
from yanxiu.study import ports
from yanxiu.study.digest.actions import digest_once
from yanxiu.study.models import CreditCell
from yanxiu.training.classes import actions as classes
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import Post
from yanxiu.training.outcomes import actions as outcomes
from yanxiu.training.outcomes.models import Outcome

pytestmark = pytest.mark.django_db
At = Callable[[str], None]
CREDIT = ("compulsory_minutes", "elective_minutes", "mean_minutes")


@pytest.fixture
def world(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The trapped class with a ledger of its own instead of ready-made credit cells."""
    made = trapped_class(at)
    CreditCell.objects.all().delete()
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    yield made
    ports.unplug()


def study(world: World, learner: Learner, minutes: int, at: At, when: str, *, lesson: int = 0) -> None:
    """Whole minutes of a lesson from its start, in beats of 30 s."""
    at(when)
    opened, item = clock.now_ms(), world.lessons[lesson]
    facts = SessionFacts(
        sid=f"s-{learner.person.pk}-{opened}", enrolment_id=learner.enrolment.pk, person_id=learner.person.pk,
        class_id=world.cls.pk, lesson_id=item.pk, lesson_version=item.version, kind=item.kind,
        duration_ms=item.duration_ms, policy_id="enaea-2017@1", max_rate=1.0, cadence_ms=30_000, zone="Asia/Shanghai",
        opened_at_ms=opened, expires_at_ms=opened + 86_400_000,
    )  # fmt: skip
    for n in range(minutes * 2):
        a, b = n * 30_000, (n + 1) * 30_000
        ports.ledger().append(facts, [Beat(n, (MediaSpan(a, b, a, b),))], opened + b)
    digest_once()


def numbers(world: World, as_of: AsOf | None = None) -> dict[str, int | None]:
    return {key: value.number for key, value in figure_values(world.cls, as_of=as_of).items()}


def test_credit_as_of_a_ledger_position_ignores_what_came_later(world: World, at: At) -> None:
    one, two, *_others, five = world.learners
    study(world, one, 10, at, "2017-06-12T09:00:00+08:00")
    study(world, five, 20, at, "2017-06-12T09:00:00+08:00")  # withdrawn: never counts
    study(world, two, 5, at, "2017-06-12T10:00:00+08:00", lesson=2)
    then = position()
    assert [numbers(world)[key] for key in CREDIT] == [10, 5, 3]  # 15 ÷ 4 = 3.75
    study(world, two, 8, at, "2017-06-13T09:00:00+08:00")
    assert [numbers(world)[key] for key in CREDIT] == [18, 5, 5]
    assert [numbers(world, then)[key] for key in CREDIT] == [10, 5, 3]


def test_rows_from_the_ledger_equal_the_rows_of_the_digest(world: World, at: At) -> None:
    study(world, world.learners[0], 10, at, "2017-06-12T23:55:00+08:00")  # over midnight: two cells
    study(world, world.learners[2], 3, at, "2017-06-14T09:00:00+08:00")
    for key in CREDIT:
        live, then = evidence(world.cls, key), evidence(world.cls, key, as_of=position())
        assert sorted(map(repr, live)) == sorted(map(repr, then))
        live_value, then_value = figure_values(world.cls)[key], figure_values(world.cls, as_of=position())[key]
        assert live_value == then_value  # the digest and the formula too
    assert len(evidence(world.cls, "compulsory_minutes")) == 3


def test_moderation_and_withdrawal_after_a_position_do_not_change_its_figures(world: World, at: At) -> None:
    at("2017-07-21T10:00:00+08:00")
    # Posts put straight into the table have no history, and no figure ever counted them.
    before, then = numbers(world), position()
    one, two, *_others = world.learners
    discussion.remove_post(world.tutor, Post.objects.get(body="赶在最后一刻。"), reason="重复")
    outcomes.withdraw_outcome(two.viewer, Outcome.objects.get(title="方案三"))
    classes.withdraw_learner(world.manager, one.enrolment, reason="调离")
    after = numbers(world)
    assert {key for key in before if before[key] != after[key]} == {
        "registered_count", "registration_rate", "outcome_submitters", "outcome_count", "outcome_authors_commented",
        "exam_submitters", "exam_mean", "discussion_required", "discussion_posters", "discussion_replies",
    }  # fmt: skip
    assert numbers(world, then) == before
