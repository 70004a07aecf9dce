"""Reads of exams. No row that leaves this module carries a key."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import enrolment_of, visible_classes
from yanxiu.training.classes.rules import can_view_data, require
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamQuestion
from yanxiu.training.exams.rules import is_exam_open, require_own_attempt

__all__ = [
    "AttemptRow",
    "ExamRow",
    "PaperQuestion",
    "attempt_for",
    "attempts_of",
    "exam_for",
    "exams_of",
    "own_attempts",
    "paper",
]


@dataclass(frozen=True, slots=True)
class ExamRow:
    exam_id: int
    title: str
    opens_at: datetime
    closes_at: datetime
    duration_minutes: int
    max_attempts: int
    is_open: bool


def exams_of(viewer: Viewer, training_class: TrainingClass) -> list[ExamRow]:
    """The exams of a class the viewer sees."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    at = clock.now()
    return [
        ExamRow(e.pk, e.title, e.opens_at, e.closes_at, e.duration_minutes, e.max_attempts, is_exam_open(e, at))
        for e in training_class.exams.order_by("opens_at", "pk")
    ]


def exam_for(viewer: Viewer, exam_id: int) -> Exam:
    """An exam of a class the viewer sees; NotVisible otherwise."""
    found = Exam.objects.filter(pk=exam_id, training_class__in=visible_classes(viewer)).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class AttemptRow:
    attempt_id: int
    exam_id: int
    num: int
    person_id: int
    name: str
    state: str
    started_at: datetime
    deadline_at: datetime
    submitted_at: datetime | None
    score: int | None


def _row(attempt: ExamAttempt) -> AttemptRow:
    state, person = attempt.state, attempt.enrolment.person
    if state == ExamAttempt.State.STARTED and clock.now() >= attempt.deadline_at:
        state = ExamAttempt.State.EXPIRED
    return AttemptRow(
        attempt.pk, attempt.exam_id, attempt.num, person.pk, person.name, state, attempt.started_at,
        attempt.deadline_at, attempt.submitted_at, attempt.score,
    )  # fmt: skip


def own_attempts(viewer: Viewer, training_class: TrainingClass) -> list[AttemptRow]:
    """The viewer's own attempts in a class, in order."""
    enrolment = enrolment_of(viewer, training_class)
    if enrolment is None:
        return []
    return [_row(a) for a in enrolment.attempts.select_related("enrolment__person").order_by("exam_id", "num")]


def attempts_of(viewer: Viewer, exam: Exam, *, after: str | None = None, limit: int = 50) -> Page[AttemptRow]:
    """Every attempt at an exam, for the staff of its class."""
    require(can_view_data, viewer, exam.training_class)
    return keyset_page(exam.attempts.select_related("enrolment__person"), _row, after=after, limit=limit)


def attempt_for(viewer: Viewer, uuid: str) -> ExamAttempt:
    """One's own attempt by its address; NotVisible for anybody else."""
    attempt = ExamAttempt.objects.select_related("enrolment", "exam").filter(uuid=uuid).first()
    if attempt is None:
        raise NotVisible
    require_own_attempt(viewer, attempt)
    return attempt


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question as the one who sits the exam sees it: their own choice, no key."""

    num: int
    kind: str
    stem: str
    options: tuple[str, ...]
    points: int
    choice: tuple[int, ...]


def paper(viewer: Viewer, attempt: ExamAttempt) -> list[PaperQuestion]:
    """The paper of one's own running attempt with the answers saved so far."""
    require_own_attempt(viewer, attempt)
    if _row(attempt).state != ExamAttempt.State.STARTED:
        raise Refused("attempt_over", _("本次作答已结束。"))
    choices = dict(attempt.answers.values_list("question__num", "choice"))
    questions = ExamQuestion.objects.filter(exam_id=attempt.exam_id).order_by("num")
    rows = questions.values_list("num", "question__kind", "question__stem", "question__options", "points")
    return [
        PaperQuestion(num, kind, stem, tuple(options), points, tuple(choices.get(num, ())))
        for num, kind, stem, options, points in rows
    ]
