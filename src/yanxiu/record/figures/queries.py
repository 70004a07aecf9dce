"""The door of the room: figures, their evidence, their invariants, and the typed facts a narrative may use besides."""

from datetime import date

from yanxiu.kit.audit import latest_position
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures.checks import Broken, invariants
from yanxiu.record.figures.export import evidence_xlsx
from yanxiu.record.figures.pages import (
    by_county,
    complement,
    counties,
    daily_minutes,
    evidence_page,
    has_complement,
    missing_persons,
)
from yanxiu.record.figures.profiles import definition, definitions, profile_names
from yanxiu.record.figures.values import (
    AsOf,
    Measured,
    evidence,
    figure_value,
    figure_values,
    measured,
    profile_of,
    shown_values,
)
from yanxiu.study.queries import digested
from yanxiu.training.classes.models import TrainingClass

__all__ = [
    "AsOf", "Broken", "Measured", "by_county", "complement", "counties", "daily_minutes", "definition", "definitions",
    "evidence", "evidence_page", "evidence_xlsx", "facts", "figure_value", "figure_values", "has_complement", "invariants", "measured",
    "missing_persons", "position", "profile_names", "profile_of", "shown_values",
]  # fmt: skip


def position() -> AsOf:
    """Where the figures stand now: the newest audit entry, and how far the digest has read the ledger."""
    with snapshot():
        return AsOf(latest_position(), digested().position)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _window(opens: date, closes: date) -> str:
    """6月22日—30日, or with both months where they differ."""
    closing = f"{closes.day}日" if (opens.year, opens.month) == (closes.year, closes.month) else _day(closes)
    return f"{_day(opens)}—{closing}"


def facts(class_: TrainingClass) -> dict[str, str]:
    """Every typed fact by name, as printed. Nothing here is a figure: counts of people and work come from evidence."""
    with snapshot():
        rounds = list(class_.rounds.order_by("num"))
        quota = sum(class_.quotas.values_list("seats", flat=True))
        found = {
            "class_name": class_.name,
            "class_short_name": class_.short_name,
            "session_no": f"第{class_.session_no}期",
            "class_start": f"{class_.starts_on.year}年{_day(class_.starts_on)}",
            "class_end": _day(class_.ends_on)
            if class_.ends_on.year == class_.starts_on.year
            else f"{class_.ends_on.year}年{_day(class_.ends_on)}",
            "class_days": f"{(class_.ends_on - class_.starts_on).days + 1}天",
            "quota": f"{quota}名",
            "round_count": f"{len(rounds)}次",
        }
        for each in rounds:
            found[f"round_{each.num}_window"] = _window(each.opens_on, each.closes_on)
            found[f"round_{each.num}_theme"] = each.theme
            found[f"round_{each.num}_days"] = f"{(each.closes_on - each.opens_on).days + 1}天"
        return found
