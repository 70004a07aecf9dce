"""Homework and the mid-term on the page of the result: each mark with its piece, or why there is none yet."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.core.rules.scheme import Scheme
from yanxiu.faces.frame.learning.dues import TICK, until_text
from yanxiu.faces.frame.learning.words import label_of
from yanxiu.record.assessment.own.marked import Marked
from yanxiu.training.classes.models import TrainingClass

__all__ = ["MarkLine", "mark_lines"]


@dataclass(frozen=True, slots=True)
class MarkLine:
    label: str
    title: str
    href: str
    words: str
    ok: bool


def _words(one: Marked, zone: str) -> str:
    end = one.until + TICK if one.until and one.state == "ahead" else one.until
    until = {"until": until_text(end, zone) if end else ""}
    late = _("%(score)s 分，班级结束以后交的，按考核方案不计入") % {"score": one.score}
    if one.kind == "homework":
        return {
            "marked": _("%(score)s 分") % {"score": one.score}, "unmarked": _("交了，老师还没有批改"),
            "late": late, "returned": _("已退回，请修改后重新提交"),
            "asked": (_("还没有交，%(until)s止") if end else _("还没有交，补学结束前都可以交")) % until,
            "missed": _("没有交，已经截止"),
            "unplanned": _("班主任还没有布置"),
        }[one.state]  # fmt: skip
    return {
        "marked": _("%(score)s 分") % {"score": one.score}, "unmarked": _("交卷了，老师还没有批完"), "late": late,
        "asked": _("还没有考，%(until)s止") % until, "ahead": _("还没有开始，%(until)s开考") % until,
        "missed": _("没有考，考试时间已过；请联系班主任"), "unplanned": _("班主任还没有安排"),
    }[one.state]  # fmt: skip


def mark_lines(class_: TrainingClass, rule: Scheme, rows: list[Marked]) -> list[MarkLine]:
    labels = {item.key: label_of(item) for item in rule.items}
    route = {"homework": "learner:outcome", "midterm": "learner:exam"}
    return [
        MarkLine(
            labels[one.item], one.title, reverse(route[one.kind], args=[class_.key, one.ref]) if one.ref else "",
            _words(one, class_.zone), one.state == "marked",
        )
        for one in rows
    ]  # fmt: skip
