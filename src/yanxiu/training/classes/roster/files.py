"""A roster file as rows."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from yanxiu.kit.sheets.files import TableKind, read_table
from yanxiu.kit.sheets.limits import HEADER_ROWS, ROWS

__all__ = ["RosterFile", "RosterRow", "parse_roster"]

_COLUMNS = Path(__file__).with_name("columns.toml")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One data row; `number` as the spreadsheet shows it."""

    number: int
    name: str
    phone: str
    organisation: str
    post_title: str


@dataclass(frozen=True, slots=True)
class RosterFile:
    """`formulas`: (row, column key or "") of cells that hold a formula or text that a spreadsheet would run."""

    rows: tuple[RosterRow, ...]
    formulas: tuple[tuple[int, str], ...]


def _kind() -> TableKind:
    words = {
        "size": _("文件超过 5 MB，请只保留名单所需的四列（姓名、手机、单位、职务）后重新上传。"),
        "kind": _(
            "文件内容不是 XLSX 或 CSV 名单（可能是改了扩展名的其他文件）；请在表格软件中另存为 .xlsx 后重新上传。"
        ),
        "too_many_rows": _("名单超过 %(most)d 行，请拆分成几个文件分别导入。") % {"most": ROWS},
        "header": _("前 %(most)d 行中没有找到同时含有“姓名”“手机”“单位”的表头，请补上表头。") % {"most": HEADER_ROWS},
        "no_rows": _("表头下面没有名单，请填写后重新上传。"),
    }
    return TableKind("roster", _COLUMNS, words)


def parse_roster(file: bytes, filename: str) -> RosterFile:
    """The rows of a roster; raises Refused with the reason and, where there is one, the row."""
    table = read_table(_kind(), file, filename)
    rows = tuple(
        RosterRow(number, cells["name"], cells["phone"], cells["organisation"], cells.get("post_title", ""))
        for number, cells in table.rows
    )
    return RosterFile(rows, table.formulas)
