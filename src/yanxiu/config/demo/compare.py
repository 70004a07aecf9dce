"""The fifteen figures beside what the 2017 report printed."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from yanxiu.config.demo.cast import reference
from yanxiu.config.demo.stage import Stage
from yanxiu.record.figures.queries import figure_values
from yanxiu.study.models import CreditCell
from yanxiu.training.classes.queries import class_by_key

__all__ = ["Row", "compared", "oracle_differences", "show"]


@dataclass(frozen=True)
class Row:
    label: str
    unit: str
    ours: int | None
    then: int
    evidence: int

    @property
    def agrees(self) -> bool:
        return self.ours == self.then


def compared() -> list[Row]:
    """Computed now, from recorded facts; the printed values are only laid beside."""
    values = figure_values(class_by_key(str(reference()["class"]["key"])))
    return [
        Row(v.definition.label_zh, v.definition.unit, v.number, reference()["figures"][key], v.evidence_count)
        for key, v in values.items()
        if key in reference()["figures"]
    ]


def show(console: Console, rows: list[Row]) -> bool:
    """The table; True when all fifteen agree."""
    table = Table(title="十五项数据：本系统从记录算出的，与 2017 年报告所印的")
    for column, side in (
        ("数据", "left"),
        ("本系统", "right"),
        ("2017 报告", "right"),
        ("单位", "left"),
        ("证据", "right"),
        ("", "left"),
    ):
        table.add_column(column, justify="right" if side == "right" else "left")
    for row in rows:
        ours = "—" if row.ours is None else str(row.ours)
        verdict = "[green]一致[/]" if row.agrees else "[bold red]不一致[/]"
        table.add_row(row.label, ours, str(row.then), row.unit, f"{row.evidence} 条", verdict)
    console.print(table)
    agree = sum(row.agrees for row in rows)
    console.print(f"{agree} / {len(reference()['figures'])} 项一致。")
    return agree == len(rows) == len(reference()["figures"])


def oracle_differences(stage: Stage, credit: Mapping[int, Mapping[int, int]]) -> int:
    """In how many (learner, lesson) the product's credit is not, to the millisecond, what the oracle says."""
    wanted = {
        (stage.enrolments[learner].pk, stage.lessons[lesson].pk): seconds * 1000
        for learner, by_lesson in credit.items()
        for lesson, seconds in by_lesson.items()
        if seconds
    }
    found: dict[tuple[int, int], int] = {}
    for cell in CreditCell.objects.exclude(credited_ms=0).iterator():
        key = (cell.enrolment_id, cell.lesson_id)
        found[key] = found.get(key, 0) + cell.credited_ms
    return sum(wanted.get(key) != found.get(key) for key in wanted.keys() | found.keys())
