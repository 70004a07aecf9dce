"""Who may set exams and who may sit them, and when."""

from datetime import datetime

from django.utils.translation import gettext as _

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, can_tutor, local_text
from yanxiu.training.exams.models import Exam, ExamAttempt

__all__ = ["can_schedule", "can_see_results", "is_exam_open", "require_exam_window", "require_own_attempt"]

can_schedule = can_manage
can_see_results = can_tutor


def is_exam_open(exam: Exam, at: datetime) -> bool:
    """From opens_at to just before closes_at."""
    return exam.opens_at <= at < exam.closes_at


def require_exam_window(exam: Exam, training_class: TrainingClass, at: datetime) -> None:
    """Refuses a start before or after the exam, with its times."""
    if at < exam.opens_at:
        opens = local_text(exam.opens_at, training_class.zone)
        raise Refused("window_not_open", _("考试 %(at)s 开始，请届时再进入。") % {"at": opens})
    if at >= exam.closes_at:
        closes = local_text(exam.closes_at, training_class.zone)
        raise Refused("window_closed", _("考试已于 %(at)s 结束，不能再作答。") % {"at": closes})


def require_own_attempt(viewer: Viewer, attempt: ExamAttempt) -> None:
    """NotVisible for anybody but the one who sits it."""
    if viewer.person_id is None or attempt.enrolment.person_id != viewer.person_id:
        raise NotVisible
