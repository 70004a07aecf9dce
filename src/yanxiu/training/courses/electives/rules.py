"""Whether an elective course is a learner's."""

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.courses.models import CurriculumItem

__all__ = ["require_chosen"]


def require_chosen(enrolment: Enrolment, course_id: int) -> None:
    """Refuses study of an elective course that was not chosen, in a class where electives are chosen."""
    if not ElectiveWindow.objects.filter(training_class_id=enrolment.training_class_id).exists():
        return
    item = CurriculumItem.objects.filter(training_class_id=enrolment.training_class_id, course_id=course_id).first()
    if item is None or item.kind != CurriculumItem.Kind.ELECTIVE:
        return
    if not ElectiveChoice.objects.filter(enrolment=enrolment, item=item).exists():
        raise Refused(
            "not_chosen", _("这门选修课不在您的选课单里，学习不会计时；请先在“班级事务”里选课，或联系班主任。")
        )
