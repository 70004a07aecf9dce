"""A sheet of questions: rows as questions or as errors, and the empty sheet to fill in."""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.kit.sheets.files import Table, TableKind, read_table
from yanxiu.kit.sheets.limits import HEADER_ROWS, ROWS
from yanxiu.training.exams.models import Question
from yanxiu.training.exams.papers.banks import checked_question

__all__ = ["SheetError", "question_template", "read_questions", "to_questions"]

_COLUMNS = Path(__file__).with_name("columns.toml")
_LETTERS = "abcdef"
_LABELS = {
    "kind": "题型", "stem": "题干", "options": "选项", "key": "答案", "tag": "标签", "guide": "评分要点",
    **{letter: f"选项{letter.upper()}" for letter in _LETTERS},
}  # fmt: skip
_KINDS = {
    "单选题": "single", "单选": "single", "多选题": "multiple", "多选": "multiple", "判断题": "true_false", "判断": "true_false",
    "填空题": "fill_in", "填空": "fill_in", "简答题": "essay", "简答": "essay", "问答题": "essay",
}  # fmt: skip
_TRUE, _FALSE = (
    frozenset({"对", "正确", "√", "t", "true", "是", "a"}),
    frozenset({"错", "错误", "×", "x", "f", "false", "否", "b"}),
)


@dataclass(frozen=True, slots=True)
class SheetError:
    """One thing wrong in one row: `field` is the column's heading."""

    row: int
    field: str
    code: str
    message: str


def _kind() -> TableKind:
    words = {
        "size": _("文件超过 5 MB，请拆成几个文件分别导入。"),
        "kind": _("文件内容不是 XLSX 或 CSV 表格；请下载模板填写，或在表格软件中另存为 .xlsx 后重新上传。"),
        "too_many_rows": _("题目超过 %(most)d 行，请拆分成几个文件分别导入。") % {"most": ROWS},
        "header": _("前 %(most)d 行中没有找到同时含有“题型”“题干”“答案”的表头，请按模板补上表头。") % {"most": HEADER_ROWS},
        "no_rows": _("表头下面没有题目，请填写后重新上传。"),
    }  # fmt: skip
    return TableKind("questions", _COLUMNS, words)


def read_questions(file: bytes, filename: str) -> Table:
    """The rows of the sheet; raises Refused for a file that cannot be read at all."""
    return read_table(_kind(), file, filename)


def _indexes(text: str) -> list[int]:
    letters = re.sub(r"[\s,，、;；]", "", unicodedata.normalize("NFKC", text)).lower()
    return ["abcdefghij".find(letter) for letter in letters]


def _key(kind: str, text: str) -> Sequence[Any]:
    if kind == Question.Kind.TRUE_FALSE:
        said = unicodedata.normalize("NFKC", text).strip().lower()
        return [0] if said in _TRUE else [1] if said in _FALSE else []
    if kind == Question.Kind.FILL_IN:
        return [part.strip() for part in re.split(r"[|｜]", text) if part.strip()]
    return [] if kind == Question.Kind.ESSAY else _indexes(text)


def _options(kind: str, cells: dict[str, str]) -> list[str]:
    if kind == Question.Kind.TRUE_FALSE:
        return [cells.get("a") or "正确", cells.get("b") or "错误"]
    filled = [cells.get(letter, "") for letter in _LETTERS]
    while filled and not filled[-1]:
        filled.pop()
    return filled


def _question(cells: dict[str, str]) -> Question:
    kind = _KINDS.get(cells["kind"])
    if kind is None:
        raise Refused("bad_kind", _("题型只有单选题、多选题、判断题、填空题和简答题。"), field="kind")
    return checked_question(
        kind=kind, stem=cells["stem"], options=_options(kind, cells), key=_key(kind, cells["key"]),
        tag=cells.get("tag", ""), guide=cells.get("guide", ""),
    )  # fmt: skip


def to_questions(table: Table) -> tuple[list[tuple[int, Question]], list[SheetError]]:
    """Faultless rows as questions that are not stored yet, and what is wrong with the others."""
    message = _("单元格里是公式（或以 = + - @ 开头），请改成普通文字：复制后选择性粘贴为数值。")
    errors = [SheetError(row, _LABELS.get(key, _("其他列")), "formula", message) for row, key in table.formulas]
    bad = {error.row for error in errors}
    good: list[tuple[int, Question]] = []
    for number, cells in table.rows:
        if number in bad:
            continue
        try:
            good.append((number, _question(cells)))
        except Refused as refused:
            errors.append(SheetError(number, _LABELS.get(refused.field, ""), refused.code, refused.message))
    return good, sorted(errors, key=lambda error: error.row)


def question_template() -> bytes:
    """An XLSX with the headings and one example of each kind, from examples.csv."""
    text = Path(__file__).with_name("examples.csv").read_text(encoding="utf-8")
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet("题目"), book.add_format({"bold": True, "bg_color": "#E2EFF0"})
    for y, row in enumerate(csv.reader(io.StringIO(text))):
        sheet.write_row(y, 0, row, None if y else bold)
    sheet.set_column(1, 1, 48)
    sheet.freeze_panes(1, 0)
    book.close()
    return stream.getvalue()
