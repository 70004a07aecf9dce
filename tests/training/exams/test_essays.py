"""Essays: submitted counts at once, the score only when a tutor has marked them all."""

import pytest
from factories.exams import make_drawn_exam
from factories.worlds import At, Learner, World, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.record.assessment.queries import class_facts
from yanxiu.record.figures.queries import figure_values
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.exams import actions, queries
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt, ExamQuestion

pytestmark = pytest.mark.django_db
OPEN = "2017-07-15T08:00:00+08:00"
AFTER = "2017-07-16T08:00:00+08:00"


def handed_in(learner: Learner, exam: Exam, text: str) -> ExamAttempt:
    attempt = actions.start_attempt(learner.viewer, exam, learner.enrolment)
    essay = ExamQuestion.objects.get(attempt=attempt, question__kind="essay")
    if text:
        actions.save_answer(learner.viewer, attempt, num=essay.num, text=text)
    actions.submit_attempt(learner.viewer, attempt)
    attempt.refresh_from_db()
    return attempt


def essay_of(attempt: ExamAttempt) -> ExamAnswer:
    return ExamAnswer.objects.get(attempt=attempt, question__question__kind="essay")


def sat(at: At, learners: int = 2) -> tuple[World, Exam, list[ExamAttempt]]:
    world = small_world(learners)
    exam = make_drawn_exam(world)
    at(OPEN)
    return world, exam, [handed_in(w, exam, f"第{n}份答案") for n, w in enumerate(world.learners)]


def test_the_score_waits_for_the_marks_while_the_submission_counts(at: At) -> None:
    world, _exam, (attempt, _other) = sat(at)
    assert (attempt.state, attempt.score) == ("submitted", None)
    values = figure_values(world.cls)
    assert (values["exam_submitters"].number, values["exam_absentees"].number) == (2, 0)
    assert [f for facts in class_facts(world.cls).values() for f in facts.facts if f.metric == "exam"] == []
    actions.mark_essay(world.tutor, essay_of(attempt), points=25, remark="做法具体。")
    attempt.refresh_from_db()
    assert attempt.score == 25
    scores = [f.quantity for facts in class_facts(world.cls).values() for f in facts.facts if f.metric == "exam"]
    assert scores == [25]
    assert figure_values(world.cls)["exam_submitters"].number == 2


def test_an_essay_left_empty_needs_nobody(at: At) -> None:
    world = small_world(1)
    exam = make_drawn_exam(world)
    at(OPEN)
    assert handed_in(world.learners[0], exam, "").score == 0
    assert queries.essays_to_mark(world.tutor, exam) == []


def test_tutors_and_managers_mark_and_nobody_else(at: At) -> None:
    world, exam, (attempt, other) = sat(at)
    answer = essay_of(attempt)
    for viewer in (world.organiser, world.auditor, world.learners[0].viewer):
        with pytest.raises(Refused) as refusal:
            actions.mark_essay(viewer, answer, points=1)
        assert refusal.value.code == "not_allowed"
    for stranger in (world.stranger, world.other_manager, world.other_learner.viewer):
        with pytest.raises(NotVisible):
            actions.mark_essay(stranger, answer, points=1)
        with pytest.raises(NotVisible):
            queries.essays_to_mark(stranger, exam)
    actions.mark_essay(world.manager, essay_of(other), points=30)


@pytest.mark.parametrize("points", [-1, 31, 1000])
def test_points_stay_inside_the_question(at: At, points: int) -> None:
    world, _exam, (attempt, _other) = sat(at)
    with pytest.raises(Refused) as refusal:
        actions.mark_essay(world.tutor, essay_of(attempt), points=points)
    assert refusal.value.code == "bad_points"


def test_two_markers_do_not_overwrite_each_other_unseen(at: At) -> None:
    world, _exam, (attempt, _other) = sat(at)
    answer = essay_of(attempt)
    marked = actions.mark_essay(world.tutor, answer, points=10)
    with pytest.raises(Refused, match="另一位老师刚给这份答案评了 10 分"):
        actions.mark_essay(world.manager, answer, points=20)
    assert actions.mark_essay(world.manager, answer, points=20, seen=marked.marked_at).mark == 20


def test_the_desk_shows_no_name_and_goes_on_to_what_is_open(at: At) -> None:
    world, exam, attempts = sat(at, 3)
    assert sum(row.answers for row in queries.essays_to_mark(world.tutor, exam)) == 3
    for row in queries.essays_to_mark(world.tutor, exam):
        for place in range(1, row.answers + 1):
            shown = queries.essay_answer(world.tutor, exam, row.question_id, place)
            assert (shown.place, shown.total) == (place, row.answers)
            actions.mark_essay(world.tutor, shown.answer, points=20)
        assert queries.essay_answer(world.tutor, exam, row.question_id, 1).next_open is None
        with pytest.raises(NotVisible):
            queries.essay_answer(world.tutor, exam, row.question_id, row.answers + 1)
    assert set(ExamAttempt.objects.values_list("score", flat=True)) == {20}
    assert len(attempts) == 3


def test_release_waits_for_the_end_and_for_every_mark_and_fixes_them(at: At) -> None:
    world, exam, attempts = sat(at)
    with pytest.raises(Refused, match="2017-07-15 18:00 才全部结束"):
        actions.release_exam(world.manager, exam)
    at(AFTER)
    with pytest.raises(Refused, match="还有 2 份答卷"):
        actions.release_exam(world.manager, exam)
    for attempt in attempts:
        actions.mark_essay(world.tutor, essay_of(attempt), points=20)
    with pytest.raises(Refused) as refusal:
        actions.release_exam(world.tutor, exam)
    assert refusal.value.code == "not_allowed"
    assert actions.release_exam(world.manager, exam).released_at is not None
    answer = essay_of(attempts[0])
    with pytest.raises(Refused, match="不能再改分"):
        actions.mark_essay(world.tutor, answer, points=1, seen=answer.marked_at)


def test_a_frozen_class_is_marked_no_more(at: At) -> None:
    world, _exam, (attempt, _other) = sat(at)
    freeze_class(world.manager, world.cls, ledger_position=0)
    with pytest.raises(Refused) as refusal:
        actions.mark_essay(world.tutor, essay_of(attempt), points=1)
    assert refusal.value.code == "class_frozen"
