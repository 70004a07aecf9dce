"""The learner's line of days: rounds, the outcome's deadline where it is not simply the end, exams."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yanxiu.faces.frame.learning.timeline import Span, Timeline, laid_out, numeral
from yanxiu.record.assessment.queries import Agenda, Due
from yanxiu.training.classes.models import TrainingClass

__all__ = ["line_of"]

TICK = timedelta(milliseconds=1)


def _span(class_: TrainingClass, due: Due) -> Span | None:
    zone = ZoneInfo(class_.zone)
    opens, closes = due.opens_at.astimezone(zone).date(), (due.closes_at - TICK).astimezone(zone).date()
    if due.kind == "round":
        n = {"n": numeral(due.number)}
        return opens, closes, _("第%(n)s轮研讨") % n, _("%(n)s轮") % n, ""
    if due.kind == "exam":
        return opens, closes, _("考试"), _("考试"), ""
    if due.kind == "session":
        return opens, closes, _("面授"), _("面授"), ""
    if due.kind == "outcome" and (opens, closes) != (class_.starts_on, class_.ends_on):
        return opens, closes, _("成果"), _("成果"), ""
    return None


def line_of(class_: TrainingClass, found: Agenda) -> Timeline:
    return laid_out(class_, (span for due in found.dues if (span := _span(class_, due)) is not None))
