"""The parent's side: sends the bytes to the child, waits a limited time, puts refusals into words."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

import yanxiu
from yanxiu.kit.errors import Refused
from yanxiu.kit.sheets.limits import ENTRIES, FILE_BYTES, RATIO, WALL_SECONDS

__all__ = ["Table", "TableKind", "read_table"]

_SOURCE = Path(yanxiu.__file__).parents[1]


@dataclass(frozen=True, slots=True)
class TableKind:
    """What is expected: `code` begins the refusals' codes; `words` says in the caller's terms what "size", "kind", "header",
    "no_rows" and "too_many_rows" mean.
    """

    code: str
    columns: Path
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as (number in the sheet, {column: text}); `formulas`: (row, column key or "") of cells with a formula."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    formulas: tuple[tuple[int, str], ...]


def _words(code: str, own: Mapping[str, str]) -> str:
    words = {
        "empty": _("文件是空的，请确认选对了文件。"),
        "old_xls": _("这是旧版 .xls 文件；请在表格软件中另存为 .xlsx 后重新上传。"),
        "gbk": _("文件编码是 GBK，无法可靠读取；请在表格软件中另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重新上传。"),
        "encoding": _("文件编码不是 UTF-8；请另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后重新上传。"),
        "damaged": _("文件已损坏或结构异常，无法读取；请在表格软件中打开并另存为新的 .xlsx 后重新上传。"),
        "bomb": _("文件解压后的体积超过压缩体积的 %(ratio)d 倍，已拒绝；请把内容复制到新建的表格中另存。")
        % {"ratio": RATIO},
        "too_many_entries": _("文件内部的部件超过 %(most)d 个，已拒绝；请把内容复制到新建的表格中另存。")
        % {"most": ENTRIES},
        "header_twice": _("表头中有重复的列，请只保留一个。"),
        "heavy": _("文件过于复杂，在限定的时间和内存内读不完；请把内容复制到新建的表格中另存。"),
    }
    return {**words, **own}[code]


def _refused(kind: TableKind, code: str, row: int | None = None) -> Refused:
    return Refused(f"{kind.code}_{code}", _words(code, kind.words), field="file", row=row)


def _format(kind: TableKind, file: bytes, filename: str) -> str:
    if not file:
        raise _refused(kind, "empty")
    if len(file) > FILE_BYTES:
        raise _refused(kind, "size")
    suffix = Path(filename).suffix.lower()
    if file.startswith(b"\xd0\xcf\x11\xe0") and suffix in {".xls", ".xlsx"}:
        raise _refused(kind, "old_xls")
    if suffix == ".xlsx" and file.startswith(b"PK\x03\x04"):
        return "xlsx"
    if suffix == ".csv":
        return "csv"
    raise _refused(kind, "kind")


def _child(kind: TableKind, form: str, file: bytes) -> bytes:
    command = [sys.executable, "-m", "yanxiu.kit.sheets.reading", form, str(kind.columns)]
    try:
        done = subprocess.run(  # noqa: S603  (our own module, with arguments of ours)
            command,
            input=file,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        raise _refused(kind, "heavy") from None
    if done.returncode != 0:
        raise _refused(kind, "heavy")
    return done.stdout


def read_table(kind: TableKind, file: bytes, filename: str) -> Table:
    """The rows of an uploaded table; raises Refused with the reason and, where there is one, the row."""
    answer: dict[str, Any] = json.loads(_child(kind, _format(kind, file, filename), file))
    if "refused" in answer:
        raise _refused(kind, answer["refused"], answer["row"])
    return Table(
        tuple((number, cells) for number, cells in answer["rows"]),
        tuple((row, key) for row, key in answer["formulas"]),
    )
