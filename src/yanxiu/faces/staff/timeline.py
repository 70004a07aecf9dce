"""The class's days for its staff: rounds and exams with how many posted and sat."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from yanxiu.faces.frame.learning.timeline import Span, Timeline, laid_out, numeral
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.discussion.queries import RoundRow
from yanxiu.training.exams.queries import ExamRow

__all__ = ["timeline"]


def timeline(
    class_: TrainingClass,
    rounds: Iterable[RoundRow],
    exams: Iterable[ExamRow],
    posted: Mapping[int, int],
    papers: Mapping[int, int],
) -> Timeline:
    """Each window with what came of it: how many posted what each round asks for, how many handed in a paper of each exam."""
    zone, writers, sitters = ZoneInfo(class_.zone), _("%(n)d 人发帖"), _("%(n)d 人交卷")
    spans: list[Span] = [
        (r.opens_on, r.closes_on, _("第%(n)s轮研讨") % {"n": numeral(r.num)}, _("%(n)s轮") % {"n": numeral(r.num)},
         writers % {"n": posted.get(r.num, 0)})
        for r in rounds
    ]  # fmt: skip
    spans += [
        (e.opens_at.astimezone(zone).date(), (e.closes_at - timedelta(milliseconds=1)).astimezone(zone).date(),
         _("考试"), _("考试"), sitters % {"n": papers.get(e.exam_id, 0)})
        for e in exams
    ]  # fmt: skip
    return laid_out(class_, spans)
