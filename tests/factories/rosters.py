"""Roster files, made by the same kind of writer an office uses, and some made to hurt."""

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

__all__ = ["HEADER", "csv_file", "rezipped", "xlsx_file", "zip_bomb"]

HEADER = ("姓名", "手机", "单位", "职务")


def csv_file(rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER, encoding: str = "utf-8-sig") -> bytes:
    """A CSV; cells must not need quoting."""
    return "\r\n".join(",".join(row) for row in (header, *rows)).encode(encoding)


def xlsx_file(
    rows: Sequence[Sequence[object]], *, header: Sequence[str] = HEADER, title: str = "", more_sheets: int = 0
) -> bytes:
    """An XLSX; a cell text that begins with "{=" is written as a formula; `title` stands in a row of its own above."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("名单")
    lines = [(title,)] if title else []
    for y, row in enumerate([*lines, header, *rows]):
        for x, cell in enumerate(row):
            if isinstance(cell, str) and cell.startswith("{="):
                sheet.write_formula(y, x, cell[1:], value="13800000000")
            else:
                sheet.write(y, x, cell)
    for number in range(more_sheets):
        book.add_worksheet(f"附页{number}").write_formula(0, 0, "=1+1")
    book.close()
    return stream.getvalue()


def rezipped(xlsx: bytes, changes: dict[str, bytes]) -> bytes:
    """The same file with some parts replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, body in changes.items():
            new.writestr(name, body)
    return stream.getvalue()


def zip_bomb(megabytes: int = 60) -> bytes:
    """A valid XLSX with a part that unpacks about a thousandfold."""
    return rezipped(
        xlsx_file([("张三", "10000000001", "云岭中学", "")]), {"xl/media/a.xml": b" " * megabytes * 1_000_000}
    )
