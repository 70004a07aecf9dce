"""Roster files that are not what they should be: refused in words, quickly, with nothing written."""

import io
import time
import zipfile

import pytest
from factories.rosters import csv_file, rezipped, xlsx_file, zip_bomb
from factories.worlds import At, small_world

from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.kit.sheets.workbook import FileRefused, split_reference
from yanxiu.people.models import Person
from yanxiu.training.classes.actions import import_roster
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.roster.files import parse_roster

ROW = ("王一", "10020000001", "云岭中学", "校长")
GOOD = xlsx_file([ROW])
SHEET = "xl/worksheets/sheet1.xml"


def refusal_of(file: bytes, name: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        parse_roster(file, name)
    assert refusal.value.field == "file"
    return refusal.value


@pytest.mark.django_db
def test_a_roster_in_gbk_is_refused_with_row_and_advice_and_writes_nothing(at: At) -> None:
    world = small_world()
    before = (Person.objects.count(), Enrolment.objects.count(), AuditEntry.objects.count())
    with pytest.raises(Refused) as refusal:
        import_roster(world.manager, world.cls, csv_file([ROW], encoding="gb18030"), "名单.csv", False)
    assert refusal.value.code == "roster_gbk"
    assert refusal.value.row == 1
    assert "CSV UTF-8" in str(refusal.value)
    assert (Person.objects.count(), Enrolment.objects.count(), AuditEntry.objects.count()) == before


def test_gbk_further_down_names_its_row() -> None:
    file = csv_file([ROW], encoding="utf-8") + "\r\n李二,10020000002,松涛小学,".encode("gbk")
    assert refusal_of(file, "a.csv").row == 3


@pytest.mark.parametrize(
    ("file", "name", "code"),
    [
        (b"", "a.xlsx", "roster_empty"),
        (b"", "a.csv", "roster_empty"),
        (b"%PDF-1.7 \xff", "a.xlsx", "roster_kind"),
        (b"%PDF-1.7 text", "a.csv", "roster_kind"),
        (GOOD, "a.csv", "roster_kind"),
        (GOOD, "a.docx", "roster_kind"),
        (csv_file([ROW]), "a.xlsx", "roster_kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "a.xls", "roster_old_xls"),
        ("姓名,手机,单位".encode("utf-16"), "a.csv", "roster_encoding"),
        (b"\0,\0", "a.csv", "roster_kind"),
        ("姓名,手机,单位\r\n".encode(), "a.csv", "roster_no_rows"),
        ("甲,乙,丙\r\n1,2,3".encode(), "a.csv", "roster_header"),
        ("姓名,手机,单位,姓名\r\n1,2,3,4".encode(), "a.csv", "roster_header_twice"),
        ('姓名,手机,单位\r\n"王一,1,2'.encode(), "a.csv", "roster_damaged"),
        (GOOD[:-200], "a.xlsx", "roster_damaged"),
        (GOOD[:600] + b"\xff" * 20 + GOOD[620:], "a.xlsx", "roster_damaged"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", "roster_size"),
        (zip_bomb(), "a.xlsx", "roster_bomb"),
        (rezipped(GOOD, {f"x/{n}.txt": b"" for n in range(201)}), "a.xlsx", "roster_too_many_entries"),
        (rezipped(GOOD, {"xl/workbook.xml": b"<a"}), "a.xlsx", "roster_damaged"),
        (rezipped(GOOD, {SHEET: b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'}), "a.xlsx", "roster_damaged"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file_has_a_name(file: bytes, name: str, code: str) -> None:
    assert refusal_of(file, name).code == code


def test_twenty_thousand_rows_are_read_and_one_more_is_refused() -> None:
    rows = [("王一", f"1{n:010d}", "云岭中学", "") for n in range(20_001)]
    assert len(parse_roster(csv_file(rows[:-1]), "a.csv").rows) == 20_000
    assert refusal_of(csv_file(rows), "a.csv").code == "roster_too_many_rows"
    assert len(parse_roster(xlsx_file(rows[:-1]), "a.xlsx").rows) == 20_000
    assert refusal_of(xlsx_file(rows), "a.xlsx").code == "roster_too_many_rows"


def test_a_sheet_with_one_far_corner_cell_is_refused_in_little_time() -> None:
    corner = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    started = time.monotonic()
    assert refusal_of(rezipped(GOOD, {SHEET: corner}), "a.xlsx").code in {"roster_heavy", "roster_damaged"}
    assert time.monotonic() - started < 15


def test_a_strict_workbook_is_read_and_its_formulas_are_found() -> None:
    namespaces = (
        (b"http://schemas.openxmlformats.org/officeDocument/2006", b"http://purl.oclc.org/ooxml/officeDocument"),
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
    )
    file = xlsx_file([("王一", "{=A1&1", "云岭中学", "")])
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        parts = {name: archive.read(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET)}
    for old, new in namespaces:
        parts = {name: body.replace(old, new) for name, body in parts.items()}
    assert parse_roster(rezipped(file, parts), "a.xlsx").formulas == ((2, "phone"),)


def test_numbers_as_a_spreadsheet_keeps_them_are_whole() -> None:
    (row,) = parse_roster(xlsx_file([("王一", 10020000001, "云岭中学", "")]), "a.xlsx").rows
    assert (row.number, row.phone) == (2, "10020000001")


def test_cell_references_are_read_or_refused() -> None:
    assert split_reference("A1") == (1, 1)
    assert split_reference("XFD1048576") == (1_048_576, 16_384)
    with pytest.raises(FileRefused):
        split_reference("1A")
