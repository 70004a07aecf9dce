"""Prepares a data directory with a small class through the real actions, in a process of its own: `stage.py FOLDER COUNT`."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

FOLDER, LEARNERS = Path(sys.argv[1]), int(sys.argv[2])
CLOCK = FOLDER / "clock"
PASSWORD = "liudong-4-kandao-haiou"
NAMES = (
    "何立新",
    "张晓东",
    "陈素芬",
    "刘卫国",
    "王建安",
    "李秀竹",
    "郭海宁",
    "杨明远",
    "赵国梁",
    "孙爱田",
    "马红叶",
    "冯静之",
)


def at(instant: str) -> None:
    CLOCK.write_text(instant, encoding="ascii")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ |= {"YANXIU_DATA_DIR": str(FOLDER), "YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": str(CLOCK)}
    at("2017-06-10T08:00:00+08:00")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from yanxiu.config.running.setup import prepare, start_django

    start_django()
    prepare()
    act()


def furnish(world: Any) -> None:
    """A video of forty minutes in two qualities, a reading, the practice lesson."""
    from factories.videos import make_pdf

    from yanxiu.training.courses.media.actions import upload, write_article
    from yanxiu.training.courses.practice.actions import furnish_practice, furnish_with_slides
    from yanxiu.training.courses.practice.slides import Slide

    furnish_practice(world.organiser)
    slides = [Slide("党章学习", ("第一讲",), 1200, "讲总纲。"), Slide("党员义务", ("第二部分",), 1200, "讲义务。")]
    furnish_with_slides(world.organiser, world.lessons[0], slides, both=True)
    reading = world.lessons[1].pk
    write_article(
        world.manager, world.cls, reading, html="<h3>读原文</h3>" + "<p>学习党章，要逐条读、联系实际读。</p>" * 30
    )
    for kind, name in (("document", "党章导读.pdf"), ("handout", "讲义.pdf")):
        upload(world.manager, world.cls, reading, kind=kind, name=name, chunks=[make_pdf(2)])


def act() -> None:
    from factories.exams import make_drawn_exam, make_exam
    from factories.worlds import make_learner, small_world
    from record.reporting import study

    from yanxiu.people import actions as people
    from yanxiu.people.models import Person
    from yanxiu.people.queries import SYSTEM
    from yanxiu.study.digest.actions import digest_once
    from yanxiu.training.classes.actions import allot_quota
    from yanxiu.training.discussion import actions as discussion
    from yanxiu.training.exams.actions import save_answer, start_attempt, submit_attempt
    from yanxiu.training.notices import actions as notices
    from yanxiu.training.outcomes import actions as outcomes

    world = small_world(learners=0)
    world.learners = [
        make_learner(world.cls, world.schools[n % 3], NAMES[n % len(NAMES)], 100 + n) for n in range(LEARNERS)
    ]
    for school in world.schools:
        allot_quota(world.organiser, world.cls, org=school, seats=-(-LEARNERS // 3))
    for viewer in (world.manager, world.organiser, world.other_manager, *(w.viewer for w in world.learners[:2])):
        _invite, token = people.issue_invite(SYSTEM, person=Person.objects.get(pk=viewer.person_id))
        people.consume_invite(token, PASSWORD, "127.0.0.1")
    furnish(world)
    days = ((22, 30, 6, "中小学微党课，如何入脑入心"), (1, 9, 7, "党建工作如何与中心工作深度融合"))
    rounds = [
        discussion.open_round(
            world.manager, world.cls, num=n, theme=theme, opens_on=date(2017, m, a), closes_on=date(2017, m, b)
        )
        for n, (a, b, m, theme) in enumerate(days, start=1)
    ]
    exam = make_exam(world)
    make_drawn_exam(world, opens="2017-07-20T08:00:00+08:00", hours=100)
    for n, learner in enumerate(world.learners):
        study(world, learner, 6 + n % 9, at, f"2017-06-{12 + n % 6}T09:00:00+08:00", lesson=n % 3)
    for month_day, round_ in (("06-23", rounds[0]), ("07-03", rounds[1])):
        at(f"2017-{month_day}T09:00:00+08:00")
        for n, learner in enumerate(world.learners):
            if n % 4 != round_.num:
                discussion.publish_post(learner.viewer, round_, body="微党课要从身边的事讲起，才听得进去。")
    for n, learner in enumerate(world.learners):
        if n % 5:
            draft = outcomes.save_outcome_draft(
                learner.viewer, learner.enrolment, title="支部会与教研组会合开", body="做法" * 40
            )
            outcome = outcomes.submit_outcome(learner.viewer, draft)
            if n % 2:
                outcomes.comment_outcome(world.tutor, outcome, body="做法好，请补一次记录。")
    opens = exam.opens_at.isoformat()
    at(opens)
    for n, learner in enumerate(world.learners):
        if n % 6:
            attempt = start_attempt(learner.viewer, exam, learner.enrolment)
            save_answer(learner.viewer, attempt, num=1, choice=[n % 2])
            submit_attempt(learner.viewer, attempt)
    at("2017-07-10T09:00:00+08:00")
    for n in range(3):
        notices.publish_announcement(
            world.manager,
            notices.draft_announcement(world.manager, world.cls, title=f"通知{n + 1}", body="请按时学习。"),
        )
    while digest_once():
        pass
    at("2017-07-20T16:40:12+08:00")
    print("staged")


if __name__ == "__main__":
    main()
