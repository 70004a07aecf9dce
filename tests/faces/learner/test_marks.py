"""业余党校 in a real class: homework and the mid-term come from what tutors marked, and the learner reads why there is no mark."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from factories.exams import KEYS, make_exam
from factories.worlds import At, World, small_world
from factories.writing import hand_in

from yanxiu.config.wiring import plug_engines
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.record.assessment.queries import outlook, verdict_of
from yanxiu.record.figures.queries import evidence
from yanxiu.training.classes.actions import change_state
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.exams.actions import save_answer, start_attempt, submit_attempt
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.exams.queries import papers_handed_in
from yanxiu.training.outcomes.actions import accept_outcome, return_outcome
from yanxiu.training.outcomes.tasks.actions import set_task
from yanxiu.training.outcomes.tasks.models import WritingTask

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(at: At) -> World:
    plug_engines()
    made = small_world(2)
    TrainingClass.objects.filter(pk=made.cls.pk).update(scheme_id="party-school-13@1")
    made.cls.refresh_from_db()
    return made


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def page(world: World, learner: int = 0) -> str:
    answer = browser(world.learners[learner].viewer).get("/my/classes/small-2017/result")
    assert answer.status_code == 200
    text = answer.content.decode()
    return str(text[text.index('id="marks"') :].partition("</section>")[0])


def points(world: World, item: str, learner: int = 0) -> float:
    verdict = verdict_of(world.cls, world.learners[learner].enrolment.pk)
    assert verdict is not None
    return float(next(reason.values["points"] for reason in verdict.reasons if reason.code == f"{item}:points"))


def sit_midterm(world: World, at: At) -> Exam:
    exam = make_exam(world, opens="2017-06-25T08:00:00+08:00")
    Exam.objects.filter(pk=exam.pk).update(role=Exam.Role.MIDTERM, title="期中测验")
    exam.refresh_from_db()
    at("2017-06-25T09:00:00+08:00")
    attempt = start_attempt(world.learners[0].viewer, exam, world.learners[0].enrolment)
    save_answer(world.learners[0].viewer, attempt, num=1, choice=KEYS[1])
    submit_attempt(world.learners[0].viewer, attempt)
    return exam


def test_homework_is_the_best_mark_of_what_the_class_calls_homework(world: World, at: At) -> None:
    assert "作业 · <span" in page(world).replace("class=", "class=")
    assert ("班主任还没有布置" in page(world), "班主任还没有安排" in page(world)) == (True, True)
    set_task(world.manager, world.cls, kind="outcome", title="第一次作业", pieces=2, is_homework=True)
    assert "《第一次作业》" in page(world)
    assert "还没有交，7月21日止" in page(world)
    piece = hand_in(world.learners[0], "作业内容" * 30, title="我的作业")
    assert ("交了，老师还没有批改" in page(world), points(world, "homework")) == (True, 0)
    return_outcome(world.tutor, piece, reason="再改")
    assert "已退回，请修改后重新提交" in page(world)
    second = hand_in(world.learners[0], "另一份作业" * 30, title="第二份")
    accept_outcome(world.tutor, second, score=85)
    assert ("85 分" in page(world), points(world, "homework")) == (True, 85)
    other = hand_in(world.learners[1], "同学的作业" * 30, title="同学的")
    accept_outcome(world.tutor, other, score=70)
    WritingTask.objects.update(is_homework=False)
    assert (points(world, "homework"), points(world, "homework", 1)) == (0, 0)  # of another kind of task: no homework


def test_the_mid_term_is_an_exam_of_that_role_and_none_of_the_report(world: World, at: At) -> None:
    sit_midterm(world, at)
    assert (points(world, "midterm"), points(world, "final")) == (50, 0)
    assert ("《期中测验》" in page(world), "50 分" in page(world)) == (True, True)
    assert "还没有考，6月25日 18:00止" in page(world, 1)
    at("2017-06-26T09:00:00+08:00")
    assert "没有考，考试时间已过" in page(world, 1)
    assert [len(evidence(world.cls, figure)) for figure in ("exam_submitters", "exam_mean", "exam_absentees")] == [
        0,
        0,
        2,
    ]


def test_the_class_data_count_the_papers_of_each_exam(world: World, at: At) -> None:
    midterm, final = sit_midterm(world, at), Exam.objects.create(
        training_class=world.cls, title="结业", opens_at=datetime(2017, 7, 15, tzinfo=UTC),
        closes_at=datetime(2017, 7, 16, tzinfo=UTC), duration_minutes=60,
    )  # fmt: skip
    ExamAttempt.objects.update(score=None)  # handed in all the same
    assert papers_handed_in(world.cls) == {midterm.pk: 1}
    assert final.pk not in papers_handed_in(world.cls)
    shown = browser(world.manager).get(reverse("staff:class_data", args=["small-2017"])).content.decode()
    assert ("1 人交卷" in shown, "0 人交卷" in shown) == (True, True)


def test_what_waits_for_a_mark_is_not_said_to_be_out_of_reach(world: World, at: At) -> None:
    set_task(
        world.manager, world.cls, kind="outcome", title="作业", pieces=2, is_homework=True, due_on=date(2017, 6, 20)
    )
    piece = hand_in(world.learners[0], "作业内容" * 30, title="我的作业")
    exam = sit_midterm(world, at)
    ExamAttempt.objects.update(score=None)
    for instant in ("2017-06-26T09:00:00+08:00", "2017-07-22T09:00:00+08:00"):  # past the task's day; past the class's
        at(instant)
        found = outlook(world.cls, world.learners[0].enrolment.pk)
        assert found is not None
        assert {code for code, each in found.chances.items() if each.waits} == {"homework", f"exam:{exam.pk}"}
    at("2017-06-26T09:00:00+08:00")
    make_exam(world)  # the closing examination lies ahead: a pass is possible
    shown = browser(world.learners[0].viewer).get("/my/classes/small-2017/result").content.decode()
    assert (shown.count("已交，等批改"), "按现在还能做的事" in shown) == (1, False)  # mid-term and closing exam do
    accept_outcome(world.tutor, piece, score=40)
    found = outlook(world.cls, world.learners[0].enrolment.pk)
    assert found is not None
    assert "homework" not in found.chances


def test_another_piece_of_homework_may_still_bring_a_better_mark(world: World) -> None:
    set_task(world.manager, world.cls, kind="outcome", title="作业", pieces=2, is_homework=True)
    accept_outcome(world.tutor, hand_in(world.learners[0], "作业内容" * 30), score=40)
    first = outlook(world.cls, world.learners[0].enrolment.pk)
    accept_outcome(world.tutor, hand_in(world.learners[0], "另一份作业" * 30), score=50)
    second = outlook(world.cls, world.learners[0].enrolment.pk)
    assert first is not None
    assert second is not None
    assert ("homework" in first.chances, "homework" in second.chances) == (True, False)


def test_what_is_done_in_make_up_study_is_not_shown_as_counted(world: World, at: At) -> None:
    set_task(world.manager, world.cls, kind="outcome", title="作业", pieces=2, is_homework=True)
    change_state(world.manager, world.cls, "makeup")
    at("2017-07-25T09:00:00+08:00")
    assert "没有交，已经截止" in page(world)
    accept_outcome(world.tutor, hand_in(world.learners[0], "作业内容" * 30), score=85)
    assert ("85 分，班级结束以后交的，按考核方案不计入" in page(world), points(world, "homework")) == (True, 0)


def test_a_class_of_another_scheme_shows_no_such_card(world: World) -> None:
    TrainingClass.objects.filter(pk=world.cls.pk).update(scheme_id="seed-2017@1")
    text = browser(world.learners[0].viewer).get("/my/classes/small-2017/result").content.decode()
    assert 'id="marks"' not in text


def test_the_manager_flags_homework_and_plans_a_mid_term_in_the_forms(world: World) -> None:
    manager = browser(world.manager)
    sent = manager.post(
        "/staff/classes/small-2017/writing-tasks",
        {"kind": "outcome", "title": "作业", "pieces": "1", "is_homework": "1"},
    )
    assert (sent.status_code, WritingTask.objects.get().is_homework) == (302, True)
    private = {"kind": "thought_report", "title": "汇报", "pieces": "1", "is_homework": "1"}
    manager.post("/staff/classes/small-2017/writing-tasks", private)
    assert not WritingTask.objects.get(kind="thought_report").is_homework
    form = manager.get("/staff/classes/small-2017/exams/new?role=midterm").content.decode()
    assert '<option value="midterm" selected>期中考试</option>' in form
    refused = manager.post("/staff/classes/small-2017/exams/new", {"title": "期中", "role": "weekly"})
    assert (refused.status_code, Exam.objects.count()) == (422, 0)
