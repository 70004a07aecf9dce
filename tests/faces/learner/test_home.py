"""The learner's home: the next step first, whatever state the class is in; and only its learner's."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.exams import make_exam
from factories.passing import credit, freeze, passed_class
from factories.worlds import At, World, make_class, make_learner, small_world

from yanxiu.config.wiring import plug_engines
from yanxiu.people.models import Account
from yanxiu.people.queries import SYSTEM, Viewer
from yanxiu.training.classes.actions import change_state, enrol_learner, register_learner
from yanxiu.training.classes.learners import extend_learner
from yanxiu.training.discussion.actions import open_round, publish_post
from yanxiu.training.exams.actions import start_attempt
from yanxiu.training.notices.actions import draft_announcement, publish_announcement
from yanxiu.training.outcomes.actions import comment_outcome, return_outcome, save_outcome_draft, submit_outcome
from yanxiu.training.outcomes.tasks.actions import set_task

pytestmark = pytest.mark.django_db

ADDRESS = "/my/classes/small-2017"


@pytest.fixture(autouse=True)
def _ledger() -> None:
    plug_engines()


def browser(viewer: Viewer | None) -> Client:
    client = Client()
    if viewer is not None:
        client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def page(world: World, address: str = ADDRESS, learner: int = 0) -> str:
    answer = browser(world.learners[learner].viewer).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def rounds(world: World) -> None:
    for num, opens, closes in ((1, date(2017, 6, 22), date(2017, 6, 30)), (2, date(2017, 7, 1), date(2017, 7, 9))):
        open_round(world.manager, world.cls, num=num, theme=f"主题{num}", opens_on=opens, closes_on=closes)


def has(text: str, *words: str) -> None:
    assert [word for word in words if word not in text] == []


def test_before_the_first_day_it_says_when_the_class_begins(at: At) -> None:
    world = small_world(1)
    at("2017-06-05T09:00:00+08:00")
    has(page(world), "学员1，6月10日开班", "看全部日程", "开班以后开始计分。")


def test_half_way_the_lesson_to_go_on_with_comes_first(at: At) -> None:
    world = small_world(1)
    rounds(world)
    make_exam(world)
    credit(world, world.learners[0], 12)
    at("2017-07-04T10:00:00+08:00")
    text = page(world)
    has(
        text, "学员1，接着学第 1 讲", "《党章学习第1讲》", "还差约 28 分钟", "必修课学时将达到 40 分钟",
        "第 25 天，共 42 天", "今天 7月4日", "剩 5 天 · 7月9日止", "已截止 6月30日", "7月15日开放", "还没有动笔",
    )  # fmt: skip
    text = text[text.index("<main") :]
    assert text.index("第二轮研讨发帖") < text.index("结业考试") < text.index("第一轮研讨发帖")


def test_what_closes_within_two_days_comes_before_study(at: At) -> None:
    world = small_world(1)
    rounds(world)
    at("2017-07-09T23:59:59+08:00")  # the whole last day belongs to the round
    has(page(world), "学员1，该发第二轮的帖了", "今天 24:00 止")
    at("2017-07-10T00:00:00+08:00")
    has(page(world), "学员1，从第 1 讲学起", "已截止 7月9日")


def test_an_exam_that_is_running_comes_before_everything(at: At) -> None:
    world = small_world(1)
    exam = make_exam(world)
    at("2017-07-15T09:00:00+08:00")
    start_attempt(world.learners[0].viewer, exam, world.learners[0].enrolment)
    has(page(world), "学员1，考试正在计时", "回到试卷", "作答中 · 7月15日 10:00止")


def test_the_card_says_which_steps_reach_the_mark(at: At) -> None:
    world = small_world(1)
    world.cls.scheme_id = "points-100@1"
    world.cls.save()
    rounds(world)
    learner = world.learners[0]
    credit(world, learner, 1284)
    credit(world, learner, 96, lesson=2)
    at("2017-06-25T09:00:00+08:00")
    publish_post(learner.viewer, world.cls.rounds.get(num=1), body="一帖")
    at("2017-07-04T10:00:00+08:00")
    has(
        page(world), "已得 50.1 分，合格线 70 分，满分 100 分", "1,284 / 1,600 分钟", "<b>32.1</b>",
        "交研修成果可得 15 分，完成第二轮研讨再得 10 分，就达到 75.1 分，合格。",
    )  # fmt: skip


def test_a_mark_out_of_reach_is_said_with_its_reason(at: At) -> None:
    world = small_world(1)
    at("2017-07-04T10:00:00+08:00")
    has(page(world), "按现在还能做的事，“必修课学习时长、在线考试、总分”达不到要求")


def test_all_done_and_then_closed(at: At) -> None:
    world = passed_class(at, 1, 1)
    text = page(world)
    has(text, "都完成了", "目前已经合格。", "最高 100 分")
    freeze(world, at)
    has(page(world), "学员1，您已经合格", "最终结果：合格", "发放以后会通知您", "最终结论：合格。", "看我的结果")
    failed = page(world, learner=1)
    has(failed, "本班已经结束", "最终结果：不合格", "班级要求做的事", "5 件没有做")
    assert "tag num now" not in failed  # a fact of a closed class, no longer an alarm


def test_after_the_last_day_and_in_make_up_study(at: At) -> None:
    world = small_world(1)
    at("2017-07-22T00:00:00+08:00")
    has(page(world), "本班学习时间已过", "请联系班主任开放补学")
    change_state(world.manager, world.cls, "makeup")
    has(page(world), "补学中", "学员1，从第 1 讲学起")


def test_an_in_person_class_speaks_of_attendance_and_not_of_empty_courses(at: At) -> None:
    world = small_world(1)
    world.cls.curriculum.all().delete()
    world.cls.scheme_id = "party-school-13@1"
    world.cls.save()
    has(page(world), "考勤", "缺勤", "提交思想汇报", "必须达到的 2 项要求")
    world.cls.scheme_id = "xnai-b@1"
    world.cls.save()
    text = page(world)
    has(text, "本班以线下培训为主：请按日程到场", "全部日程")
    assert "继续学习" not in text


def test_announcements_and_tutors_words_stand_together_newest_first(at: At) -> None:
    world = small_world(2)
    learner = world.learners[0]
    outcome = submit_outcome(
        learner.viewer, save_outcome_draft(learner.viewer, learner.enrolment, title="我的<成果>", body="正文")
    )
    for n in range(6):
        at(f"2017-06-2{n}T09:00:00+08:00")
        publish_announcement(
            world.manager, draft_announcement(world.manager, world.cls, title=f"通知<{n}>", body="请看。")
        )
    at("2017-06-27T09:00:00+08:00")
    comment_outcome(world.tutor, outcome, body="“三个结合”讲得实。")
    comment_outcome(world.learners[1].viewer, outcome, body="学习了")
    text = page(world)
    has(text, "“三个结合”讲得实。", "通知&lt;5&gt;", "我的&lt;成果&gt;", "点评")
    assert "学习了" not in text
    assert text.count('<span class="tag">公告') == 4  # five in all, one of them the tutor's
    assert text.index("三个结合") < text.index("通知&lt;5")


def test_a_piece_that_came_back_is_to_be_done_again_and_an_extension_is_said(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    set_task(world.manager, world.cls, kind="outcome", title="教案", due_on=date(2017, 6, 20))
    draft = save_outcome_draft(learner.viewer, learner.enrolment, title="做法", body="正文")
    return_outcome(world.tutor, submit_outcome(learner.viewer, draft), reason="补一次记录")
    extend_learner(world.manager, learner.enrolment, until=date(2017, 7, 31))
    at("2017-06-25T08:00:00+08:00")  # past the day of the task: who got it back may still mend it
    has(page(world), "《做法》已退回，请修改后重新提交", "7月31日止", "您已延期到 7月31日")


def test_two_classes_at_once_are_both_listed_with_their_next_step(at: At) -> None:
    world = small_world(1)
    second = make_class(world.organiser, world.city, world.institute, key="next-2017", name="邻班")
    learner = world.learners[0]
    enrolment = enrol_learner(SYSTEM, second, person=learner.person, nominating_org=world.schools[0])
    register_learner(learner.viewer, enrolment)
    open_round(world.organiser, second, num=1, theme="邻题", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 11))
    text = page(world, "/")
    has(text, "三门峡小班", "《党章学习第1讲》", "邻班", "邻题", "剩 1 天 · 6月11日止")
    assert text.index("邻题") < text.index("《党章学习第1讲》")  # what closes soonest comes first


def test_everybody_else_is_kept_out(at: At) -> None:
    world = small_world(1)
    statuses = {
        name: browser(viewer).get(ADDRESS).status_code
        for name, viewer in {
            "manager": world.manager, "organiser": world.organiser, "other learner": world.other_learner.viewer,
            "other manager": world.other_manager, "stranger": world.stranger, "signed out": None,
        }.items()
    }  # fmt: skip
    assert statuses == {
        "manager": 403, "organiser": 403, "other learner": 404, "other manager": 404, "stranger": 404, "signed out": 302,
    }  # fmt: skip
    assert browser(world.learners[0].viewer).get("/my/classes/no-such").status_code == 404
    assert browser(world.learners[0].viewer).post(ADDRESS).status_code == 405


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/schedule", f"{ADDRESS}/result"])
def test_the_number_of_statements_is_the_same_for_a_full_class(at: At, address: str) -> None:
    counts = []
    world = small_world(1)
    rounds(world)
    client = browser(world.learners[0].viewer)
    for more in (0, 6):
        for n in range(more):
            extra = make_learner(world.cls, world.schools[0], f"新{n}", 300 + n)
            at("2017-06-25T09:00:00+08:00")
            publish_post(extra.viewer, world.cls.rounds.get(num=1), body="一帖")
            credit(world, extra, 10)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 47


def test_the_schedule_is_a_list_and_a_calendar_file(at: At) -> None:
    world = small_world(1)
    rounds(world)
    make_exam(world)
    text = page(world, f"{ADDRESS}/schedule")
    has(text, "培训时间", "第一轮研讨", "6月22日—6月30日 24:00", "7月15日 08:00—7月15日 18:00", "下载到手机日历")
    answer = browser(world.learners[0].viewer).get(f"{ADDRESS}/schedule.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 6
    assert {"DTSTART;VALUE=DATE:20170622", "DTEND;VALUE=DATE:20170701", "DTSTART:20170715T000000Z"} <= set(lines)
    assert max(len(line.encode()) for line in lines) <= 75
    assert answer.content == browser(world.learners[0].viewer).get(f"{ADDRESS}/schedule.ics").content
