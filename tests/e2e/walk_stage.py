"""Prepares a class that nobody has studied yet, through the real actions, in a process of its own: `walk_stage.py FOLDER`.

Prints the learner's invite link token and the addresses' parts a walk needs, one JSON object on the last line.
"""

import json
import os
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

FOLDER = Path(sys.argv[1])
CLOCK = FOLDER / "clock"
PASSWORD = "liudong-4-kandao-haiou"


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ |= {"YANXIU_DATA_DIR": str(FOLDER), "YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": str(CLOCK)}
    CLOCK.write_text("2017-06-08T08:00:00+08:00", encoding="ascii")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from yanxiu.config.running.setup import prepare, start_django

    start_django()
    prepare()
    print(json.dumps(act()))


def act() -> dict[str, object]:
    from factories.worlds import small_world

    from yanxiu.people import actions as people
    from yanxiu.people.models import Person
    from yanxiu.people.queries import SYSTEM
    from yanxiu.study.policies.actions import set_class_policy
    from yanxiu.training.classes import actions as classes
    from yanxiu.training.classes.models import TrainingProgram
    from yanxiu.training.courses import actions as courses
    from yanxiu.training.courses.models import Field, Lecturer
    from yanxiu.training.courses.practice.actions import furnish_practice, furnish_with_slides
    from yanxiu.training.courses.practice.slides import Slide
    from yanxiu.training.discussion import actions as discussion
    from yanxiu.training.exams import actions as exams

    world = small_world(learners=0)
    for viewer in (world.manager, world.organiser):
        _invite, token = people.issue_invite(SYSTEM, person=Person.objects.get(pk=viewer.person_id))
        people.consume_invite(token, PASSWORD, "127.0.0.1")
    cls = classes.create_class(
        world.organiser, key="walk-2017", program=TrainingProgram.objects.first(), region=world.city, name="书记研修一班",
        short_name="一班", starts_on=date(2017, 6, 10), ends_on=date(2017, 7, 21), scheme_id="public-course@1",
    )  # fmt: skip
    set_class_policy(world.organiser, class_id=cls.pk, policy_id="enaea-2017@1")
    classes.assign_role(
        world.organiser, cls, person=Person.objects.get(pk=world.manager.person_id), role="class_manager"
    )
    for to in ("approved", "enrolling"):
        cls = classes.change_state(world.organiser, cls, to)
    classes.allot_quota(world.organiser, cls, org=world.schools[0], seats=1)
    course = courses.create_course(
        world.organiser, field=Field.objects.first(), lecturer=Lecturer.objects.first(), title="党章学习"
    )
    short, long = (
        courses.create_lesson(
            world.organiser, course=course, num=n, title=title, kind="video", duration_ms=seconds * 1000
        )
        for n, title, seconds in ((1, "导学", 12), (2, "总纲", 3120))
    )
    furnish_practice(world.organiser)
    furnish_with_slides(world.organiser, short, [Slide("导学", ("先看这一讲",), 12, "导学。")])
    furnish_with_slides(world.organiser, long, [Slide("总纲", ("五十二分钟",), 3120, "总纲。")])
    courses.add_to_curriculum(world.organiser, cls, course=course, kind="compulsory", num=1)
    discussion.open_round(
        world.manager, cls, num=1, theme="微党课，如何入脑入心", background="请结合本校的一次活动。",
        opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30), min_characters=10,
    )  # fmt: skip
    bank = exams.create_bank(world.manager, name="题库")
    question = exams.add_question(
        world.manager, bank, kind="single", stem="党的根本组织原则是", options=["民主集中制", "少数服从多数"], key=[0]
    )
    opens = datetime.fromisoformat("2017-07-15T08:00:00+08:00")
    exams.schedule_exam(
        world.manager, cls, title="结业考试", opens_at=opens, closes_at=opens + timedelta(days=5), duration_minutes=60,
        max_attempts=2, questions=[(question, 100)],
    )  # fmt: skip
    learner = people.create_person(
        SYSTEM, name="何立新", phone="10000000900", organisation=world.schools[0], post_title="书记"
    )
    classes.enrol_learner(world.manager, cls, person=learner, nominating_org=world.schools[0])
    cls = classes.change_state(world.organiser, cls, "running")
    people.create_account(learner)
    _invite, token = people.issue_invite(SYSTEM, person=learner)
    return {"token": token, "lessons": [short.pk, long.pk]}


if __name__ == "__main__":
    main()
