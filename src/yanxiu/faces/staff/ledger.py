"""The figures of a class as the page groups them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yanxiu.core.figures import FigureDefinition, FigureValue
from yanxiu.record.figures.queries import has_complement

__all__ = ["Group", "Item", "ledger"]


@dataclass(frozen=True)
class Item:
    key: str
    label: str  # shortened where the group's heading says the rest
    value: FigureValue
    is_first: bool
    has_complement: bool


@dataclass(frozen=True)
class Group:
    label: str
    icon: str
    items: tuple[Item, ...]


def ledger(values: Mapping[str, FigureValue]) -> list[Group]:
    """Five groups, the figure people ask for first on top; a figure no group names ends up in the last one."""
    groups = (
        (_("注册"), "users", ("registered_count", "registration_rate")),
        (_("学时"), "clock", ("mean_minutes", "compulsory_minutes", "elective_minutes")),
        (_("研修成果"), "pen", ("outcome_submitters", "outcome_count", "outcome_authors_commented")),
        (_("考试"), "doc", ("exam_mean", "exam_submitters", "exam_absentees")),
        (_("研讨与公告"), "chat", ("discussion_required", "discussion_posters", "discussion_replies", "announcement_count")),
    )  # fmt: skip
    named = {key for _label, _icon, keys in groups for key in keys}
    rest = tuple(key for key in values if key not in named)
    made = []
    for number, (label, icon, keys) in enumerate(groups, start=1):
        shown = [key for key in keys + (rest if number == len(groups) else ()) if key in values]
        items = tuple(
            Item(key, _short(values[key].definition), values[key], key == shown[0], has_complement(key))
            for key in shown
        )
        made.append(Group(label, icon, items))
    return made


def _short(definition: FigureDefinition) -> str:
    """研修成果提交者 under 研修成果 is 提交者."""
    if get_language() == "en":
        return definition.label_en
    return definition.label_zh.removeprefix("研修成果").removeprefix("班级")
