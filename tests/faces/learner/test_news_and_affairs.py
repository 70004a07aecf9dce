"""Announcements, notices, electives, leave and surveys as the learner and the class manager click through them."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.exams import make_exam
from factories.worlds import At, World, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.courses.electives.actions import set_elective_window
from yanxiu.training.courses.electives.queries import chosen_courses
from yanxiu.training.courses.models import CurriculumItem
from yanxiu.training.notices import actions as notices
from yanxiu.training.notices.models import AnnouncementReceipt
from yanxiu.training.participation.models import LeaveRequest, SurveyAnswer

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def at_class(world: World, name: str, *arguments: object) -> str:
    return reverse(name, args=[world.cls.key, *arguments])


def test_the_manager_publishes_the_learner_reads_and_the_manager_sees_who(at: At) -> None:
    world = small_world(3)
    manager, learner = browser(world.manager), browser(world.learners[0].viewer)
    bad = manager.post(at_class(world, "staff:announcements"), {"title": "", "body": "正文写了很久", "then": "publish"})
    assert (bad.status_code, "正文写了很久" in bad.content.decode()) == (422, True)
    made = manager.post(
        at_class(world, "staff:announcements"), {"title": "开班通知", "body": "第一段\n\n第二段", "then": "publish"}
    )
    page = manager.get(made.headers["Location"]).content.decode()
    assert (
        "已读 0 人" in page and f"未读 {len(world.learners)} 人" in page,
        world.learners[0].person.name in page,
    ) == (True, True)
    listed = learner.get(at_class(world, "learner:announcements")).content.decode()
    assert ("开班通知" in listed, "未读" in listed) == (True, True)
    uuid = made.headers["Location"].rpartition("/")[2]
    shown = learner.get(at_class(world, "learner:announcement", uuid)).content.decode()
    assert "<p>第一段</p>" in shown
    assert AnnouncementReceipt.objects.count() == 1
    reminded = manager.post(made.headers["Location"], {"then": "remind"}).content.decode()
    assert "已提醒 2 人" in reminded
    assert (
        browser(world.learners[1].viewer).get(at_class(world, "learner:notices")).content.decode().count("开班通知")
        == 1
    )


def test_a_draft_is_nobodys_but_the_managers(at: At) -> None:
    world = small_world(1)
    draft = notices.draft_announcement(world.manager, world.cls, title="草稿", body="正文")
    for viewer, name in ((world.learners[0].viewer, "learner:announcement"), (world.tutor, "staff:announcement")):
        assert browser(viewer).get(at_class(world, name, draft.uuid)).status_code == 404


def test_a_learner_chooses_electives_on_the_page_and_keeps_them(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    set_elective_window(
        world.manager, world.cls, opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 12), least=1, most=1
    )
    item = CurriculumItem.objects.get(training_class=world.cls, kind="elective")
    client = browser(learner.viewer)
    none = client.post(at_class(world, "learner:choose"))
    assert (none.status_code, "要选 1 门，现在勾了 0 门，没有保存" in none.content.decode()) == (422, True)
    assert client.post(at_class(world, "learner:choose"), {"items": [item.pk, "x", "9" * 30]}).status_code in {302, 422}
    assert client.post(at_class(world, "learner:choose"), {"items": [item.pk]}).status_code == 302
    assert chosen_courses(learner.enrolment) == {item.course_id}
    assert "已选</span>" in client.get(at_class(world, "learner:affairs")).content.decode()
    assert "checked" in client.get(at_class(world, "learner:affairs")).content.decode()
    unticked = client.post(at_class(world, "learner:choose")).content.decode()
    assert "checked" not in unticked[: unticked.index("请假、缓考、延期")]  # what was ticked, not what is kept


def test_who_finds_every_place_taken_is_told_whom_to_ask(at: At) -> None:
    world = small_world(2)
    days = {"opens_on": date(2017, 6, 10), "closes_on": date(2017, 6, 12)}
    set_elective_window(world.manager, world.cls, **days, least=1, most=1, places=1)
    item = CurriculumItem.objects.get(training_class=world.cls, kind="elective")
    first, second = (browser(learner.viewer) for learner in world.learners)
    first.post(at_class(world, "learner:choose"), {"items": [item.pk]})
    told = [
        "剩下的名额不够您选了" in c.get(at_class(world, "learner:affairs")).content.decode() for c in (first, second)
    ]
    assert told == [False, True]


def test_leave_is_asked_for_and_answered_on_the_pages(at: At) -> None:
    world = small_world(1)
    learner, manager = browser(world.learners[0].viewer), browser(world.manager)
    asked = {"kind": "leave", "starts_on": "2017-06-20", "ends_on": "2017-06-19", "reason": "学校有事"}
    exam = make_exam(world)
    for more in ({}, {"kind": "deferral", "exam": exam.pk}, {"kind": ""}):
        bad = learner.post(at_class(world, "learner:ask_leave"), asked | more)
        text = bad.content.decode()
        assert (bad.status_code, "学校有事" in text, "<details open" in text) == (422, True, True)
        assert 'aria-invalid="true"' in text or more == {"kind": ""}
        assert (f'value="{exam.pk}" selected' in text) == ("exam" in more)
    assert learner.post(at_class(world, "learner:ask_leave"), asked | {"ends_on": "2017-06-21"}).status_code == 302
    assert "学校有事" in manager.get(at_class(world, "staff:affairs")).content.decode()
    leave = LeaveRequest.objects.get()
    decide = at_class(world, "staff:decide_leave", leave.uuid)
    assert manager.post(decide, {"then": "refuse"}).status_code == 422
    assert manager.post(decide, {"then": "grant", "answer": "同意，注意安全"}).status_code == 302
    assert "同意，注意安全" in learner.get(at_class(world, "learner:affairs")).content.decode()


def test_after_the_freeze_nobody_is_invited_to_ask(at: At) -> None:
    world = small_world(1)
    freeze_class(world.manager, world.cls, ledger_position=0)
    page = browser(world.learners[0].viewer).get(at_class(world, "learner:affairs")).content.decode()
    assert ("本班已经结束，不再接受申请。" in page, "提出申请" in page) == (True, False)


def test_a_survey_goes_round_and_says_how_it_is_kept(at: At) -> None:
    world = small_world(2)
    manager, learner = browser(world.manager), browser(world.learners[0].viewer)
    asked = {
        "title": "结业问卷",
        "opens_on": "2017-06-10",
        "closes_on": "2017-06-12",
        "questions": "量表｜有帮助\n怎么样",
    }
    bad = manager.post(at_class(world, "staff:open_survey"), asked)
    assert (bad.status_code, "第 2 行看不懂" in bad.content.decode()) == (422, True)
    good = asked | {"questions": "量表｜有帮助\n单选|方式|网络|面授\n文字｜建议"}
    assert manager.post(at_class(world, "staff:open_survey"), good).status_code == 302
    uuid = world.cls.surveys.get().uuid
    address = at_class(world, "learner:survey", uuid)
    assert "答卷不记姓名" in learner.get(address).content.decode()
    missing = learner.post(address, {"q1": "5", "q3": "多讲案例"})
    assert (
        missing.status_code,
        "第 2 题还没有选" in missing.content.decode(),
        "多讲案例" in missing.content.decode(),
    ) == (422, True, True)
    assert learner.post(address, {"q1": "5", "q2": "0", "q3": "多讲案例"}).status_code == 302
    assert SurveyAnswer.objects.count() == 1
    assert "满 5 份以后显示汇总" in manager.get(at_class(world, "staff:survey_results", uuid)).content.decode()


@pytest.mark.parametrize("name", ["learner:announcements", "learner:notices", "learner:affairs"])
def test_the_pages_cost_the_same_statements_with_two_and_with_ten_announcements(at: At, name: str) -> None:
    world, counts = small_world(2), []
    for size in (2, 8):
        for n in range(size):
            draft = notices.draft_announcement(world.manager, world.cls, title=f"通知{n}", body="正文")
            notices.publish_announcement(world.manager, draft)
        notices.tell_of_announcements()
        client = browser(world.learners[0].viewer)
        client.get(at_class(world, name))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at_class(world, name)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
