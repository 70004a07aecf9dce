"""A class that studied through the ledger, and its report, for tests of reports."""

from datetime import date

from factories.worlds import At, Learner, World, small_world

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts
from yanxiu.core.time import clock
from yanxiu.record.reports.actions import draft_report, freeze_report, send_to_review
from yanxiu.record.reports.models import Report
from yanxiu.study import ports
from yanxiu.study.digest.actions import digest_once
from yanxiu.training.classes.actions import allot_quota
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.discussion.consent.actions import set_quotable
from yanxiu.training.discussion.models import Post

NARRATIVE = """# 小班学习　圆满结束

——{{ class_name }}

{{ class_start }}开班，注册人数{{ registered_count }}，必修课总时长{{ compulsory_minutes }}，平均{{ mean_minutes }}。

**研讨热烈**。{{ quote_1_author }}写道：“[[post:@quote_1|从身边的事讲起]]”。发帖{{ discussion_posters }}。

{{chart:minutes}}
"""


def study(world: World, learner: Learner, minutes: int, at: At, when: str, *, lesson: int = 0) -> None:
    """Whole minutes of a lesson from its start, in beats of 30 s."""
    at(when)
    opened, item = clock.now_ms(), world.lessons[lesson]
    facts = SessionFacts(
        sid=f"s-{learner.person.pk}-{opened}", enrolment_id=learner.enrolment.pk, person_id=learner.person.pk,
        class_id=world.cls.pk, lesson_id=item.pk, lesson_version=item.version, kind=item.kind,
        duration_ms=item.duration_ms, policy_id="enaea-2017@1", max_rate=1.0, cadence_ms=30_000, zone="Asia/Shanghai",
        opened_at_ms=opened, expires_at_ms=opened + 86_400_000,
    )  # fmt: skip
    for n in range(minutes * 2):
        a, b = n * 30_000, (n + 1) * 30_000
        ports.ledger().append(facts, [Beat(n, (MediaSpan(a, b, a, b),))], opened + b)


def studied_class(at: At) -> tuple[World, Post]:
    """Three learners, 15 minutes in all, one post that a report may quote."""
    world = small_world(learners=3)
    for school in world.schools:
        allot_quota(world.organiser, world.cls, org=school, seats=1)
    one, two, _three = world.learners
    study(world, one, 10, at, "2017-06-12T09:00:00+08:00")
    study(world, two, 5, at, "2017-06-20T10:00:00+08:00", lesson=2)
    first = discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
    )
    at("2017-06-23T09:00:00+08:00")
    post = discussion.publish_post(one.viewer, first, body="微党课要从身边的事讲起，才听得进去。")
    set_quotable(one.viewer, post, quotable=True)
    digest_once()
    at("2017-07-24T09:00:00+08:00")
    return world, post


def drafted(world: World, post: Post, narrative: str = NARRATIVE) -> Report:
    frontmatter = {
        "name": "学习简报",
        "number": "1",
        "issuer": "办公室",
        "issued_on": "2017-07-28",
        "issue": "各校",
        "quotes": {"quote_1": post.pk},
    }
    return draft_report(world.manager, world.cls, template="jianbao", narrative=narrative, frontmatter=frontmatter)


def frozen(world: World, post: Post, narrative: str = NARRATIVE) -> Report:
    report = send_to_review(world.manager, drafted(world, post, narrative))
    return freeze_report(world.organiser, report)
