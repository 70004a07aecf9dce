"""Deadline reminders: who has not done yet what is due soon. Across the rooms of a class, hence here; told through notices."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_noop as _

from yanxiu.core.time import clock
from yanxiu.record.assessment.facts import HANDED_IN
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.classes.rules import STUDY_STATES
from yanxiu.training.discussion.models import Post
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.notices.inbox.actions import fan_out
from yanxiu.training.notices.inbox.words import Said, Words, say
from yanxiu.training.notices.models import FanOut
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.participation.attendance.models import InPersonSession
from yanxiu.training.participation.attendance.queries import expected

__all__ = ["Due", "due_soon", "remind_of_deadlines"]

_TABLE = tomllib.loads(Path(__file__).with_name("reminders.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Due:
    """Something due on a local day; `persons()` asks who has not done it (person ids). `when`: of what has an hour of its own."""

    key: str
    title: Said
    last_day: date
    place: str
    persons: Callable[[], tuple[int, ...]]
    when: Said | None = None


def _missing(learners: QuerySet[Enrolment], done: QuerySet[Any, Any]) -> Callable[[], tuple[int, ...]]:
    def ask() -> tuple[int, ...]:
        having = set(done)
        return tuple(pk for pk in learners.order_by("pk").values_list("person_id", flat=True) if pk not in having)

    return ask


def _rounds(class_: TrainingClass, learners: QuerySet[Enrolment], days: set[date]) -> Iterator[Due]:
    for round_ in class_.rounds.filter(closes_on__in=days):
        posts = Post.objects.filter(
            Q(characters__gte=F("round__min_characters")), round=round_, parent=None, state=Post.State.VISIBLE
        )
        done = posts.values("author_id").annotate(count=Count("pk")).filter(count__gte=round_.required_posts)
        missing = _missing(learners, done.values_list("author_id", flat=True))
        title = say(_("第 %(num)d 轮研讨还没有完成发帖"), num=round_.num)
        yield Due(f"round:{round_.pk}", title, round_.closes_on, f"rounds/{round_.num}", missing)


def _exams(class_: TrainingClass, learners: QuerySet[Enrolment], days: set[date]) -> Iterator[Due]:
    zone = ZoneInfo(class_.zone)
    for exam in class_.exams.all():
        last_day = (exam.closes_at - timedelta(milliseconds=1)).astimezone(zone).date()
        if last_day in days:
            done = ExamAttempt.objects.filter(exam=exam, state=ExamAttempt.State.SUBMITTED)
            missing = _missing(learners, done.values_list("enrolment__person_id", flat=True))
            title = say(_("还没有参加考试：%(title)s"), title=exam.title)
            yield Due(f"exam:{exam.pk}", title, last_day, "exams", missing)


def _outcomes(class_: TrainingClass, learners: QuerySet[Enrolment], days: set[date]) -> Iterator[Due]:
    if class_.ends_on in days:
        done = Outcome.objects.filter(enrolment__training_class=class_, state__in=HANDED_IN)
        missing = _missing(learners, done.values_list("enrolment__person_id", flat=True))
        yield Due(f"outcome:{class_.pk}", say(_("还没有提交研修成果")), class_.ends_on, "outcomes", missing)


def _sessions(class_: TrainingClass, days: set[date]) -> Iterator[Due]:
    """Sessions in person, to everybody on the sheet: when and where."""
    zone = ZoneInfo(class_.zone)
    planned = class_.sessions.filter(state=InPersonSession.State.PLANNED).select_related("lesson", "training_class")
    for session in planned:
        begins = session.starts_at.astimezone(zone)
        if begins.date() in days and clock.now() < session.starts_at:
            when = say(
                _("%(month)d月%(day)d日 %(at)s，%(place)s。"),
                month=begins.month, day=begins.day, at=f"{begins:%H:%M}", place=session.place,
            )  # fmt: skip
            persons = partial(tuple, expected(session).values_list("person_id", flat=True))
            title = say(_("面授：%(title)s"), title=session.lesson.title)
            key, place = f"session:{session.pk}:{begins:%H%M}", f"attendance/{session.uuid}"
            yield Due(key, title, begins.date(), place, persons, when)


def due_soon(class_: TrainingClass, at: datetime) -> list[tuple[int, Due]]:
    """(days left, what is due) for everything of which a reminder falls on the local day of `at`."""
    today = at.astimezone(ZoneInfo(class_.zone)).date()
    days = {today + timedelta(days=n) for n in _TABLE["days_before"]}
    learners = counted_enrolments(class_.pk)
    found = [
        *_rounds(class_, learners, days),
        *_exams(class_, learners, days),
        *_outcomes(class_, learners, days),
        *_sessions(class_, days),
    ]
    return [((due.last_day - today).days, due) for due in found]


def _when(days: int, last_day: date) -> Said:
    day = {"month": last_day.month, "day": last_day.day}
    if days == 0:
        return say(_("今天（%(month)d月%(day)d日）24:00 截止。"), **day)
    return say(_("%(month)d月%(day)d日 24:00 截止，还有 %(days)d 天。"), **day, days=days)


def remind_of_deadlines() -> int:
    """Notices for what is due soon in every running class, each occasion once; how many notices are new."""
    at, made = clock.now(), 0
    for class_ in TrainingClass.objects.filter(state__in=STUDY_STATES).order_by("pk").iterator():
        if at.astimezone(ZoneInfo(class_.zone)).hour < _TABLE["from_hour"]:
            continue
        told = set(FanOut.objects.filter(training_class=class_).values_list("key", flat=True))
        for days, due in due_soon(class_, at):
            key = f"{due.key}:{due.last_day}:{days}"
            if key in told:
                continue
            words = Words(due.title, due.when or _when(days, due.last_day), due.place)
            made += fan_out(class_, "deadline", key, words, due.persons()) or 0
    return made
