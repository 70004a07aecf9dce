"""Reasons, lines and amounts of an assessment in the reader's language. Frozen and printed texts stay as core wrote them."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanxiu.core.rules.assess import Reason, points
from yanxiu.core.rules.scheme import Gate, Item, Scheme
from yanxiu.core.rules.standing import Line

__all__ = ["amount", "label_of", "reason_words", "scheme_name", "short_amount", "unit_words"]

MINUTE = 60_000


def _in_english() -> bool:
    return get_language() == "en"


def scheme_name(scheme: Scheme) -> str:
    return (_in_english() and scheme.label_en) or scheme.label_zh


def label_of(rule: Line | Item | Gate) -> str:
    """What an item or a gate is called."""
    return (_in_english() and rule.label_en) or rule.label_zh


def unit_words(unit_zh: str) -> str:
    """The units that schemes name; another one is shown as it is."""
    known = {
        "分钟": _("分钟"), "次": _("次"), "轮": _("轮"), "件": _("件"), "篇": _("篇"), "门": _("门"), "分": _("分"),
    }  # fmt: skip
    return known.get(unit_zh, unit_zh)


def short_amount(value: int, unit_zh: str) -> str:
    """The number alone; ms as whole minutes, cut off."""
    return f"{value // MINUTE if unit_zh == '分钟' else value:,}"


def amount(value: int, unit_zh: str) -> str:
    """The number with its unit."""
    return f"{short_amount(value, unit_zh)} {unit_words(unit_zh)}".strip()


def _rule(scheme: Scheme, key: str) -> Item | Gate | None:
    rules: list[Item | Gate] = [*scheme.items, *scheme.gates]
    return next((rule for rule in rules if rule.key == key), None)


def _numbers(reason: Reason, unit: str) -> dict[str, str]:
    """Every value as printed: amounts with their unit, points cut to two decimals."""
    shown: dict[str, str] = {}
    for name, value in reason.values.items():
        if name in {"have", "need", "short", "most"} and isinstance(value, int):
            shown[name] = amount(value, unit)
        else:
            shown[name] = points(Fraction(value))
    if "weight" in reason.values:
        shown["percent"] = points(Fraction(reason.values["weight"]) * 100)
    return shown


def _templates() -> Mapping[str, Callable[[], str]]:
    return {
        "met": lambda: _("%(label)s：%(have)s，已达到要求。"),
        "unmet": lambda: _("%(label)s：%(have)s，要求 %(need)s，还差 %(short)s。"),
        "exceeded": lambda: _("%(label)s：%(have)s，超过允许的 %(most)s。"),
        "too_short": lambda: _("%(label)s：%(count)s 项字数不足 %(min)s 字。"),
        "too_long": lambda: _("%(label)s：%(count)s 项超过 %(max)s 字。"),
        "too_many_attempts": lambda: _("%(label)s：%(count)s 项超过允许的 %(attempts)s 次。"),
        "no_makeup": lambda: _("%(label)s：%(count)s 项补学期间不接受。"),
        "late": lambda: _("%(label)s：%(count)s 项逾期不计。"),
        "late_reduced": lambda: _("%(label)s：%(count)s 项逾期，按 %(factor)s 计。"),
        "capped_day": lambda: _("%(label)s：已达每日上限。"),
        "capped_stage": lambda: _("%(label)s：已达每阶段上限。"),
        "capped_total": lambda: _("%(label)s：已达累计上限。"),
        "reached": lambda: _("总分 %(score)s 分，合格线 %(pass)s 分。"),
        "below": lambda: _("总分 %(score)s 分，合格线 %(pass)s 分。"),
        "below_floor": lambda: _("未达到优秀分数线。"),
        "not_nominated": lambda: _("班主任未提名优秀学员。"),
        "awarded": lambda: _("优秀学员（名额 %(quota)s 人）。"),
        "tie": lambda: _("与他人同分，超出优秀名额 %(quota)s 人，请班主任决定。"),
        "quota_full": lambda: _("优秀名额 %(quota)s 人已满。"),
    }


def reason_words(scheme: Scheme, reason: Reason) -> str:
    """A reason in the reader's language; one that nobody has worded yet as core wrote it."""
    rule = _rule(scheme, reason.key)
    numbers = _numbers(reason, getattr(rule, "unit_zh", ""))
    numbers["label"] = label_of(rule) if rule is not None else ""
    if reason.what == "points":
        plain = reason.values["weight"] == 1
        template = (
            _("%(label)s：%(points)s 分。") if plain else _("%(label)s：%(points)s × %(percent)s%% = %(weighted)s 分。")
        )
        return template % numbers
    template_of = _templates().get(reason.what)
    return template_of() % numbers if template_of else reason.text
