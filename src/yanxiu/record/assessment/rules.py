"""Rules across wings: who may sit the exam."""

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.record.assessment.own.gates import lacking
from yanxiu.training.classes.models import TrainingClass

__all__ = ["lacking", "require_exam_ready"]


def require_exam_ready(class_: TrainingClass, enrolment_id: int) -> None:
    """Refuses an exam whose scheme opens it only after certain gates, with what is missing."""
    if missing := lacking(class_, enrolment_id):
        text = "".join(reason.text for reason in missing)
        raise Refused("exam_not_open_yet", _("还不能参加考试。%(missing)s") % {"missing": text})
