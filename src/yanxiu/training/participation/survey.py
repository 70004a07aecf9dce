"""结业问卷: set by the class manager, answered once by each learner; nobody in the class sees who said what."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.classes.rules import (
    can_manage,
    can_view_data,
    class_taking_facts,
    require,
    require_own_registration,
)
from yanxiu.training.participation.models import Survey, SurveyAnswer, SurveyReceipt
from yanxiu.training.participation.questions import SCALE, Question, checked_answer, checked_questions

__all__ = [
    "FEWEST",
    "QuestionResult",
    "SurveyResults",
    "answer_survey",
    "has_answered",
    "is_survey_open",
    "publish_survey",
    "questions_of",
    "survey_for",
    "survey_results",
    "surveys_of",
]

FEWEST = 5  # results are shown from this many answers on, so that none of them can be told apart


@transaction.atomic
def publish_survey(
    actor: Viewer, training_class: TrainingClass, *, title: str, opens_on: date, closes_on: date,
    questions: Sequence[Question],
) -> Survey:  # fmt: skip
    """Its questions never change afterwards."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if closes_on < opens_on:
        raise Refused("bad_dates", _("结束日期早于开始日期，请改正。"), field="closes_on")
    survey = Survey.objects.create(
        training_class=stored, title=line(title, field="title", label=_("标题")), opens_on=opens_on, closes_on=closes_on,
        questions=checked_questions(questions),
    )  # fmt: skip
    audit.record(
        "publish_survey", "survey", survey.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="published",
        opens_on=str(opens_on), closes_on=str(closes_on), questions=len(questions),
    )  # fmt: skip
    return survey


def questions_of(survey: Survey) -> list[Question]:
    return [Question(row["kind"], row["words"], tuple(row["options"])) for row in survey.questions]


def is_survey_open(survey: Survey) -> bool:
    opens, closes = window(survey.opens_on, survey.closes_on, survey.training_class.zone)
    return opens <= clock.now() < closes


def surveys_of(training_class: TrainingClass) -> list[Survey]:
    """Newest first."""
    return list(training_class.surveys.select_related("training_class").order_by("-opens_on", "-pk")[:50])


def survey_for(training_class: TrainingClass, uuid: UUID) -> Survey:
    """NotVisible for one of another class."""
    found = training_class.surveys.select_related("training_class").filter(uuid=uuid).first()
    if found is None:
        raise NotVisible
    return found


def has_answered(survey: Survey, enrolment: Enrolment) -> bool:
    return SurveyReceipt.objects.filter(survey=survey, enrolment=enrolment).exists()


@transaction.atomic
def answer_survey(actor: Viewer, survey: Survey, enrolment: Enrolment, *, given: Mapping[str, str]) -> None:
    """`given`: "q1", "q2", … as typed. Once: a second answer, or the same form twice, changes nothing."""
    own = require_own_registration(actor, enrolment)
    if own.training_class_id != survey.training_class_id:
        raise NotVisible
    survey.training_class = class_taking_facts(own.training_class_id)
    if not is_survey_open(survey):
        message = _("问卷的填写时间是 %(opens)s 至 %(closes)s 24:00，现在不能提交。")
        raise Refused("window_closed", message % {"opens": survey.opens_on, "closes": survey.closes_on})
    answers = [
        checked_answer(question, num, given.get(f"q{num}", "").strip())
        for num, question in enumerate(questions_of(survey), start=1)
    ]
    _receipt, is_new = SurveyReceipt.objects.get_or_create(survey=survey, enrolment=own)
    if is_new:
        SurveyAnswer.objects.create(survey=survey, answers=answers)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """`counts`: (words, answers) of a scale or a choice; `mean` in hundredths of a scale; `texts` in no order."""

    kind: str
    words: str
    counts: tuple[tuple[str, int], ...]
    mean_hundredths: int | None
    texts: tuple[str, ...]

    @property
    def mean(self) -> str:
        """As printed, cut off: "4.37"."""
        return "" if self.mean_hundredths is None else f"{self.mean_hundredths // 100}.{self.mean_hundredths % 100:02d}"


@dataclass(frozen=True, slots=True)
class SurveyResults:
    """`questions` is empty while there are fewer than FEWEST answers."""

    learners: int
    answered: int
    questions: tuple[QuestionResult, ...]


def _result(question: Question, answers: list[int | str | None]) -> QuestionResult:
    given = [answer for answer in answers if answer is not None]
    if question.kind == "text":
        texts = [str(answer) for answer in given]
        random.shuffle(texts)
        return QuestionResult("text", question.words, (), None, tuple(texts[:200]))
    counted = Counter(int(answer) for answer in given)
    if question.kind == "scale":
        mean = sum(k * n for k, n in counted.items()) * 100 // len(given) if given else None
        rows = tuple((str(k), counted[k]) for k in range(SCALE, 0, -1))
        return QuestionResult("scale", question.words, rows, mean, ())
    rows = tuple((words, counted[num]) for num, words in enumerate(question.options))
    return QuestionResult("choice", question.words, rows, None, ())


def survey_results(viewer: Viewer, survey: Survey) -> SurveyResults:
    """Counts for the staff; nothing but how many have answered while one could guess who."""
    require(can_view_data, viewer, survey.training_class)
    answers = list(SurveyAnswer.objects.filter(survey=survey).values_list("answers", flat=True))
    learners = counted_enrolments(survey.training_class_id).count()
    if len(answers) < FEWEST:
        return SurveyResults(learners, len(answers), ())
    columns = zip(*answers, strict=True)
    results = [_result(question, list(column)) for question, column in zip(questions_of(survey), columns, strict=True)]
    return SurveyResults(learners, len(answers), tuple(results))
