"""Editions of a large class: what is found in one is what judging everybody would find; they are made again from nothing."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.worlds import World, make_learner, small_world
from record.figures.trapped import trapped_class

from yanxiu.core.time import clock
from yanxiu.record.assessment.learners import LearnerLine, learner_lines
from yanxiu.record.assessment.standings import making
from yanxiu.record.assessment.standings.actions import keep_current
from yanxiu.record.assessment.standings.making import make
from yanxiu.record.assessment.standings.models import Standing, StandingsEdition
from yanxiu.record.assessment.standings.queries import Wanted, class_counts, find, newest, silent, under_way
from yanxiu.study.models import CreditCell
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.outcomes.models import Outcome

pytestmark = pytest.mark.django_db
At = Callable[[str], None]
SCORE: dict[str, Callable[[LearnerLine], Any]] = {
    "compulsory": lambda line: line.compulsory,
    "elective": lambda line: line.elective,
    "posts": lambda line: sum(done for _num, done in line.posted),
    "exam": lambda line: -1 if line.exam_best is None else line.exam_best,
    "points": lambda line: (line.verdict.grade != "fail", line.verdict.score or 0),
    "name": lambda line: line.name,
}
LACKS: dict[str, Callable[[LearnerLine], bool]] = {
    "": lambda _line: True,
    "failing": lambda line: line.verdict.grade == "fail",
    "round": lambda line: not line.all_posted,
    "outcome": lambda line: not line.has_outcome,
    "exam": lambda line: line.exam_best is None,
}


def edition_of(cls: TrainingClass) -> StandingsEdition:
    """What the worker would make now."""
    made = StandingsEdition.objects.create(training_class=cls, version=making.VERSION, touched_at=clock.real_now())
    make(made.pk)
    made.refresh_from_db()
    return made


def require_equal(cls: TrainingClass, edition: StandingsEdition) -> None:
    """Every filter and order found in the edition, against everybody judged here and now."""
    lines = learner_lines(cls)
    for show, lacks in LACKS.items():
        found = find(cls, edition, Wanted(show=show), 1, 50)
        assert found.lines == tuple(filter(lacks, lines)), show
    for order, key in SCORE.items():
        down = "-" if edition.pk % 2 else ""
        expected = sorted(lines, key=key, reverse=bool(down))
        assert find(cls, edition, Wanted(order=down + order), 1, 50).lines == tuple(expected), (order, down)
    assert found.counts == {show: sum(map(lacks, lines)) for show, lacks in LACKS.items()}
    nums = cls.rounds.values_list("num", flat=True)
    posted = {num: sum((num, True) in line.posted for line in lines) for num in nums}
    assert class_counts(edition) == posted


def something_happens(world: World, dice: random.Random) -> None:
    """Study, a post, a paper, an outcome, a withdrawal or a return, of anybody: in the tables, whatever the rules say."""
    learner = dice.choice(world.learners)
    what = dice.randrange(6)
    if what == 0:
        CreditCell.objects.update_or_create(
            enrolment_id=learner.enrolment.pk, lesson_id=dice.choice(world.lessons).pk, lesson_version=1,
            day=date(2017, 6, 12) + timedelta(dice.randrange(60)),
            defaults={
                "class_id": world.cls.pk, "person_id": learner.person.pk, "credited_ms": dice.randrange(60_000_000),
                "algorithm": "credit_v3",
            },
        )  # fmt: skip
    elif what == 1:
        post = Post.objects.order_by("?").first()
        assert post is not None
        Post.objects.filter(pk=post.pk).update(state=dice.choice(["visible", "removed"]), author_id=learner.person.pk)
    elif what == 2:
        attempt = ExamAttempt.objects.order_by("?").first()
        assert attempt is not None
        ExamAttempt.objects.filter(pk=attempt.pk).update(state="submitted", score=dice.randrange(101))
    elif what == 3:
        Outcome.objects.create(
            enrolment=learner.enrolment, title="方案", state=dice.choice(["draft", "submitted", "withdrawn"]),
            submitted_at=clock.now(),
        )  # fmt: skip
    elif what == 4:
        state = dice.choice(["registered", "registered", "withdrawn"])
        Enrolment.objects.filter(pk=learner.enrolment.pk).update(state=state)
    else:
        world.cls.scheme_id = dice.choice(["seed-2017@1", "points-100@1", "ouc-2024@1", "xnai-a@1"])
        world.cls.save(update_fields=["scheme_id"])


def test_what_is_found_is_what_judging_everybody_finds_after_any_history(at: At) -> None:
    world, dice = trapped_class(at), random.Random(44)
    require_equal(world.cls, edition_of(world.cls))
    for _round in range(3):
        for _n in range(6):
            something_happens(world, dice)
        require_equal(world.cls, edition_of(world.cls))


def rows() -> list[tuple[Any, ...]]:
    columns = (
        "enrolment_id",
        "compulsory",
        "elective",
        "posted",
        "posts",
        "has_outcome",
        "exam_best",
        "grade",
        "points",
    )
    return list(Standing.objects.order_by("enrolment_id").values_list(*columns))


def test_thrown_away_it_is_made_again_the_same_and_of_two_the_older_goes(at: At) -> None:
    world = trapped_class(at)
    first = edition_of(world.cls)
    before = rows()
    assert len(before) == first.total == first.counted == 4
    StandingsEdition.objects.all().delete()
    assert rows() == []
    second = edition_of(world.cls)
    assert rows() == before
    third = edition_of(world.cls)
    assert rows() == before
    assert list(StandingsEdition.objects.all()) == [third]
    assert newest(world.cls) == third != second


def test_lines_say_what_is_so_now_while_the_order_is_of_the_edition(at: At) -> None:
    world = trapped_class(at)
    edition = edition_of(world.cls)
    before = [line.enrolment_id for line in find(world.cls, edition, Wanted(order="-compulsory"), 1, 50).lines]
    CreditCell.objects.filter(enrolment_id=before[-1]).delete()
    CreditCell.objects.create(
        class_id=world.cls.pk, enrolment_id=before[-1], person_id=1, lesson_id=world.lessons[0].pk, lesson_version=1,
        day=date(2017, 6, 12), credited_ms=90_000_000, algorithm="credit_v3",
    )  # fmt: skip
    after = find(world.cls, edition, Wanted(order="-compulsory"), 1, 50).lines
    assert [line.enrolment_id for line in after] == before
    assert after[-1].compulsory == 1500
    assert after[-1] in learner_lines(world.cls)


def test_a_class_may_have_as_many_rounds_as_there_may_be(at: At) -> None:
    world = small_world(learners=2)
    DiscussionRound.objects.bulk_create(
        DiscussionRound(
            training_class=world.cls, num=num, theme="谈体会", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 11)
        )
        for num in range(1, 100)
    )  # fmt: skip
    for num in (1, 64, 99):
        discussion.publish_post(world.learners[0].viewer, world.cls.rounds.get(num=num), body="体会" * 200)
    require_equal(world.cls, edition_of(world.cls))
    assert sum(class_counts(edition_of(world.cls)).values()) == 3


def test_an_edition_is_ordered_when_the_records_have_moved_and_not_too_often(at: At) -> None:
    world = trapped_class(at)
    keep_current(world.cls)
    keep_current(world.cls)
    ordered = StandingsEdition.objects.get()
    assert under_way(world.cls) == ordered
    assert newest(world.cls) is None
    make(ordered.pk)
    keep_current(world.cls)  # nothing has moved
    discussion.publish_post(
        world.manager, discussion.open_round(
            world.manager, world.cls, num=9, theme="谈体会", opens_on=date(2017, 7, 19), closes_on=date(2017, 7, 21)
        ), body="请大家发言。",
    )  # fmt: skip
    keep_current(world.cls)  # less than a minute ago
    assert list(StandingsEdition.objects.all()) == [ordered]
    StandingsEdition.objects.update(touched_at=clock.real_now() - timedelta(seconds=61))
    keep_current(world.cls)
    assert StandingsEdition.objects.count() == 2
    following = under_way(world.cls)
    assert following is not None
    StandingsEdition.objects.filter(pk=following.pk).update(touched_at=clock.real_now() - timedelta(hours=1))
    keep_current(world.cls)  # whoever made it is gone
    again = under_way(world.cls)
    assert again is not None
    assert again != following
    assert not silent(world.cls).exists()  # what was ordered a moment ago is nobody's to throw away
    assert make(following.pk) == 0  # its turn comes after all, and there is nothing left to make
    make(again.pk)
    assert newest(world.cls) == again


def test_of_one_that_fails_nothing_stays(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    world = trapped_class(at)
    monkeypatch.setattr(making, "AT_ONCE", 1)
    monkeypatch.setattr(making, "award", None)
    with pytest.raises(TypeError):
        edition_of(world.cls)
    assert not StandingsEdition.objects.exists()
    assert not Standing.objects.exists()


def test_one_that_was_stopped_half_way_is_filled_from_the_first(at: At) -> None:
    world = trapped_class(at)
    whole = edition_of(world.cls)
    right = rows()
    Standing.objects.filter(grade="fail").first().delete()  # type: ignore[union-attr]  # there are four
    Standing.objects.update(compulsory=7)
    StandingsEdition.objects.update(is_ready=False)
    make(whole.pk)
    assert rows() == right


def test_a_page_of_an_edition_takes_the_same_statements_in_a_larger_class(at: At) -> None:
    world = small_world(learners=1)
    counts = []
    for more in (0, 3):
        for n in range(more):
            make_learner(world.cls, world.schools[n % 2], f"后来{n}", 300 + n)
        edition = edition_of(world.cls)
        with CaptureQueriesContext(connection) as found:
            assert len(find(world.cls, edition, Wanted(text="学", county="411224"), 1, 2).lines) == min(2, 1 + more)
            class_counts(edition)
        counts.append(len(found))
    assert counts[0] == counts[1]
