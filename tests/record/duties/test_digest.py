"""What waits for the staff: one notice a day at most, to whom can decide it, at a page that opens for them."""

from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.saying import untranslated
from factories.worlds import At, World, person, small_world

from yanxiu.config.running.chores import CHORES, _link
from yanxiu.faces.frame.learning.told import told
from yanxiu.people.models import Account, Person
from yanxiu.people.profile.corrections import propose_corrections
from yanxiu.people.queries import SYSTEM, Viewer, viewer_of_person
from yanxiu.record.duties.queries import duties_of
from yanxiu.record.duties.telling import tell_of_duties
from yanxiu.record.reports.actions import draft_report, send_to_review
from yanxiu.study.integrity.actions import make_appeal, propose_appeal
from yanxiu.study.models import UncountedCell
from yanxiu.training.classes.actions import assign_role
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.notices.inbox.queries import NoticeRow, own_notices
from yanxiu.training.notices.models import Notice
from yanxiu.training.participation.leave import ask_leave

pytestmark = pytest.mark.django_db


def newest(viewer: Viewer) -> NoticeRow:
    """Their newest notice; its link opens."""
    row = own_notices(viewer).rows[0]
    assert untranslated() == []
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    assert client.get(told(row).href).status_code == 200, told(row).href
    assert _link(Notice.objects.get(pk=row.notice_id)) == settings.OWN_ORIGIN + told(row).href  # what is mailed
    return row


def _asks_for_leave(world: World) -> None:
    learner = world.learners[0]
    ask_leave(
        learner.viewer, learner.enrolment, kind="leave", starts_on=date(2017, 6, 20), ends_on=date(2017, 6, 21),
        reason="学校有事",
    )  # fmt: skip


def _reports_a_post(world: World) -> None:
    round_ = discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 30)
    )
    post = discussion.publish_post(world.learners[1].viewer, round_, body="卖茶叶。")
    discussion.report_post(world.learners[2].viewer, post, reason="广告")


def test_nothing_waits_nobody_is_told_and_each_morning_one_notice_says_all(at: At) -> None:
    world = small_world(3)
    at("2017-06-12T07:59:00+08:00")
    _asks_for_leave(world)
    assert tell_of_duties() == 0  # not before eight
    at("2017-06-12T08:01:00+08:00")
    assert [tell_of_duties(), tell_of_duties()] == [1, 0]
    row = newest(world.manager)
    assert (row.title, row.body, row.place) == ("三门峡小班：1 件事等您处理", "请假、缓考、延期 1", "affairs")
    _reports_a_post(world)
    assert tell_of_duties() == 0  # tomorrow
    at("2017-06-13T08:01:00+08:00")
    with CaptureQueriesContext(connection) as statements:
        assert tell_of_duties() == 2
    assert len(statements) < 60
    assert newest(world.manager).title == "三门峡小班：2 件事等您处理"
    assert newest(world.tutor).body == "举报待处理 1"
    for nobody in (world.auditor, world.organiser, world.other_manager, *(each.viewer for each in world.learners)):
        assert own_notices(nobody).rows == ()
    assert "待办汇总" in CHORES


def test_who_manages_two_classes_is_told_of_each(at: At) -> None:
    world = small_world(1)
    at("2017-06-12T08:01:00+08:00")
    _asks_for_leave(world)
    ask_leave(
        world.other_learner.viewer, world.other_learner.enrolment, kind="leave", starts_on=date(2017, 6, 20),
        ends_on=date(2017, 6, 21), reason="学校有事",
    )  # fmt: skip
    manager = Person.objects.get(pk=world.manager.person_id)
    assign_role(SYSTEM, world.other_class, person=manager, role="class_manager")
    assert tell_of_duties() == 3  # both classes' manager, and the other's own
    assert len({row.class_key for row in own_notices(world.manager).rows}) == 2


def test_a_report_in_review_waits_for_whoever_may_sign_it_never_for_its_drafter(at: At) -> None:
    world = small_world(2)
    second = person("副班主", 50, world.institute)
    assign_role(SYSTEM, world.cls, person=second, role="class_manager")
    narrative = "# 小班学习\n\n注册人数{{ registered_count }}。\n"
    send_to_review(world.manager, draft_report(world.manager, world.cls, template="jianbao", narrative=narrative))
    at("2017-07-24T09:00:00+08:00")
    assert tell_of_duties() == 2
    for signer in (viewer_of_person(second), world.organiser):
        assert newest(signer).body == "结班报告待核稿 1"
    assert own_notices(world.manager).rows == own_notices(world.other_organiser).rows == ()


def test_every_sort_of_duty_is_counted_where_it_is_decided(at: At) -> None:
    world = small_world(3)
    _asks_for_leave(world)
    _reports_a_post(world)
    learner = world.learners[0]
    for lesson in world.lessons[:2]:
        whose = {"class_id": world.cls.pk, "enrolment_id": learner.enrolment.pk, "lesson_id": lesson.pk}
        UncountedCell.objects.create(
            **whose, person_id=learner.person.pk, day=date(2017, 6, 9), reason="unproven", uncounted_ms=60_000
        )
        appeal = make_appeal(learner.viewer, **whose, day=date(2017, 6, 9), reason="unproven", text="当时在做笔记。")
    propose_appeal(world.manager, appeal, answer="属实")
    held = {"name": "苏晚晴", "organisation": world.schools[0].name, "post_title": "校长"}
    propose_corrections(learner.viewer, held)
    found = {(duty.name, duty.count, duty.place) for duty in duties_of(world.cls)}
    assert found == {
        ("学时申诉待决定", 1, "hours"), ("学时申诉待复核", 1, "hours"), ("请假、缓考、延期", 1, "affairs"), ("举报待处理", 1, "rounds"),
        ("信息更正与注销", 2, "corrections"),
    }  # fmt: skip
