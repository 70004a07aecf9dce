"""Tables and charts a narrative can ask for: `{{table:figures}}`, `{{chart:minutes}}`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yanxiu.core.figures import FigureValue
from yanxiu.record.reports import tree

__all__ = ["Week", "figure_table", "minutes_chart", "weeks_of"]


@dataclass(frozen=True)
class Week:
    """Credited milliseconds of one week of the class, both days included."""

    first: date
    last: date
    compulsory_ms: int
    elective_ms: int


def figure_table(figures: Mapping[str, FigureValue], caption: str = "班级学习情况统计表") -> tree.Table:
    """Every figure, two a line."""
    cells: list[Sequence[tree.Inline]] = [
        (
            tree.Text(value.definition.label_zh),
            tree.Fig(key, value.definition.label_zh, value.display, value.definition.unit),
        )
        for key, value in figures.items()
    ]
    if len(cells) % 2:
        cells.append((tree.Text(""), tree.Text("")))
    rows = tuple((*left, *right) for left, right in zip(cells[::2], cells[1::2], strict=True))
    return tree.Table(caption, ("项目", "数值", "项目", "数值"), rows, "lrlr")


def _by_day(lines: bytes) -> Counter[date]:
    """Credited ms a local day, from canonical evidence rows (…"lesson:7.1@2017-06-12",0,60000,"enrolment:5"])."""
    days: Counter[bytes] = Counter()
    for line in lines.splitlines():
        day, _at, quantity, _ref = line.rpartition(b"@")[2].split(b",")
        days[day[:10]] += int(quantity)
    return Counter({date.fromisoformat(day.decode("ascii")): ms for day, ms in days.items()})


def weeks_of(starts_on: date, ends_on: date, compulsory: bytes, elective: bytes) -> list[Week]:
    """The weeks of a class, counted from its first day; later days (补学) stand in weeks of their own."""
    first, second = _by_day(compulsory), _by_day(elective)
    last_day = max([ends_on, *first, *second])
    found = []
    for number in range(((last_day - starts_on).days // 7) + 1):
        opens = starts_on + timedelta(weeks=number)
        days = [opens + timedelta(days=day) for day in range(7)]
        found.append(Week(opens, days[-1], sum(first[d] for d in days), sum(second[d] for d in days)))
    return found


def minutes_chart(weeks: Sequence[Week]) -> tree.Chart:
    """Minutes a week, cut off to whole minutes at each bar (the bars may add up to a little less than the totals)."""
    bars = tuple(
        tree.Bar(
            f"第{number}周（{_days(week.first, week.last)}）",
            (week.compulsory_ms // 60_000, week.elective_ms // 60_000),
            str((week.compulsory_ms + week.elective_ms) // 60_000),
        )
        for number, week in enumerate(weeks, 1)
    )
    described = "；".join(f"{bar.label}{bar.value}分钟" for bar in bars)
    return tree.Chart("各周学习时长（分钟）", f"条形图：{described}。", ("必修课", "选修课"), bars)


def _days(first: date, last: date) -> str:
    closing = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日—{closing}"
