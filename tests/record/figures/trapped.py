"""A class of four registered learners with every trap of docs/figures.md in it, driven through the real actions.

What an action refuses (a late post) is put into the table directly: a figure must not rely on the refusal.
One, Two, Three and Four are registered; Five did everything and was withdrawn; Six is only nominated.
"""

from collections.abc import Callable
from datetime import date, datetime

from factories.remembered import remembered
from factories.worlds import Learner, World, make_learner, person, small_world

from yanxiu.study.models import CreditCell
from yanxiu.training.classes import actions as classes
from yanxiu.training.courses import actions as courses
from yanxiu.training.courses.models import Lesson
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.exams import actions as exams
from yanxiu.training.exams.models import Exam
from yanxiu.training.notices import actions as notices
from yanxiu.training.outcomes import actions as outcomes
from yanxiu.training.outcomes.models import Outcome

At = Callable[[str], None]
SHANGHAI = "+08:00"
MINUTE = 60_000


def trapped_class(at: At) -> World:
    """Expected figures stand in test_values.EXPECTED, worked out there line by line."""
    return remembered("trapped_class", lambda: _trapped_class(at))


def _trapped_class(at: At) -> World:
    world = small_world(learners=4)
    world.learners.append(make_learner(world.cls, world.schools[0], "学员5", 104))
    six = person("学员6", 105, world.schools[1])
    classes.enrol_learner(world.manager, world.cls, person=six, nominating_org=world.schools[1])
    for school, seats in zip(world.schools, (7, 4, 4), strict=True):
        classes.allot_quota(world.organiser, world.cls, org=school, seats=seats)
    classes.allot_quota(world.other_organiser, world.other_class, org=world.other_school, seats=9)
    _study(world)
    _announce(world, at)
    at("2017-06-20T09:00:00+08:00")
    _hand_in(world)
    _sit(world, at)
    _discuss(world, at)
    at("2017-07-20T09:00:00+08:00")
    classes.withdraw_learner(world.manager, world.learners[4].enrolment, reason="调离")
    return world


def _cell(learner: Learner, lesson: Lesson, ms: int, class_id: int, day: date = date(2017, 6, 12)) -> None:
    CreditCell.objects.create(
        class_id=class_id, enrolment_id=learner.enrolment.pk, person_id=learner.person.pk, lesson_id=lesson.pk,
        lesson_version=lesson.version, day=day, credited_ms=ms, algorithm="credit_v1",
    )  # fmt: skip


def _study(world: World) -> None:
    one, two, three, _four, five = world.learners
    compulsory, _reading, elective, _other = world.lessons
    field = courses.create_field(world.organiser, key="own", name="自修")
    lecturer = courses.create_lecturer(world.organiser, name="孙自修")
    own = courses.create_course(world.organiser, field=field, lecturer=lecturer, title="自修课")
    alone = courses.create_lesson(
        world.organiser, course=own, num=1, title="自修", kind="video", duration_ms=90 * MINUTE
    )
    courses.add_to_curriculum(world.organiser, world.cls, course=own, kind="self_study", num=3)
    here = world.cls.pk
    _cell(one, compulsory, 1_830_000, here)
    _cell(one, compulsory, 600_500, here, date(2017, 6, 13))
    _cell(two, compulsory, 89_999, here)
    _cell(one, elective, 119_999, here)
    _cell(three, elective, 60_001, here)
    _cell(one, alone, 45 * MINUTE, here)
    _cell(five, compulsory, 60 * MINUTE, here)
    _cell(world.other_learner, compulsory, 60 * MINUTE, world.other_class.pk)


def _announce(world: World, at: At) -> None:
    def announce(when: str, *, publish: bool = True, withdraw: bool = False) -> None:
        at(when)
        item = notices.draft_announcement(world.manager, world.cls, title=f"通知 {when}", body="请按时学习。")
        if publish:
            item = notices.publish_announcement(world.manager, item)
        if withdraw:
            notices.withdraw_announcement(world.manager, item)

    announce("2017-06-09T23:59:59+08:00")  # the evening before the class
    announce("2017-06-10T00:00:00+08:00")  # counts
    announce("2017-06-15T08:00:00+08:00", publish=False)
    announce("2017-06-16T08:00:00+08:00", withdraw=True)
    announce("2017-07-21T23:59:59+08:00")  # counts: the whole last day
    announce("2017-07-22T00:00:00+08:00")  # the class is over


def _submitted(learner: Learner, title: str) -> Outcome:
    draft = outcomes.save_outcome_draft(learner.viewer, learner.enrolment, title=title, body="学校党建工作方案。")
    return outcomes.submit_outcome(learner.viewer, draft)


def _hand_in(world: World) -> None:
    one, two, three, four, five = world.learners
    first = _submitted(one, "方案一")
    outcomes.return_outcome(world.tutor, first, reason="请补充")
    outcomes.resubmit_outcome(one.viewer, first, body="学校党建工作方案，补充后。")
    _submitted(one, "方案二")  # a second one of the same learner
    second = _submitted(two, "方案三")
    outcomes.save_outcome_draft(three.viewer, three.enrolment, title="草稿", body="还没有写完。")
    withdrawn = _submitted(four, "方案四")
    of_five = _submitted(five, "方案五")
    _submitted(world.other_learner, "外班方案")

    outcomes.comment_outcome(two.viewer, first, body="很有启发。")
    outcomes.comment_outcome(world.tutor, first, body="补充得好。")
    outcomes.comment_outcome(two.viewer, second, body="自己补一句。")  # one's own
    gone = outcomes.comment_outcome(three.viewer, second, body="灌水。")
    outcomes.remove_comment(world.tutor, gone, reason="无意义")
    outcomes.comment_outcome(one.viewer, withdrawn, body="写得不错。")
    outcomes.comment_outcome(one.viewer, of_five, body="写得不错。")
    outcomes.withdraw_outcome(four.viewer, withdrawn)


def _sit(world: World, at: At) -> None:
    bank = exams.create_bank(world.manager, name="小班题库")
    paper = [
        (exams.add_question(world.manager, bank, kind="single", stem=f"第{n}题", options=["甲", "乙"], key=[0]), points)
        for n, points in ((1, 33), (2, 67))
    ]
    exam = exams.schedule_exam(
        world.manager, world.cls, title="结业考试", opens_at=datetime.fromisoformat("2017-06-21T00:00:00+08:00"),
        closes_at=datetime.fromisoformat("2017-07-15T00:00:00+08:00"), duration_minutes=60, max_attempts=3, questions=paper,
    )  # fmt: skip
    at("2017-06-21T09:00:00+08:00")
    one, two, three, _four, five = world.learners
    _attempt(exam, one, right=(1,))  # 33
    _attempt(exam, one, right=(2,))  # 67: the best
    _attempt(exam, one, right=(1,))  # 33: the last
    _attempt(exam, two, right=(1, 2))  # 100: the best and the first
    _attempt(exam, two, right=(2,))  # 67
    _attempt(exam, five, right=(1, 2))
    exams.start_attempt(three.viewer, exam, three.enrolment)  # and never hands it in
    at("2017-06-21T11:00:00+08:00")
    exams.expire_attempts(world.manager, exam)


def _attempt(exam: Exam, learner: Learner, right: tuple[int, ...]) -> None:
    attempt = exams.start_attempt(learner.viewer, exam, learner.enrolment)
    for num in (1, 2):
        exams.save_answer(learner.viewer, attempt, num=num, choice=[0 if num in right else 1])
    exams.submit_attempt(learner.viewer, attempt)


def _row(
    round_: DiscussionRound,
    learner: Learner,
    when: str,
    body: str,
    parent: Post | None = None,
    *,
    by_learner: bool = True,
) -> Post:
    """A post no action would take."""
    return Post.objects.create(
        round=round_, author=learner.person, parent=parent, by_learner=by_learner, body=body, characters=len(body),
        state="visible", posted_at=datetime.fromisoformat(when + SHANGHAI),
    )  # fmt: skip


def _discuss(world: World, at: At) -> None:
    one, two, three, four, five = world.learners
    first = discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
    )
    second = discussion.open_round(
        world.manager, world.cls, num=2, theme="深度融合", opens_on=date(2017, 7, 1), closes_on=date(2017, 7, 9),
        required_posts=2, min_characters=5,
    )  # fmt: skip
    at("2017-06-22T00:00:00+08:00")
    post = discussion.publish_post(one.viewer, first, body="从身边的事讲起。")
    discussion.publish_post(one.viewer, first, body="再补充一点。")  # the same learner and round again
    removed = discussion.publish_post(three.viewer, first, body="占楼。")
    discussion.remove_post(world.tutor, removed, reason="灌水")
    discussion.save_draft(four.viewer, first, body="还没有写完。")
    discussion.publish_post(world.tutor, first, body="请大家围绕主题。")
    discussion.publish_post(five.viewer, first, body="我的看法。")
    discussion.reply(two.viewer, post, body="同意。")
    discussion.reply(two.viewer, post, body="还有一点。")
    discussion.reply(world.tutor, post, body="说得好。")
    spam = discussion.reply(three.viewer, post, body="顶。")
    discussion.remove_post(world.tutor, spam, reason="灌水")
    discussion.reply(five.viewer, post, body="学习了。")
    at("2017-06-30T23:59:59.999+08:00")
    discussion.publish_post(two.viewer, first, body="赶在最后一刻。")
    _row(first, four, "2017-07-01T00:00:00", "迟到的帖子")
    _row(first, three, "2017-06-21T23:59:59", "太早的帖子")
    _row(first, four, "2017-07-01T00:00:00", "迟到的回帖", parent=post)
    # Three helps out as a tutor for a day: written as a tutor, it never counts.
    _row(first, three, "2017-06-25T09:00:00", "以辅导身份发帖", by_learner=False)
    _row(first, three, "2017-06-25T09:00:00", "以辅导身份回帖", parent=post, by_learner=False)
    at("2017-07-05T09:00:00+08:00")
    late = discussion.publish_post(one.viewer, second, body="党建与教学融合。")
    _row(second, two, "2017-07-05T09:00:00", "太短了")
    discussion.reply(one.viewer, late, body="好")  # replies have no minimum
