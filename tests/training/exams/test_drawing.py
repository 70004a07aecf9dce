"""A paper of one's own: drawn from a seed, stored, marked by the bank's key whatever order it was shown in."""

from datetime import datetime, timedelta

import pytest
from factories.exams import full_bank, make_drawn_exam, make_exam
from factories.worlds import At, small_world

from yanxiu.core.rules.blueprint import Section
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.exams import actions, queries
from yanxiu.training.exams.actions import Terms
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamQuestion, Question
from yanxiu.training.exams.papers.dealing import draw_now, sections_of

pytestmark = pytest.mark.django_db
OPEN = "2017-07-15T08:00:00+08:00"


def asked(attempt: ExamAttempt) -> list[int]:
    return list(ExamQuestion.objects.filter(attempt=attempt).order_by("num").values_list("question_id", flat=True))


def test_everybody_gets_a_paper_of_their_own_that_stays_as_it_was_dealt(at: At) -> None:
    world = small_world(3)
    exam = make_drawn_exam(world)
    at(OPEN)
    attempts = [actions.start_attempt(w.viewer, exam, w.enrolment) for w in world.learners]
    assert len({tuple(asked(attempt)) for attempt in attempts}) == 3
    assert len({attempt.seed for attempt in attempts}) == 3
    first = queries.paper(world.learners[0].viewer, attempts[0])
    assert [row.kind for row in first] == ["single"] * 2 + ["multiple"] * 2 + ["true_false"] * 2 + ["fill_in"] * 2 + [
        "essay"
    ]
    assert sum(row.points for row in first) == 100
    full_bank(world)  # the banks grow; nothing moves
    assert (
        queries.paper(
            world.learners[0].viewer, actions.start_attempt(world.learners[0].viewer, exam, world.learners[0].enrolment)
        )
        == first
    )


def test_a_stored_seed_deals_the_same_paper_again(at: At) -> None:
    world = small_world(1)
    exam, learner = make_drawn_exam(world), world.learners[0]
    at(OPEN)
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    assert [drawn.question for drawn in draw_now(sections_of(exam), attempt.seed)] == asked(attempt)


def test_the_second_attempt_draws_anew_unless_the_exam_says_otherwise(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    for redraws in (True, False):
        exam = make_drawn_exam(world, terms=Terms(is_shuffled=True, redraws=redraws))
        at(OPEN)
        papers = []
        for _attempt in range(2):
            attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
            papers.append([(r.stem, r.options) for r in queries.paper(learner.viewer, attempt)])
            actions.submit_attempt(learner.viewer, attempt)
        assert (papers[0] == papers[1]) is not redraws
        at("2017-06-10T08:00:00+08:00")


def test_answers_in_ones_own_order_are_marked_by_the_banks_key(at: At) -> None:
    world = small_world(3)
    exam = make_drawn_exam(world, essays=0)
    at(OPEN)
    for learner in world.learners:
        attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
        rows = ExamQuestion.objects.filter(attempt=attempt).select_related("question")
        for row in rows:
            shown = next(p for p in queries.paper(learner.viewer, attempt) if p.num == row.num)
            if row.question.kind == "fill_in":
                actions.save_answer(learner.viewer, attempt, num=row.num, text=" 民主集中制 ")
                continue
            right = [shown.options.index(row.question.options[index]) for index in row.question.key]
            saved = actions.save_answer(learner.viewer, attempt, num=row.num, choice=right)
            assert saved.choice == tuple(sorted(right))
        assert actions.submit_attempt(learner.viewer, attempt) == 100


def test_a_fixed_paper_may_stand_in_another_order_for_each(at: At) -> None:
    world = small_world(3)
    exam = make_exam(world, terms=Terms(is_shuffled=True))
    at(OPEN)
    papers = []
    for learner in world.learners:
        rows = queries.paper(learner.viewer, actions.start_attempt(learner.viewer, exam, learner.enrolment))
        papers.append(tuple((row.stem, row.options) for row in rows))
        assert {row.stem: row.points for row in rows} == {"单选": 50, "多选": 30, "判断": 20}
    assert len(set(papers)) > 1


def test_a_bank_too_small_is_refused_at_scheduling_in_words(at: At) -> None:
    world = small_world(1)
    bank = full_bank(world)
    opens = datetime.fromisoformat(OPEN)
    good = {"title": "考试", "opens_at": opens, "closes_at": opens + timedelta(hours=2), "duration_minutes": 60}
    for sections, code in (
        ([Section(bank.pk, "single", 5, 20)], "bank_too_small"),
        ([Section(bank.pk, "single", 4, 20, "党章"), Section(bank.pk, "essay", 1, 20)], "bank_too_small"),
        ([Section(bank.pk, "single", 4, 20)], "bad_points"),
        ([Section(bank.pk, "single", 0, 100)], "bad_count"),
        ([Section(bank.pk, "single", 201, 1)], "bad_count"),
    ):
        with pytest.raises(Refused) as refusal:
            actions.schedule_exam(world.manager, world.cls, sections=sections, **good)
        assert refusal.value.code == code
    with pytest.raises(Refused, match=r"要抽 5 道单选题，题库中只有 4 道可用"):
        actions.schedule_exam(world.manager, world.cls, sections=[Section(bank.pk, "single", 5, 20)], **good)
    with pytest.raises(NotVisible):
        actions.schedule_exam(
            world.other_manager, world.other_class, sections=[Section(bank.pk, "single", 4, 25)], **good
        )
    assert not Exam.objects.exists()


def test_a_blueprint_may_be_drawn_once_for_all(at: At) -> None:
    world = small_world(2)
    bank = full_bank(world)
    opens = datetime.fromisoformat(OPEN)
    exam = actions.schedule_exam(
        world.manager, world.cls, title="考试", opens_at=opens, closes_at=opens + timedelta(hours=2), duration_minutes=60,
        sections=[Section(bank.pk, "single", 2, 50)], common=True,
    )  # fmt: skip
    at(OPEN)
    papers = [queries.paper(w.viewer, actions.start_attempt(w.viewer, exam, w.enrolment)) for w in world.learners]
    assert papers[0] == papers[1]


def test_a_question_in_use_gets_a_new_version_and_old_papers_stay(at: At) -> None:
    world = small_world(2)
    exam = make_exam(world)
    at(OPEN)
    learner, later = world.learners
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    used = Question.objects.get(stem="单选")
    changed = actions.edit_question(world.manager, used, stem="单选（修订）", options=["甲", "乙", "丙"], key=[0])
    assert (changed.pk != used.pk, changed.version, changed.previous_id) == (True, 2, used.pk)
    assert queries.paper(learner.viewer, attempt)[0].stem == "单选"
    actions.save_answer(learner.viewer, attempt, num=1, choice=[1])
    assert actions.submit_attempt(learner.viewer, attempt) == 50
    with pytest.raises(Refused) as refusal:
        actions.edit_question(world.manager, used, stem="再改", options=["甲", "乙"], key=[0])
    assert refusal.value.code == "conflict"
    unused = actions.edit_question(world.manager, changed, stem="单选（再修订）", options=["甲", "乙"], key=[1])
    assert (unused.pk, unused.version) == (changed.pk, 2)
    assert [row.stem for row in queries.questions_of(used.bank, kind="single").rows] == ["单选（再修订）"]
    del later
