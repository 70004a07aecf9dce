"""The buttons of the staff tell whom they concern, through the pages: each notice opens for its reader."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from factories.exams import make_exam
from factories.saying import untranslated
from factories.worlds import At, World, make_class, make_learner, small_world
from factories.writing import hand_in

from yanxiu.faces.frame.learning.told import told
from yanxiu.kit.telling import tell_untold
from yanxiu.people.models import Account, Person
from yanxiu.people.profile.corrections import propose_corrections
from yanxiu.people.queries import Viewer
from yanxiu.study.integrity.actions import make_appeal
from yanxiu.study.models import UncountedCell
from yanxiu.training.classes.actions import allot_quota, assign_role, change_state
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.courses.actions import add_to_curriculum
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.exams import actions as exams
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.queries import own_notices, unread_count
from yanxiu.training.notices.inbox.words import Words
from yanxiu.training.outcomes.thought_reports import submit_thought_report
from yanxiu.training.participation.leave import ask_leave

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def at_class(world: World, name: str, *arguments: object) -> str:
    return reverse(name, args=[world.cls.key, *arguments])


def heard(viewer: Viewer) -> list[str]:
    """Titles of their notices, the newest first; every link opens."""
    tell_untold()  # no transaction of a test is ever committed: what happens after one does not
    client, rows = browser(viewer), own_notices(viewer).rows
    assert untranslated() == []
    assert {client.get(told(row).href).status_code for row in rows} <= {200}
    return [row.title for row in rows]


def test_replies_marks_and_removals_of_posts(at: At) -> None:
    world = small_world(3)
    one, two, three = world.learners
    round_ = discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 30)
    )
    post = discussion.publish_post(one.viewer, round_, body="从身边的事讲起。")
    bad = discussion.publish_post(two.viewer, round_, body="卖茶叶。")
    report = discussion.report_post(three.viewer, bad, reason="广告")
    tutor, learner = browser(world.tutor), browser(two.viewer)
    tutor.post(at_class(world, "staff:round_reply", 1, post.uuid), {"body": "讲得好。"})
    tutor.post(at_class(world, "staff:post_feature", 1, post.uuid), {"featured": "1"})
    tell_untold()
    learner.post(at_class(world, "learner:post", 1, post.uuid), {"body": "学习了。"})
    learner.post(at_class(world, "learner:round", 1), {"body": "引用一段。", "quote": str(post.uuid)})
    tutor.post(at_class(world, "staff:abuse_answer", 1, bad.uuid, report.pk), {"uphold": "1", "answer": "与研讨无关"})
    tutor.post(at_class(world, "staff:post_remove", 1, post.uuid), {"reason": "重复"})
    assert heard(one.viewer) == [
        "您的帖子已被删除，不再计入要求", f"{two.person.name} 引用了您的帖子", f"{two.person.name} 回复了您的帖子", "您的帖子被设为精华",
        "辅导教师回复了您的帖子",
    ]  # fmt: skip
    assert heard(two.viewer) == ["您的帖子已被删除，不再计入要求"]
    assert heard(three.viewer) == ["您举报的帖子已删除"]


def test_comments_of_fellow_learners_and_what_the_staff_take_down(at: At) -> None:
    world = small_world(2)
    author, fellow = world.learners
    piece = hand_in(author, "从身边的事讲起。")
    browser(fellow.viewer).post(
        at_class(world, "learner:outcome", piece.uuid), {"do": "comment", "comment": "很受启发。"}
    )
    browser(author.viewer).post(
        at_class(world, "learner:outcome", piece.uuid), {"do": "comment", "comment": "补充一句。"}
    )
    tell_untold()
    desk, tutor = at_class(world, "staff:outcome", piece.uuid), browser(world.manager)
    (comment,) = piece.comments.filter(author=fellow.person)
    tutor.post(desk, {"do": "uncomment", "of": str(comment.pk), "reason": "请勿灌水"})
    tutor.post(desk, {"do": "withdraw", "reason": "交错了班级"})
    assert heard(author.viewer) == [f"您的“{piece.title}”已被撤回，不再计入", f"有同学评论了您的“{piece.title}”"]
    assert heard(fellow.viewer)[0] == f"您对“{piece.title}”的评论已被删除"


def test_deferrals_and_results_of_an_exam(at: At) -> None:
    world = small_world(2)
    exam, manager = make_exam(world), browser(world.manager)
    one, two = world.learners
    at((exam.opens_at + timedelta(hours=1)).isoformat())
    exams.submit_attempt(one.viewer, exams.start_attempt(one.viewer, exam, one.enrolment))
    until = f"{exam.closes_at + timedelta(days=1):%Y-%m-%dT%H:%M}"
    manager.post(at_class(world, "staff:exam_defer", exam.uuid), {"enrolment": two.enrolment.pk, "until": until})
    at((exam.closes_at + timedelta(days=3)).isoformat())
    manager.post(at_class(world, "staff:exam_release", exam.uuid))
    assert heard(one.viewer) == ["成绩已发布：结业考试"]
    assert heard(two.viewer) == ["已准予缓考：结业考试"]


def test_opening_a_class_and_deciding_a_correction(at: At) -> None:
    world = small_world(1)
    fresh = make_class(
        world.organiser, world.city, world.institute, key="fresh-2017", name="新班", state="enrolling",
        starts_on=date(2017, 6, 1),
    )  # fmt: skip
    allot_quota(world.organiser, fresh, org=world.schools[0], seats=2)
    TrainingClass.objects.filter(pk=fresh.pk).update(scheme_id="public-course@1")  # what it asks for is planned below
    assign_role(world.organiser, fresh, person=Person.objects.get(pk=world.manager.person_id), role="class_manager")
    add_to_curriculum(world.organiser, fresh, course=world.lessons[0].course, kind="compulsory", num=1)
    learner = make_learner(fresh, world.schools[0], "新学员", 120)
    organiser = browser(world.organiser)
    for _press in range(2):
        organiser.post(reverse("staff:setup_state", args=[fresh.key]), {"to": "running"})
    assert heard(learner.viewer) == ["新班开班了"]
    fresh.refresh_from_db()
    assert change_state(world.organiser, fresh, "makeup").state == "makeup"
    old = world.learners[0]
    held = {"name": "苏晚晴", "organisation": world.schools[0].name, "post_title": old.person.post_title}
    (correction,) = propose_corrections(old.viewer, held)
    manager = browser(world.manager)
    manager.post(at_class(world, "staff:corrections"), {"correction": correction.pk, "decision": "approve"})
    assert heard(old.viewer) == ["您申请更正的姓名已经生效"]


def test_decisions_on_leave_study_time_and_pieces_lead_where_they_can_be_read(at: At) -> None:
    world = small_world(1)
    learner, manager = world.learners[0], browser(world.manager)
    asked = ask_leave(
        learner.viewer, learner.enrolment, kind="leave", starts_on=date(2017, 6, 20), ends_on=date(2017, 6, 21),
        reason="学校有事",
    )  # fmt: skip
    whose = {"class_id": world.cls.pk, "enrolment_id": learner.enrolment.pk, "lesson_id": world.lessons[0].pk}
    UncountedCell.objects.create(
        **whose, person_id=learner.person.pk, day=date(2017, 6, 9), reason="unproven", uncounted_ms=60_000
    )
    appeal = make_appeal(learner.viewer, **whose, day=date(2017, 6, 9), reason="unproven", text="当时在做笔记。")
    piece = hand_in(learner, "从身边的事讲起。")
    thought = submit_thought_report(learner.viewer, learner.enrolment, title="思想汇报", body="近来的想法。")
    manager.post(at_class(world, "staff:decide_leave", asked.uuid), {"then": "grant"})
    manager.post(at_class(world, "staff:decide_appeal", appeal.pk), {"then": "reject", "answer": "没有记录"})
    manager.post(at_class(world, "staff:outcome", piece.uuid), {"do": "return", "reason": "请补充实施效果"})
    manager.post(at_class(world, "staff:thought", thought.pk), {"do": "return", "reason": "请联系实际"})
    assert heard(learner.viewer) == [
        "一篇思想汇报被退回，请修改后重新提交", f"您的“{piece.title}”被退回，请修改后重新提交", "学时申诉未同意", "请假：已同意",
    ]  # fmt: skip


def test_the_staff_read_their_notices_on_a_page_of_their_own(at: At) -> None:
    world = small_world(1)
    notify([world.manager.person_id or 0], "duties", "duties:1", Words("1 件事等您处理", "举报 1", "rounds"), world.cls)
    manager = browser(world.manager)
    bell = manager.get(at_class(world, "staff:rounds")).content.decode()
    assert "消息，1 条未读" in bell
    page = manager.get(reverse("portal:notices")).content.decode()
    assert (at_class(world, "staff:rounds") in page, "待办汇总" in page) == (True, True)
    assert manager.post(reverse("portal:notices")).status_code == 302
    assert unread_count(world.manager) == 0
    assert "每天早上" in browser(world.tutor).get(reverse("portal:notices")).content.decode()
