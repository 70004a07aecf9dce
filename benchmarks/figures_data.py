"""A class of any size straight into the tables, in the proportions of 2017: data for benchmarks/figures.py."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction

from yanxiu.people.models import Organisation, Person, Region
from yanxiu.study.models import CreditCell
from yanxiu.training.models import (
    Announcement,
    Course,
    CurriculumItem,
    DiscussionRound,
    Enrolment,
    Exam,
    ExamAttempt,
    Field,
    Lecturer,
    Lesson,
    Outcome,
    OutcomeComment,
    Post,
    QuotaAllocation,
    TrainingClass,
    TrainingProgram,
)

__all__ = ["fill"]

START = datetime(2017, 6, 22, 1, tzinfo=UTC)
DAY = date(2017, 6, 12)
COMPULSORY, ELECTIVE, CELLS = 8, 4, 18  # lessons, lessons, cells a learner


def _stored(model: type[Any], rows: Iterable[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=2000)


def _class(learners: int) -> tuple[TrainingClass, list[Organisation], list[Lesson]]:
    region = Region.objects.create(level="city", code="4112", name="三门峡市", path="/4112/")
    units = [Organisation.objects.create(region=region, kind="school", name=f"第{n}中学") for n in range(1, 21)]
    program = TrainingProgram.objects.create(name="项目", sponsor_org=units[0], organizer_org=units[0])
    made = TrainingClass.objects.create(
        key="bench", program=program, region=region, name="大班", short_name="大班", starts_on=date(2017, 6, 10),
        ends_on=date(2017, 7, 21), state="running", scheme_id="seed-2017@1",
    )  # fmt: skip
    for unit in units:
        QuotaAllocation.objects.create(training_class=made, nominating_org=unit, seats=-(-learners // len(units)))
    field = Field.objects.create(key="f", name="党的建设")
    lecturer = Lecturer.objects.create(name="钱学礼")
    lessons = []
    for n in range(COMPULSORY + ELECTIVE):
        course = Course.objects.create(field=field, lecturer=lecturer, title=f"课程{n}")
        kind = "compulsory" if n < COMPULSORY else "elective"
        CurriculumItem.objects.create(training_class=made, course=course, kind=kind, num=n + 1)
        lessons.append(Lesson.objects.create(course=course, num=1, title="第1讲", kind="video", duration_ms=6_000_000))
    return made, units, lessons


def _cells(made: TrainingClass, enrolments: list[Enrolment], lessons: list[Lesson]) -> Iterator[CreditCell]:
    dice = random.Random(2017)
    for enrolment in enrolments:
        for n in range(CELLS):
            yield CreditCell(
                class_id=made.pk, enrolment_id=enrolment.pk, person_id=enrolment.person_id,
                lesson_id=lessons[n % len(lessons)].pk, lesson_version=1, day=DAY + timedelta(days=n),
                credited_ms=dice.randrange(60_000, 6_000_000), algorithm="credit_v1",
            )  # fmt: skip


def _activity(made: TrainingClass, enrolments: list[Enrolment]) -> None:
    rounds = [
        DiscussionRound.objects.create(
            training_class=made, num=n, theme=f"主题{n}", opens_on=date(2017, 6, 22) + timedelta(days=9 * (n - 1)),
            closes_on=date(2017, 6, 30) + timedelta(days=9 * (n - 1)),
        )
        for n in (1, 2)
    ]  # fmt: skip
    exam = Exam.objects.create(
        training_class=made, title="考试", opens_at=START, closes_at=START + timedelta(days=20), duration_minutes=90
    )
    some = [e for n, e in enumerate(enrolments) if n % 20]  # 95 %
    _stored(Outcome, (Outcome(enrolment=e, title="方案", state="submitted", submitted_at=START) for e in some))
    outcomes = list(Outcome.objects.order_by("pk"))
    _stored(
        OutcomeComment,
        (
            OutcomeComment(
                outcome=o, author_id=enrolments[n].person_id, kind="peer", body="好", state="visible", posted_at=START
            )
            for n, o in enumerate(outcomes)
        ),
    )
    _stored(
        ExamAttempt,
        (
            ExamAttempt(
                exam=exam, enrolment=e, num=num, state="submitted", started_at=START, deadline_at=START,
                submitted_at=START, score=(e.pk * 7 + num * 13) % 101,
            )
            for n, e in enumerate(enrolments) if n % 10
            for num in range(1, 2 + n % 2)
        ),
    )  # fmt: skip
    for n, each in enumerate(rounds):
        at = START + timedelta(days=9 * n)
        _stored(Post, (
            Post(round=each, author_id=e.person_id, by_learner=True, body="主帖" * 50, characters=100, state="visible",
                 posted_at=at) for e in enrolments[:: n + 2]
        ))  # fmt: skip
        first = Post.objects.filter(round=each).first()
        _stored(Post, (
            Post(round=each, author_id=e.person_id, by_learner=True, parent=first, body="回帖" * 20, characters=40,
                 state="visible", posted_at=at) for e in enrolments[::2]
        ))  # fmt: skip
    _stored(Announcement, (
        Announcement(training_class=made, author_id=enrolments[0].person_id, title=f"公告{n}", body="请学习", state="published",
                     published_at=START) for n in range(7)
    ))  # fmt: skip


@transaction.atomic
def fill(learners: int) -> TrainingClass:
    """The class; its figures are whatever they are, only their number of rows matters."""
    made, units, lessons = _class(learners)
    _stored(Person, (Person(name=f"学员{n}", organisation=units[n % len(units)]) for n in range(learners)))
    people = list(Person.objects.order_by("pk"))
    _stored(
        Enrolment,
        (
            Enrolment(
                training_class=made, person=p, nominating_org=units[n % len(units)], state="registered",
                registered_at=datetime(2017, 6, 10, tzinfo=UTC),
            )
            for n, p in enumerate(people)
        ),
    )  # fmt: skip
    enrolments = list(Enrolment.objects.order_by("pk"))
    _stored(CreditCell, _cells(made, enrolments, lessons))
    _activity(made, enrolments)
    return made
