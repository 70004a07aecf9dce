"""Rows that both learners and staff get."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yanxiu.core.time import clock
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.exams.rules import is_exam_open

__all__ = ["AttemptRow", "ExamRow", "attempt_row", "exam_row"]


@dataclass(frozen=True, slots=True)
class ExamRow:
    exam_id: int
    title: str
    opens_at: datetime
    closes_at: datetime
    duration_minutes: int
    max_attempts: int
    is_open: bool
    uuid: UUID
    resit_opens_at: datetime | None
    resit_closes_at: datetime | None
    pass_mark: int


def exam_row(exam: Exam, at: datetime) -> ExamRow:
    return ExamRow(
        exam.pk, exam.title, exam.opens_at, exam.closes_at, exam.duration_minutes, exam.max_attempts,
        is_exam_open(exam, at), exam.uuid, exam.resit_opens_at, exam.resit_closes_at, exam.pass_mark,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """`score` None of a submitted one: essays are being marked."""

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
    uuid: UUID
    sitting: str
    is_auto: bool
    digest: str


def attempt_row(attempt: ExamAttempt) -> AttemptRow:
    """An attempt as it stands by the clock: one whose time is over is so, whether or not anybody has closed it."""
    state, person = attempt.state, attempt.enrolment.person
    if state == ExamAttempt.State.STARTED and clock.now() >= attempt.deadline_at:
        state = ExamAttempt.State.EXPIRED
    return AttemptRow(
        attempt.pk, attempt.exam_id, attempt.num, person.pk, person.name, state, attempt.started_at,
        attempt.deadline_at, attempt.submitted_at, attempt.score, attempt.uuid, attempt.sitting, attempt.is_auto,
        attempt.digest,
    )  # fmt: skip
