"""Which steps reach the pass mark, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yanxiu.core.rules.assess import points
from yanxiu.core.rules.scheme import Gate, Item
from yanxiu.core.rules.steps import Step
from yanxiu.faces.frame.learning.dues import until_text
from yanxiu.faces.frame.learning.timeline import numeral
from yanxiu.faces.frame.learning.words import label_of
from yanxiu.record.assessment.queries import Outlook
from yanxiu.training.classes.models import TrainingClass

__all__ = ["PathStep", "blockers", "path_steps", "way_sentence"]

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class PathStep:
    """What to do, what it brings ("" where it meets a condition only), and until when ("" while nobody has set an end);
    `waits`: there is nothing to do but to wait for a tutor's mark.
    """

    words: str
    gains: str
    until: str
    waits: bool = False


def _handed_in(kind: str, quantity: int, *, waits: bool) -> str:
    if kind == "homework":
        return _("平时作业评到 %(quantity)d 分") if quantity > 1 or waits else _("交平时作业")
    return _("研修成果评到 %(quantity)d 分") if quantity else _("交研修成果")


def _words(out: Outlook, step: Step) -> str:
    kind = step.offer.code.partition(":")[0]
    chance = out.chances[step.offer.code]
    said = {
        "n": numeral(chance.number), "title": chance.title, "quantity": step.quantity,
        "minutes": f"{-(-step.quantity // MINUTE):,}",
    }  # fmt: skip
    if kind == "study":
        if step.offer.code == "study:elective":
            return _("再学 %(minutes)s 分钟选修课") % said
        return _("再学 %(minutes)s 分钟必修课") % said
    if kind == "exam":
        sits = step.quantity <= 1 and not chance.waits
        return (_("参加《%(title)s》") if sits else _("《%(title)s》考到 %(quantity)d 分")) % said
    if kind in {"outcome", "homework"}:
        return _handed_in(kind, step.quantity, waits=chance.waits) % said
    if kind == "session":
        return (_("《%(title)s》的考勤确认为到场") if chance.number else _("参加面授《%(title)s》")) % said
    return {
        "round": _("完成第%(n)s轮研讨"), "thought_report": _("交思想汇报"), "course": _("学完《%(title)s》"),
    }[kind] % said  # fmt: skip


def path_steps(class_: TrainingClass, out: Outlook) -> list[PathStep]:
    """One row a step, in the order proposed."""
    rows = []
    for step in out.path.steps:
        chance = out.chances[step.offer.code]
        gains = _("得 %(points)s 分") % {"points": points(step.gains)} if step.gains else ""
        until = until_text(chance.closes_at, class_.zone) if chance.closes_at else ""
        rows.append(PathStep(_words(out, step), gains, until, chance.waits))
    return rows


def blockers(out: Outlook) -> list[str]:
    """What cannot be reached any more by all that can still be done; nothing where a pass is possible."""
    if out.path.reaches:
        return []
    best = out.path.verdict.reasons
    rules: list[Item | Gate] = [*out.scheme.items, *out.scheme.gates]
    names = {rule.key: label_of(rule) for rule in rules}
    return [names.get(reason.key, _("总分")) for reason in best if reason.what in {"unmet", "exceeded", "below"}]


def way_sentence(out: Outlook) -> str:
    """交研修成果可得 15 分，完成第二轮研讨再得 10 分，就达到 75.1 分。"""
    if not out.path.steps:
        return ""
    told, first = [], True
    for step in out.path.steps:
        words = _words(out, step)
        if step.gains:
            template = _("%(words)s可得 %(points)s 分") if first else _("%(words)s再得 %(points)s 分")
            words, first = template % {"words": words, "points": points(step.gains)}, False
        told.append(words)
    score = out.path.verdict.score
    end = _("就能合格。") if score is None else _("就达到 %(score)s 分，合格。") % {"score": points(score)}
    return _("，").join([*told, end])
