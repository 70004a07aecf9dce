"""`{% load verdicts %}`: {{ line.verdict|lacking:class }} and {{ value|worked }}, both in the reader's language."""

from collections.abc import Callable

from django import template
from django.utils.translation import gettext as _

from yanxiu.core.figures import FigureValue, Working
from yanxiu.core.rules.assess import Verdict
from yanxiu.faces.frame.learning.words import reason_words
from yanxiu.record.assessment.queries import scheme
from yanxiu.training.classes.models import TrainingClass

__all__ = ["lacking", "worked"]

register = template.Library()


@register.filter
def lacking(verdict: Verdict, training_class: TrainingClass) -> list[str]:
    """What keeps a learner from passing."""
    rules = scheme(training_class.scheme_id)
    unmet = [reason for reason in verdict.reasons if not reason.ok and not reason.code.startswith("excellent:")]
    return [reason_words(rules, reason) for reason in unmet]


def _rounding(working: Working) -> str:
    known: dict[str, Callable[[], str]] = {
        "floor": lambda: _("，截尾取整 %(shown)s"),
        "half_up": lambda: _("，四舍五入 %(shown)s"),
        "half_even": lambda: _("，四舍六入五成双 %(shown)s"),
        "ceil": lambda: _("，进一取整 %(shown)s"),
    }
    return known[working.mode]() % {"shown": working.shown} if working.mode else ""


def _left(working: Working) -> str:
    added = " + ".join(working.terms)
    return added if len(working.terms) == 1 else _("（%(terms)s）") % {"terms": added}


@register.filter
def worked(value: FigureValue) -> str:
    """算法: how the figure came about, with its numbers."""
    working = value.working
    if working is None:
        return value.formula
    numbers = {"shown": working.shown, "exact": working.exact, "by": working.by, "left": _left(working)}
    match working.kind:
        case "count":
            return _("计数：%(shown)s") % numbers
        case "distinct":
            return _("%(rows)s 条记录去重 = %(shown)s") % (numbers | {"rows": working.terms[0]})
        case "sum":
            return _("合计 %(exact)s") % numbers + _rounding(working)
        case "empty":
            return _("%(left)s ÷ %(by)s：没有可除的人数，不计算") % numbers
    times = " × 100%" if working.percent else ""
    return f"{numbers['left']} ÷ {working.by}{times} = {working.exact}{_rounding(working)}"
