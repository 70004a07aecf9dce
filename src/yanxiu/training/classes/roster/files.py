"""The parent's side: sends the bytes to the child, waits a limited time, puts refusals into words."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

import yanxiu
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.roster.limits import ENTRIES, FILE_BYTES, HEADER_ROWS, RATIO, ROWS, WALL_SECONDS

__all__ = ["RosterFile", "RosterRow", "parse_roster"]

_SOURCE = Path(yanxiu.__file__).parents[1]


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


def _words(code: str) -> str:
    words = {
        "size": _("文件超过 5 MB，请只保留名单所需的四列（姓名、手机、单位、职务）后重新上传。"),
        "empty": _("文件是空的，请确认选对了文件。"),
        "kind": _(
            "文件内容不是 XLSX 或 CSV 名单（可能是改了扩展名的其他文件）；请在表格软件中另存为 .xlsx 后重新上传。"
        ),
        "old_xls": _("这是旧版 .xls 文件；请在表格软件中另存为 .xlsx 后重新上传。"),
        "gbk": _("文件编码是 GBK，无法可靠读取；请在表格软件中另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重新上传。"),
        "encoding": _("文件编码不是 UTF-8；请另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重新上传。"),
        "damaged": _("文件已损坏或结构异常，无法读取；请在表格软件中打开并另存为新的 .xlsx 后重新上传。"),
        "bomb": _("文件解压后的体积超过压缩体积的 %(ratio)d 倍，已拒绝；请把名单复制到新建的表格中另存。")
        % {"ratio": RATIO},
        "too_many_entries": _("文件内部的部件超过 %(most)d 个，已拒绝；请把名单复制到新建的表格中另存。")
        % {"most": ENTRIES},
        "too_many_rows": _("名单超过 %(most)d 行，请拆分成几个文件分别导入。") % {"most": ROWS},
        "header": _("前 %(most)d 行中没有找到同时含有“姓名”“手机”“单位”的表头，请补上表头。") % {"most": HEADER_ROWS},
        "header_twice": _("表头中有重复的列，请只保留一个。"),
        "no_rows": _("表头下面没有名单，请填写后重新上传。"),
        "heavy": _("文件过于复杂，在限定的时间和内存内读不完；请把名单复制到新建的表格中另存。"),
    }
    return words[code]


def _refused(code: str, row: int | None = None) -> Refused:
    return Refused(f"roster_{code}", _words(code), field="file", row=row)


def _kind(file: bytes, filename: str) -> str:
    if not file:
        raise _refused("empty")
    if len(file) > FILE_BYTES:
        raise _refused("size")
    suffix = Path(filename).suffix.lower()
    if file.startswith(b"\xd0\xcf\x11\xe0") and suffix in {".xls", ".xlsx"}:
        raise _refused("old_xls")
    if suffix == ".xlsx" and file.startswith(b"PK\x03\x04"):
        return "xlsx"
    if suffix == ".csv":
        return "csv"
    raise _refused("kind")


def _child(kind: str, file: bytes) -> bytes:
    command = [sys.executable, "-m", "yanxiu.training.classes.roster.reading", kind]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, with a constant argument)
            command,
            input=file,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise _refused("heavy") from None
    if done.returncode != 0:
        raise _refused("heavy")
    return done.stdout


def parse_roster(file: bytes, filename: str) -> RosterFile:
    """The rows of a roster; raises Refused with the reason and, where there is one, the row."""
    answer = json.loads(_child(_kind(file, filename), file))
    if "refused" in answer:
        raise _refused(answer["refused"], answer["row"])
    rows = tuple(
        RosterRow(number, cells["name"], cells["phone"], cells["organisation"], cells.get("post_title", ""))
        for number, cells in answer["rows"]
    )
    return RosterFile(rows, tuple((row, key) for row, key in answer["formulas"]))
