"""What home must not keep quiet: courses to choose, an exam that does not open yet, a paper being marked, a survey."""

from datetime import date, datetime

import pytest
from django.test import Client
from factories.exams import KEYS, exam_ids, make_exam
from factories.passing import credit
from factories.worlds import At, World, small_world

from yanxiu.config.wiring import plug_engines
from yanxiu.people.models import Account
from yanxiu.training.courses.electives.actions import choose_electives, set_elective_window
from yanxiu.training.courses.models import CurriculumItem
from yanxiu.training.courses.practice.actions import furnish_practice
from yanxiu.training.exams.actions import Terms, save_answer, start_attempt, submit_attempt
from yanxiu.training.participation.questions import Question
from yanxiu.training.participation.survey import answer_survey, publish_survey

pytestmark = pytest.mark.django_db
HOME = "/my/classes/small-2017"


@pytest.fixture(autouse=True)
def _ledger() -> None:
    plug_engines()


def page(world: World, place: str = "", learner: int = 0) -> str:
    client = Client()
    client.force_login(Account.objects.get(pk=world.learners[learner].viewer.account_id))
    answer = client.get(f"{HOME}{place}")
    assert answer.status_code == 200
    text = answer.content.decode()
    return str(text[text.index("<main") :])


def has(text: str, *words: str) -> None:
    assert [word for word in words if word not in text] == []


def test_choosing_comes_first_as_its_window_closes_and_no_unchosen_course_is_next(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    set_elective_window(
        world.manager, world.cls, opens_on=date(2017, 6, 11), closes_on=date(2017, 6, 20), least=1, most=1
    )
    has(page(world), "从第 1 讲学起", "选课", "6月11日开放")
    for lesson in (0, 1):  # everything compulsory is done
        credit(world, learner, 40, lesson=lesson)
    at("2017-06-12T09:00:00+08:00")
    text = page(world)
    has(text, "该选课了", "去选课", f'href="{HOME}/affairs"', "已选 0 门，至少选 1 门")
    assert "学校管理" not in text
    has(page(world, "/lessons"), "没有选", "学了不计时。", "看选课")
    assert "接着学" not in page(world, "/lessons")
    item = CurriculumItem.objects.get(training_class=world.cls, kind="elective")
    choose_electives(learner.viewer, learner.enrolment, item_ids=[item.pk])
    has(page(world), "《学校管理第1讲》", "已选 1 门")
    assert "学了不计时。" not in page(world, "/lessons")


def test_an_exam_that_asks_for_study_first_says_so_everywhere(at: At) -> None:
    world = small_world(1)
    world.cls.scheme_id = "public-course@1"
    world.cls.save()
    credit(world, world.learners[0], 31)
    make_exam(world)
    at("2017-07-15T09:00:00+08:00")  # the last day of the exam
    home = page(world)
    has(home, "学员1，接着学第 1 讲", "还不能开始，先补齐：", "还差 19 分钟")
    assert "可以考试了" not in home
    text = page(world, "/exams")
    has(text, "还不能开始", "还差 19 分钟", "去学课程")
    assert "可以作答" not in text
    credit(world, world.learners[0], 19, lesson=2)
    credit(world, world.learners[0], 19, lesson=1)
    has(page(world), "学员1，可以考试了")
    has(page(world, "/exams"), "可以作答", "查看规则并开始")


def test_a_paper_being_marked_is_not_a_zero(at: At) -> None:
    world = small_world(2)
    exam_ids(world)
    has(page(world, learner=1), "已作答 1 次", "已交卷，批阅中")
    assert "最高 0 分" not in page(world, learner=1)
    has(page(world, "/result", learner=1), "《随机卷考试》已交卷，批完才有成绩")
    assert "批阅中" not in page(world, "/result")


def test_a_resit_counts_its_own_attempts_and_comes_before_study(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    resit = (datetime.fromisoformat("2017-07-16T08:00:00+08:00"), datetime.fromisoformat("2017-07-18T20:00:00+08:00"))
    exam = make_exam(world, max_attempts=1, terms=Terms(resit=resit))
    at("2017-07-15T08:00:00+08:00")
    submit_attempt(learner.viewer, start_attempt(learner.viewer, exam, learner.enrolment))
    at("2017-07-16T09:00:00+08:00")
    has(page(world), "学员1，可以考试了", "补考 · 60 分钟 · 已作答 0 次，最多 1 次")
    attempt = start_attempt(learner.viewer, exam, learner.enrolment)
    for num, choice in KEYS.items():
        save_answer(learner.viewer, attempt, num=num, choice=choice)
    submit_attempt(learner.viewer, attempt)
    has(page(world), "60 分钟 · 已作答 2 次 · 最高 100 分")


def test_who_has_studied_nothing_is_shown_where_to_try(at: At) -> None:
    world = small_world(1)
    assert "先试一试" not in page(world)  # there is no practice lesson
    furnish_practice(world.organiser)
    has(page(world), "第一次在网上学？", f'href="{HOME}/practice"')
    credit(world, world.learners[0], 1)
    assert "先试一试" not in page(world)


def test_an_open_survey_is_a_thing_to_do_until_it_is_answered(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    survey = publish_survey(
        world.manager, world.cls, title="结业问卷", opens_on=date(2017, 7, 19), closes_on=date(2017, 7, 21),
        questions=[Question("scale", "有帮助")],
    )  # fmt: skip
    assert "结业问卷" not in page(world)
    at("2017-07-20T09:00:00+08:00")
    has(page(world), "结业问卷", "答卷不记姓名", "剩 1 天", f'href="{HOME}/affairs/surveys/{survey.uuid}"')
    answer_survey(learner.viewer, survey, learner.enrolment, given={"q1": "5"})
    has(page(world), f'<a class="mut" href="{HOME}/affairs/surveys/{survey.uuid}">结业问卷</a>')
