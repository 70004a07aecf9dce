"""一个班的十五项数据，当场由记录算出。"""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from yanxiu.core.figures import FigureValue
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures.queries import figure_values, invariants
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import class_by_key

__all__ = ["add_arguments", "as_json", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """CLASS is the key of a class; `--json` for programs."""
    parser.add_argument("class_key", metavar="CLASS", help="班级代号，例如 smx-2017")
    parser.add_argument("--json", action="store_true", help="按 docs/schemas/figures.json 输出 JSON")


def as_json(class_: TrainingClass, values: Mapping[str, FigureValue]) -> dict[str, Any]:
    """The published shape."""
    return {
        "class": class_.key,
        "profile": class_.figure_profile,
        "figures": [dict(value.as_json()) for value in values.values()],
        "broken": [{"code": b.code, "message": b.message, "needs_note": b.needs_note} for b in invariants(class_)],
    }


def _table(class_: TrainingClass, values: Mapping[str, FigureValue]) -> None:
    from rich.console import Console  # slow import
    from rich.table import Table  # slow import

    table = Table(title=f"{class_.name}（口径 {class_.figure_profile}）")
    for head, justify in (("#", "right"), ("指标", "left"), ("数值", "right"), ("单位", "left"), ("算法", "left")):
        table.add_column(head, justify=justify)  # type: ignore[arg-type]  # rich names the four words in a Literal
    table.add_column("证据", justify="right")
    for number, value in enumerate(values.values(), start=1):
        table.add_row(
            str(number), value.definition.label_zh, value.display, value.definition.unit, value.formula,
            f"{value.evidence_count} 条",
        )  # fmt: skip
    Console().print(table)
    for broken in invariants(class_):
        print(f"{'须附说明' if broken.needs_note else '不能冻结'}：{broken.message}")


def run(args: argparse.Namespace) -> int:
    """0 with the figures printed; 2 where there is no such class."""
    try:
        class_ = class_by_key(args.class_key)
    except NotVisible:
        print(f"没有代号为“{args.class_key}”的班级：请核对代号和 --data-dir。", file=sys.stderr)
        return 2
    with snapshot():  # figures and invariants from one state of the database
        values = figure_values(class_)
        if args.json:
            print(json.dumps(as_json(class_, values), ensure_ascii=False, indent=2))
        else:
            _table(class_, values)
    return 0
