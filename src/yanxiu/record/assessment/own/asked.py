"""What a class asks besides study, posts, writing and exams: choosing electives, answering its survey."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yanxiu.core.time.windows import window
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.participation.models import SurveyReceipt
from yanxiu.training.participation.survey import is_survey_open, surveys_of

__all__ = ["Asked", "Choice", "also_asked", "choice_of"]


@dataclass(frozen=True, slots=True)
class Asked:
    """`kind`: electives (courses to choose: `have` of `need`), survey (`ref`: its uuid)."""

    kind: str
    title: str
    opens_at: datetime
    closes_at: datetime
    have: int = 0
    need: int = 1
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The electives of a class that chooses: its window, and the courses this learner has chosen."""

    window: ElectiveWindow
    course_ids: frozenset[int]


def choice_of(enrolment: Enrolment) -> Choice | None:
    """None where the class chooses nothing."""
    chosen = ElectiveWindow.objects.filter(training_class_id=enrolment.training_class_id).first()
    if chosen is None:
        return None
    mine = ElectiveChoice.objects.filter(enrolment=enrolment)
    return Choice(chosen, frozenset(mine.values_list("item__course_id", flat=True)))


def _electives(class_: TrainingClass, choice: Choice | None) -> Iterator[Asked]:
    if choice is None or not choice.window.least:
        return
    opens, closes = window(choice.window.opens_on, choice.window.closes_on, class_.zone)
    yield Asked("electives", "", opens, closes, len(choice.course_ids), choice.window.least)


def _surveys(class_: TrainingClass, enrolment: Enrolment) -> Iterator[Asked]:
    """Those that can be answered now: nobody is reproached with one that was left out."""
    now_open = [each for each in surveys_of(class_) if is_survey_open(each)]
    if not now_open:
        return
    answered = set(SurveyReceipt.objects.filter(enrolment=enrolment).values_list("survey_id", flat=True))
    for each in now_open:
        opens, closes = window(each.opens_on, each.closes_on, class_.zone)
        yield Asked("survey", each.title, opens, closes, int(each.pk in answered), ref=str(each.uuid))


def also_asked(class_: TrainingClass, enrolment: Enrolment, choice: Choice | None) -> Iterator[Asked]:
    yield from _electives(class_, choice)
    yield from _surveys(class_, enrolment)
