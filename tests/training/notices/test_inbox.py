"""Notices: once an occasion, receipts, quiet hours, reminders of deadlines."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.exams import make_exam
from factories.worlds import At, small_world

from yanxiu.kit.errors import Refused
from yanxiu.record.assessment.reminders import remind_of_deadlines
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.exams.actions import start_attempt, submit_attempt
from yanxiu.training.notices import actions
from yanxiu.training.notices.inbox import actions as inbox
from yanxiu.training.notices.inbox.kinds import out_of_quiet_hours
from yanxiu.training.notices.inbox.queries import own_notices, unread_count
from yanxiu.training.notices.inbox.words import Words
from yanxiu.training.notices.models import AnnouncementReceipt, Notice
from yanxiu.training.notices.queries import announcements_of, readers, receipt_counts

pytestmark = pytest.mark.django_db


def test_an_occasion_makes_one_notice_a_person_however_often_it_is_told(at: At) -> None:
    world = small_world(3)
    persons = [learner.person.pk for learner in world.learners]
    words = Words("第 1 轮研讨还没有完成发帖", "今天截止", "rounds/1")
    assert inbox.notify(persons, "deadline", "round:1", words, world.cls) == 3
    assert inbox.notify([*persons, persons[0]], "deadline", "round:1", words, world.cls) == 0
    assert inbox.fan_out(world.cls, "deadline", "round:2", words, persons[:1]) == 1
    assert inbox.fan_out(world.cls, "deadline", "round:2", words, persons) is None
    viewer = world.learners[0].viewer
    assert unread_count(viewer) == 2
    (newest, *_rest) = own_notices(viewer).rows
    assert (newest.class_key, newest.place, newest.is_read) == (world.cls.key, "rounds/1", False)
    assert inbox.mark_all_read(viewer) == 2
    assert (unread_count(viewer), unread_count(world.learners[1].viewer)) == (0, 1)


def test_an_unknown_kind_of_notice_is_a_mistake_of_ours(at: At) -> None:
    with pytest.raises(KeyError):
        inbox.notify([], "gossip", "x", Words("题"))


@pytest.mark.parametrize(
    ("local", "moved"),
    [
        ("2017-06-20T21:29:59", "2017-06-20T21:29:59"),
        ("2017-06-20T21:30:00", "2017-06-21T07:30:00"),
        ("2017-06-20T23:59:59", "2017-06-21T07:30:00"),
        ("2017-06-21T00:00:00", "2017-06-21T07:30:00"),
        ("2017-06-21T07:29:59", "2017-06-21T07:30:00"),
        ("2017-06-21T07:30:00", "2017-06-21T07:30:00"),
    ],
)
def test_what_falls_into_the_quiet_hours_waits_for_their_end(local: str, moved: str) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    instant = datetime.fromisoformat(local).replace(tzinfo=zone)
    assert out_of_quiet_hours(instant, "Asia/Shanghai") == datetime.fromisoformat(moved).replace(tzinfo=zone)


def test_opening_an_announcement_is_the_receipt_and_the_staff_leaves_none(at: At) -> None:
    world = small_world(3)
    draft = actions.draft_announcement(world.manager, world.cls, title="开班通知", body="请按时学习")
    actions.read_announcement(world.learners[0].viewer, draft)  # not published yet: no receipt
    published = actions.publish_announcement(world.manager, draft)
    at("2017-06-11T09:00:00+08:00")
    for viewer in (world.learners[0].viewer, world.learners[0].viewer, world.manager, world.other_learner.viewer):
        actions.read_announcement(viewer, published)
    assert AnnouncementReceipt.objects.count() == 1
    assert receipt_counts([published.pk]) == {published.pk: 1}
    assert [row.name for row in readers(published, have_read=True).rows] == [world.learners[0].person.name]
    assert len(readers(published, have_read=False).rows) == 2
    (mine,) = announcements_of(world.learners[0].viewer, world.cls).rows
    (other,) = announcements_of(world.learners[1].viewer, world.cls).rows
    assert (mine.is_read, other.is_read) == (True, False)


def test_published_announcements_are_told_once_and_the_unread_reminded_once_a_day(at: At) -> None:
    world = small_world(3)
    old = actions.publish_announcement(
        world.manager, actions.draft_announcement(world.manager, world.cls, title="旧通知", body="正文")
    )
    at("2017-06-20T09:00:00+08:00")
    fresh = actions.publish_announcement(
        world.manager, actions.draft_announcement(world.manager, world.cls, title="新通知", body="正文")
    )
    assert (actions.tell_of_announcements(), actions.tell_of_announcements()) == (1, 0)
    assert set(Notice.objects.values_list("title", flat=True)) == {"新公告：新通知"}
    assert Notice.objects.count() == 3
    actions.read_announcement(world.learners[0].viewer, fresh)
    assert (actions.remind_unread(world.manager, fresh), actions.remind_unread(world.manager, fresh)) == (2, 0)
    at("2017-06-21T09:00:00+08:00")
    assert actions.remind_unread(world.organiser, fresh) == 2
    with pytest.raises(Refused):
        actions.remind_unread(world.tutor, fresh)
    actions.withdraw_announcement(world.manager, old)
    with pytest.raises(Refused):
        actions.remind_unread(world.manager, old)


def test_only_those_who_have_not_done_it_are_reminded_three_days_one_day_and_on_the_day(at: At) -> None:
    world = small_world(3)
    opened = datetime.fromisoformat("2017-06-22T00:00:00").date()
    closes = datetime.fromisoformat("2017-06-30T00:00:00").date()
    round_ = discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=opened, closes_on=closes, required_posts=1
    )
    at("2017-06-27T08:00:00+08:00")
    discussion.publish_post(world.learners[0].viewer, round_, body="从身边的事讲起。")
    made = []
    for day in range(26, 32):
        month, date = (6, day) if day <= 30 else (7, day - 30)
        for hour in ("07:59", "08:01", "20:00"):  # never before eight; never twice
            at(f"2017-{month:02d}-{date:02d}T{hour}:00+08:00")
            made.append((day, hour, remind_of_deadlines()))
    assert [row for row in made if row[2]] == [(27, "08:01", 2), (29, "08:01", 2), (30, "08:01", 2)]
    told = set(Notice.objects.values_list("person_id", flat=True))
    assert told == {learner.person.pk for learner in world.learners[1:]}
    assert Notice.objects.order_by("-pk").values_list("body", flat=True)[0] == "今天（6月30日）24:00 截止。"


def test_exams_and_outcomes_have_their_reminders_too(at: At) -> None:
    world = small_world(2)
    exam = make_exam(world)
    at(exam.opens_at.isoformat())
    first = world.learners[0]
    submit_attempt(first.viewer, start_attempt(first.viewer, exam, first.enrolment))
    assert remind_of_deadlines() == 1  # the exam closes today; only the second learner has not sat it
    at("2017-07-18T09:00:00+08:00")
    assert remind_of_deadlines() == 3  # nobody has handed in an outcome, three days before both classes end
    places = set(Notice.objects.values_list("place", flat=True))
    assert places == {"exams", "outcomes"}


def test_a_page_of_notices_is_one_statement_at_any_length(at: At) -> None:
    world = small_world(1)
    inbox.notify([world.learners[0].person.pk], "decision", "one", Words("批复"), world.cls)
    counts = []
    for extra in (0, 3):
        for n in range(extra):
            inbox.notify([world.learners[0].person.pk], "decision", f"more{n}", Words("批复"), world.cls)
        with CaptureQueriesContext(connection) as asked:
            list(own_notices(world.learners[0].viewer).rows)
        counts.append(len(asked))
    assert counts[0] == counts[1] == 1
