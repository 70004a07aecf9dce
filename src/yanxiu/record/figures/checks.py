"""Invariants between the figures, checked before a report can be frozen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from yanxiu.core.evidence import digest, from_canonical
from yanxiu.core.figures import measure
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures.sources import Scope
from yanxiu.record.figures.values import AsOf, Measured, measured
from yanxiu.study.models import CreditCell
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.courses.models import Lesson

__all__ = ["Broken", "invariants"]


@dataclass(frozen=True)
class Broken:
    """An invariant that does not hold. `needs_note`: a reasoned note in the report is enough; otherwise no freeze."""

    code: str
    message: str
    needs_note: bool = False


def invariants(
    class_: TrainingClass, *, as_of: AsOf | None = None, found: Mapping[str, Measured] | None = None
) -> list[Broken]:
    """Everything that does not hold, worst first; nothing = the figures may be frozen.

    `found`: the figures in question, where the caller has just measured them.
    """
    with snapshot():
        found = measured(class_, as_of=as_of) if found is None else found
        numbers = {key: each.value.number for key, each in found.items()}
        broken = [
            *_unequal_to_measure(found),
            *_between_figures(numbers, len(Scope(class_).rounds()), found["discussion_posters"].value.evidence_count),
            *_mean(found, numbers),
            *(_ledger_identity(class_) if as_of is None else ()),
        ]
        return sorted(broken, key=lambda b: b.needs_note)


def _unequal_to_measure(found: Mapping[str, Measured]) -> Iterator[Broken]:
    """measure(rows) = value, and the digest is that of the rows."""
    for key, each in found.items():
        rows = from_canonical(each.canonical)
        if measure(each.value.definition, rows) != each.value.number or digest(rows) != each.value.evidence_digest:
            label = each.value.definition.label_zh
            yield Broken(f"measure:{key}", _("“%(label)s”与其证据不一致，请报告系统管理员。") % {"label": label})


def _between_figures(numbers: Mapping[str, int | None], rounds: int, posts: int) -> Iterator[Broken]:
    """Figures 1, 2, 6 to 10 and 13 against each other (`posts`: qualifying top-level posts)."""
    n = {key: number or 0 for key, number in numbers.items()}
    registered, submitters = n["registered_count"], n["exam_submitters"]
    if submitters + n["exam_absentees"] != registered:
        yield Broken("exam_roster", _("试卷提交者与未提交者之和不等于注册人数。"))
    if n["outcome_submitters"] > n["outcome_count"]:
        yield Broken("outcome_submitters", _("研修成果提交者多于提交数。"))
    if n["outcome_authors_commented"] > n["outcome_submitters"]:
        yield Broken("outcome_authors_commented", _("研修成果被评论的作者多于提交者。"))
    if n["discussion_posters"] > registered * rounds:
        yield Broken("discussion_posters_population", _("研讨发帖人次多于注册人数与轮次之积。"))
    if n["discussion_posters"] > posts:
        yield Broken("discussion_posters_posts", _("研讨发帖人次多于主帖篇数。"))
    if n["registration_rate"] > 100:
        message = _("注册率 %(rate)d%% 超过 100%%：请在报告中写明超额注册的原因。") % {"rate": n["registration_rate"]}
        yield Broken("registration_rate_above_100", message, needs_note=True)
    if numbers["registration_rate"] is None and registered:
        yield Broken("no_quota", _("没有分配名额，注册率无法计算：请先分配名额，或在报告中说明。"), needs_note=True)


def _mean(found: Mapping[str, Measured], numbers: Mapping[str, int | None]) -> Iterator[Broken]:
    """n·mean ≤ total < n·(mean + 1), over the exact minutes; a figure rounded half up may lie half a minute above."""
    mean = numbers["mean_minutes"]
    if mean is None:
        return
    rows = from_canonical(found["mean_minutes"].canonical)
    total = Fraction(sum(r.quantity for r in rows if r.part == "numerator"), 60_000)
    people = sum(r.quantity for r in rows if r.part == "denominator")
    slack = Fraction(0 if found["mean_minutes"].value.definition.rounding_mode == "floor" else 1)
    if not people * (mean - slack) <= total < people * (mean + 1):
        yield Broken("mean_minutes", _("课程学习平均时长与总时长不相符。"))


def _ledger_identity(class_: TrainingClass) -> Iterator[Broken]:
    """Total = compulsory + elective + self-study = Σ over lessons = Σ over days, to the millisecond."""
    cells = CreditCell.objects.filter(class_id=class_.pk).order_by()
    total = cells.aggregate(ms=Sum("credited_ms", default=0))["ms"]
    by_lesson = dict(cells.values_list("lesson_id").annotate(ms=Sum("credited_ms")))
    by_day = dict(cells.values_list("day").annotate(ms=Sum("credited_ms")))
    kinds = dict(
        Lesson.objects.filter(course__curriculumitem__training_class=class_)
        .annotate(its_kind=F("course__curriculumitem__kind"))
        .values_list("pk", "its_kind")
    )
    by_kind = sum(ms for lesson, ms in by_lesson.items() if lesson in kinds)
    if not total == sum(by_lesson.values()) == sum(by_day.values()):
        yield Broken("ledger_identity", _("学时按课、按日合计与总数不相等，请重算学时。"))
    if by_kind != total:
        strange = (total - by_kind) // 60_000
        yield Broken(
            "ledger_identity",
            _("有 %(minutes)d 分钟学时不属于本班课程表中的课程，请核对课程表。") % {"minutes": strange},
        )
