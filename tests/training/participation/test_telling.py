"""Who is told of what: once, the right person, at a place that opens for them."""

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.exams import make_exam
from factories.saying import untranslated
from factories.worlds import At, Learner, World, make_class, make_learner, small_world

from yanxiu.config.running.chores import CHORES, _link
from yanxiu.core.time import clock
from yanxiu.faces.frame.learning.told import told
from yanxiu.kit.models import AuditEntry, Untold
from yanxiu.kit.telling import tell_untold
from yanxiu.people.models import Account
from yanxiu.people.queries import SYSTEM, Viewer
from yanxiu.record.assessment.reminders import remind_of_deadlines
from yanxiu.training.classes import actions as classes
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import DiscussionRound
from yanxiu.training.exams import actions as exams
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.kinds import kind, kind_names
from yanxiu.training.notices.inbox.queries import own_notices
from yanxiu.training.notices.inbox.words import Words
from yanxiu.training.notices.models import Delivery, FanOut, Notice
from yanxiu.training.notices.ports import plug_channels
from yanxiu.training.participation.telling.classes import tell_of_openings, tell_opened
from yanxiu.training.participation.telling.exams import tell_of_resits

pytestmark = pytest.mark.django_db


def opens(viewer: Viewer, words: str) -> None:
    """The viewer has exactly one notice with these words, and its link answers 200 for them."""
    (row,) = [row for row in own_notices(viewer).rows if words in row.title]
    assert untranslated() == []
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    assert client.get(told(row).href).status_code == 200, told(row).href
    assert _link(Notice.objects.get(pk=row.notice_id)).startswith(settings.OWN_ORIGIN)
    assert _link(Notice.objects.get(pk=row.notice_id)) == settings.OWN_ORIGIN + told(row).href


def silent(*viewers: Viewer) -> bool:
    return not any(own_notices(viewer).rows for viewer in viewers)


def open_round(world: World) -> DiscussionRound:
    return discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 30)
    )


def test_every_kind_has_words_in_both_languages_and_says_whether_it_leaves() -> None:
    for name in kind_names():
        assert len(name) <= 16  # Notice.kind
        assert kind(name).zh.isascii() is False
        assert kind(name).en.isascii() is True


def test_a_reply_a_quotation_and_the_mark_of_a_post_are_told_to_its_writer_alone(at: At) -> None:
    world = small_world(3)
    one, two, three = world.learners
    round_ = open_round(world)
    post = discussion.publish_post(one.viewer, round_, body="从身边的事讲起。")
    discussion.reply(two.viewer, post, body="我也这样想。")
    assert [tell_untold(), tell_untold()] == [1, 0]
    discussion.reply(one.viewer, post, body="谢谢。")
    assert tell_untold() == 0  # one's own
    discussion.publish_post(three.viewer, round_, body="引用一段。", quoted=post)
    discussion.reply(world.tutor, post, body="讲得好。")
    discussion.feature_post(world.tutor, post)
    assert tell_untold() == 3
    discussion.feature_post(world.tutor, post, is_featured=False)
    discussion.feature_post(world.tutor, post)
    assert tell_untold() == 0  # once a post
    for words in (f"{two.person.name} 回复了", f"{three.person.name} 引用了", "辅导教师回复了", "设为精华"):
        opens(one.viewer, words)
    assert silent(two.viewer, three.viewer, world.tutor)


def test_a_removed_post_is_told_with_the_reason_and_so_is_who_reported_it(at: At) -> None:
    world = small_world(3)
    one, two, three = world.learners
    round_ = open_round(world)
    post = discussion.publish_post(one.viewer, round_, body="卖茶叶，请联系我。")
    report = discussion.report_post(two.viewer, post, reason="广告")
    discussion.answer_report(world.tutor, report.pk, uphold=True, answer="与研讨无关")
    assert [tell_untold(), tell_untold()] == [2, 0]
    opens(one.viewer, "您的帖子已被删除")
    opens(two.viewer, "您举报的帖子已删除")
    assert own_notices(one.viewer).rows[0].body == "与研讨无关"
    own = discussion.publish_post(three.viewer, round_, body="写错了。")
    discussion.remove_post(three.viewer, own, reason="作者撤回")
    assert tell_untold() == 0
    assert silent(three.viewer)


def _sat(learner: Learner, score: int | None, exam: Exam) -> None:
    attempt = exams.start_attempt(learner.viewer, exam, learner.enrolment)
    exams.submit_attempt(learner.viewer, attempt)
    ExamAttempt.objects.filter(pk=attempt.pk).update(score=score)


def test_results_deferral_and_resit_are_told_to_whom_they_concern(at: At) -> None:
    world = small_world(4)
    failed, passed, marking, absent = world.learners
    exam = make_exam(world)
    at((exam.opens_at + timedelta(hours=1)).isoformat())
    for learner, score in ((failed, 40), (passed, 80), (marking, None)):
        _sat(learner, score, exam)
    until = exam.closes_at + timedelta(days=1)
    exams.defer(world.manager, absent.enrolment, exam, until, reason="因公出差")
    assert [tell_untold(), tell_untold()] == [1, 0]
    opens(absent.viewer, "已准予缓考")
    starts = exam.closes_at + timedelta(days=2)
    exam = exams.set_resit(world.manager, exam, opens_at=starts, closes_at=starts + timedelta(days=3))
    assert tell_of_resits() == 0  # not open yet
    at((starts + timedelta(hours=1)).isoformat())
    assert [tell_of_resits(), tell_of_resits()] == [2, 0]
    opens(failed.viewer, "补考开始了")
    opens(absent.viewer, "补考开始了")
    ExamAttempt.objects.filter(enrolment=marking.enrolment).update(score=30)
    at((starts + timedelta(days=1)).isoformat())
    assert tell_of_resits() == 1  # marked meanwhile; nobody hears it twice
    opens(marking.viewer, "补考开始了")
    assert silent(passed.viewer)
    at((starts + timedelta(days=4)).isoformat())
    exams.release_exam(world.manager, exam)
    assert [tell_untold(), tell_untold()] == [3, 0]
    for learner in (failed, passed, marking):
        opens(learner.viewer, "成绩已发布")


def test_a_class_that_opens_tells_its_learners_on_its_first_day(at: At) -> None:
    at("2017-06-09T20:00:00+08:00")
    world = small_world(2)
    assert (tell_opened(world.cls), tell_of_openings()) == (0, 0)  # running, but not begun
    at("2017-06-10T00:00:30+08:00")
    assert [tell_of_openings(), tell_of_openings(), tell_opened(world.cls)] == [3, 0, 0]  # both classes of the world
    for learner in world.learners:
        opens(learner.viewer, "开班了")
    late = make_class(world.organiser, world.city, world.institute, key="late-2017", name="晚开的班", state="enrolling")
    classes.allot_quota(world.organiser, late, org=world.schools[0], seats=2)
    make_learner(late, world.schools[0], "新学员", 120)
    at("2017-06-30T09:00:00+08:00")
    classes.change_state(world.organiser, late, "running")
    at("2017-07-01T09:00:00+08:00")
    assert (tell_of_openings(), tell_untold()) == (0, 1)  # opened long after its first day
    Notice.objects.all().delete()
    FanOut.objects.all().delete()
    Untold.objects.create(entry=AuditEntry.objects.filter(action="change_state").latest("pk"), due_at=clock.now())
    at("2017-07-09T09:00:00+08:00")
    assert (tell_untold(), Untold.objects.count()) == (0, 0)  # the chores stood still for a week
    assert {"开班通知", "补考通知"} <= CHORES.keys()


def test_who_learns_in_two_classes_is_told_of_both_openings_and_both_deadlines(at: At) -> None:
    at("2017-06-11T09:00:00+08:00")
    world = small_world(1)
    beside = make_class(world.organiser, world.city, world.institute, key="beside-2017", name="同期小班")
    learner = world.learners[0]
    place = classes.enrol_learner(SYSTEM, beside, person=learner.person, nominating_org=world.schools[0])
    classes.register_learner(learner.viewer, place)
    tell_of_openings()
    at("2017-07-20T09:00:00+08:00")
    remind_of_deadlines()
    titles = [row.title for row in own_notices(learner.viewer).rows]
    assert sum("开班了" in title for title in titles) == 2
    assert sum("还没有提交研修成果" in title for title in titles) == 2


def test_what_happens_at_night_leaves_in_the_morning(at: At) -> None:
    class Mail:
        name = "email"

    at("2017-06-20T22:15:00+08:00")
    world = small_world(1)
    plug_channels([Mail()])  # type: ignore[list-item]  # nothing is sent here
    try:
        notify([world.learners[0].person.pk], "decision", "x", Words("已同意"), world.cls)
        notify([world.learners[0].person.pk], "comment", "y", Words("有人回复"), world.cls)
    finally:
        plug_channels([])
    (waiting,) = Delivery.objects.all()  # comments are read in the app only
    assert waiting.due_at == datetime.fromisoformat("2017-06-21T07:30:00+08:00")


def test_the_deed_costs_the_same_in_any_class_and_a_whole_class_is_told_in_as_many_statements_as_a_few(at: At) -> None:
    world, counts = small_world(2), []
    exam = make_exam(world)
    for number in range(2):
        at((exam.opens_at + timedelta(hours=1)).isoformat())
        if number:
            for school in world.schools:
                classes.allot_quota(SYSTEM, world.cls, org=school, seats=20)
            world.learners += [make_learner(world.cls, world.schools[0], f"新学员{n}", 300 + n) for n in range(9)]
            Exam.objects.update(released_at=None)
            Notice.objects.all().delete()
        for learner in world.learners:
            if not learner.enrolment.attempts.exists():
                _sat(learner, 50, exam)
        at((exam.closes_at + timedelta(days=1)).isoformat())
        with CaptureQueriesContext(connection) as deed:
            exams.release_exam(world.manager, exam)
        with CaptureQueriesContext(connection) as telling:
            assert tell_untold() == len(world.learners)
        counts.append((len(deed), len(telling)))
    (deed_of_two, two), (deed_of_eleven, eleven) = counts
    assert deed_of_eleven <= deed_of_two
    assert two == eleven <= 10
