"""The class's days for its staff: rounds and exams with how many posted and sat."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yanxiu.faces.frame.learning.timeline import Span, Timeline, laid_out, numeral
from yanxiu.record.assessment.queries import LearnerLine
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.discussion.queries import RoundRow
from yanxiu.training.exams.queries import ExamRow

__all__ = ["timeline"]


def timeline(
    class_: TrainingClass, rounds: Iterable[RoundRow], exams: Iterable[ExamRow], lines: Sequence[LearnerLine]
) -> Timeline:
    """Each window with what came of it."""
    zone, posted = ZoneInfo(class_.zone), _("%(n)d 人发帖")
    sat = _("%(n)d 人交卷") % {"n": sum(1 for line in lines if line.exam_best is not None)}
    spans: list[Span] = [
        (r.opens_on, r.closes_on, _("第%(n)s轮研讨") % {"n": numeral(r.num)}, _("%(n)s轮") % {"n": numeral(r.num)},
         posted % {"n": sum(1 for line in lines if (r.num, True) in line.posted)})
        for r in rounds
    ]  # fmt: skip
    spans += [
        (e.opens_at.astimezone(zone).date(), (e.closes_at - timedelta(milliseconds=1)).astimezone(zone).date(),
         _("考试"), _("考试"), sat)
        for e in exams
    ]  # fmt: skip
    return laid_out(class_, spans)
