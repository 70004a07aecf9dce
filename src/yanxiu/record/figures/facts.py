"""Typed facts of a class a narrative may use besides figures: dates, windows, themes, in the words of the class's zone."""

from datetime import date

from yanxiu.kit.snapshot import snapshot
from yanxiu.training.classes.models import TrainingClass

__all__ = ["facts"]


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
