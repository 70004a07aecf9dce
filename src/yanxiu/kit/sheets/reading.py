"""The child process: bytes of a table on stdin, its rows as JSON on stdout. Standard library and calamine, no Django.

Run as `python -m yanxiu.kit.sheets.reading xlsx|csv COLUMNS.toml`. A column has a `label`, its `headings`, `required`, and
may say `digits` (a phone may begin with + or -) or `free` (any text may begin with = + - @, as in a question). The child limits its own processor time and memory first, so a
file made to hurt ends this process and nothing else.
"""

import csv
import io
import json
import resource
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from python_calamine import load_workbook

from yanxiu.core.text import clean_line
from yanxiu.kit.sheets.limits import ADDRESS_SPACE, CPU_SECONDS, HEADER_ROWS, ROWS
from yanxiu.kit.sheets.workbook import FileRefused, inspect

__all__ = ["main", "read_table"]

Columns = dict[str, dict[str, Any]]

_DANGEROUS = ("=", "+", "-", "@")
_LONGEST_CELL = 10_000
_BINARY = (b"%PDF", b"PK", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"\x1f\x8b")


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)[:_LONGEST_CELL]


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            raise FileRefused("encoding", row) from None
        raise FileRefused("gbk", row) from None
    if "\0" in text:
        raise FileRefused("kind")
    return text


def _csv_rows(data: bytes) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(_decoded(data), newline=""), strict=True):
            rows.append(row)
            if len(rows) > 3 * ROWS:
                raise FileRefused("too_many_rows")
    except csv.Error:
        raise FileRefused("damaged", len(rows) + 1) from None
    return rows


def _xlsx_rows(data: bytes) -> tuple[list[list[str]], list[tuple[int, int]]]:
    inspection = inspect(data)
    try:
        sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except Exception:  # noqa: BLE001  (whatever the library says, the file is what is wrong)
        raise FileRefused("damaged") from None
    return [[_text(cell) for cell in row] for row in rows], inspection.formulas


def _header(rows: Sequence[Sequence[str]], columns: Columns) -> tuple[int, dict[str, int]]:
    """Index of the header row and the place of every column found in it."""
    known = {heading: key for key, column in columns.items() for heading in column["headings"]}
    needed = {key for key, column in columns.items() if column["required"]}
    for index, row in enumerate(rows[:HEADER_ROWS]):
        headings = ["".join(clean_line(cell).split()) for cell in row]
        places = [(known[heading], place) for place, heading in enumerate(headings) if heading in known]
        if needed <= {key for key, _place in places}:
            if len({key for key, _place in places}) != len(places):
                raise FileRefused("header_twice", index + 1)
            return index, dict(places)
    raise FileRefused("header")


def _is_formula_text(column: dict[str, Any], cell: str) -> bool:
    if not cell.startswith(_DANGEROUS) or column.get("free"):
        return False
    return not column.get("digits") or not cell.lstrip("+").replace("-", "").replace(" ", "").isdecimal()


def _cells(rows: Iterable[tuple[int, Sequence[str]]], places: dict[str, int]) -> Iterable[tuple[int, dict[str, str]]]:
    for number, row in rows:
        values = {
            key: clean_line(unicodedata.normalize("NFC", row[place])) if place < len(row) else ""
            for key, place in places.items()
        }
        if any(values.values()):
            yield number, values


def read_table(kind: str, data: bytes, columns: Columns) -> dict[str, Any]:
    """Rows as [number, {column: text}] and formula cells as [row, column]; raises FileRefused."""
    if kind == "csv" and data.startswith(_BINARY):
        raise FileRefused("kind")
    rows, formulas = (_csv_rows(data), []) if kind == "csv" else _xlsx_rows(data)
    start, places = _header(rows, columns)
    body = list(_cells(enumerate(rows[start + 1 :], start=start + 2), places))
    if len(body) > ROWS:
        raise FileRefused("too_many_rows")
    if not body and not formulas:
        raise FileRefused("no_rows")
    names = {place + 1: key for key, place in places.items()}
    marked = [(row, names.get(column, "")) for row, column in formulas if row > start + 1]
    marked += [
        (number, key) for number, values in body for key, cell in values.items() if _is_formula_text(columns[key], cell)
    ]
    return {"rows": body, "formulas": sorted(set(marked))}


def main() -> None:
    """Limit, read, answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        columns = tomllib.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
        answer = read_table(sys.argv[1], sys.stdin.buffer.read(), columns)
    except FileRefused as refusal:
        answer = {"refused": refusal.code, "row": refusal.row}
    json.dump(answer, sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
