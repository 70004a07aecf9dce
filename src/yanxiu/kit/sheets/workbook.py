"""An XLSX looked at before any library opens it: how big it unpacks, where its formulas are. Standard library only."""

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from yanxiu.kit.sheets.limits import ENTRIES, HEADER_ROWS, RATIO, ROWS

__all__ = ["FileRefused", "Inspection", "inspect", "split_reference"]

_RELATION_ID = "/relationships id"  # behind a namespace that differs between transitional and strict files


@dataclass(eq=False)
class FileRefused(Exception):
    """The file as a whole cannot be taken; the parent process finds the words for `code`."""

    code: str
    row: int | None = None


@dataclass
class Inspection:
    """Cells with a formula, as (row, column), both from 1; rows that hold any value."""

    formulas: list[tuple[int, int]] = field(default_factory=list)
    filled_rows: int = 0


def split_reference(reference: str) -> tuple[int, int]:
    """(row, column) of "AB12", both from 1."""
    match = re.fullmatch(r"([A-Z]{1,3})([1-9]\d{0,6})", reference)
    if match is None:
        raise FileRefused("damaged")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _parse(xml: bytes, start: object, end: object = None) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse_doctype(*_args: object) -> None:
        raise FileRefused("damaged")

    parser.StartDoctypeDeclHandler = refuse_doctype  # no office writes one; entity bombs need one
    parser.StartElementHandler = start  # type: ignore[assignment]  # callables made right here
    parser.EndElementHandler = end  # type: ignore[assignment]  # the same
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        raise FileRefused("damaged") from None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _first_sheet(files: dict[str, bytes]) -> bytes:
    """The XML of the first sheet, found through the workbook's relations, as an office does."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def on_workbook(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            sheets.append(next((value for key, value in attributes.items() if key.endswith(_RELATION_ID)), ""))

    def on_relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    _parse(files.get("xl/workbook.xml", b""), on_workbook)
    _parse(files.get("xl/_rels/workbook.xml.rels", b""), on_relation)
    target = targets.get(sheets[0], "") if sheets else ""
    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    if path not in files:
        raise FileRefused("damaged")
    return files[path]


def _scan(sheet: bytes) -> Inspection:
    found, cell, has_value = Inspection(), (0, 0), False

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, has_value
        tag = _local(name)
        if tag == "row":
            has_value = False
            number = attributes.get("r", "")
            cell = (int(number) if number.isdecimal() else cell[0] + 1, 0)
        elif tag == "c":
            cell = split_reference(attributes["r"]) if "r" in attributes else (cell[0], cell[1] + 1)
        elif tag == "f":
            found.formulas.append(cell)
            has_value = True
        elif tag in {"v", "is"}:
            has_value = True

    def on_end(name: str) -> None:
        if _local(name) == "row" and has_value:
            found.filled_rows += 1
            if found.filled_rows > ROWS + HEADER_ROWS:
                raise FileRefused("too_many_rows")

    _parse(sheet, on_start, on_end)
    return found


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The XML parts, read in full, so that sizes and checksums in the directory are known to be true."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > ENTRIES:
                raise FileRefused("too_many_entries")
            if sum(entry.file_size for entry in entries) > RATIO * len(data):
                raise FileRefused("bomb")
            if "xl/workbook.xml" not in archive.namelist():
                raise FileRefused("kind")
            return {e.filename: archive.read(e) for e in entries if e.filename.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise FileRefused("damaged") from None


def inspect(data: bytes) -> Inspection:
    """What must be known before a spreadsheet library may open these bytes."""
    return _scan(_first_sheet(_unpacked(data)))
