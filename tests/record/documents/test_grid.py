"""The PDF keeps the grid of GB/T 9704: 22 lines of 28 characters, page numbers outside, official fonts or a notice."""

import io
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pypdf
import pytest
from record.sample import CLOSED, reference_report

from yanxiu.kit.errors import Refused
from yanxiu.record.documents import fonts
from yanxiu.record.documents.pdf import render_pdf

MM = 72 / 25.4
PITCH = 225 * MM / 22


def lines_of(page: pypdf.PageObject) -> list[tuple[float, float, str]]:
    """(left, distance from the top, text) of every line, in points, top first."""
    found: dict[float, list[tuple[float, str]]] = defaultdict(list)

    def seen(text: str, matrix: list[float], _tm: object, _font: object, _size: object) -> None:
        if text.strip():
            found[round(841.89 - matrix[5], 1)].append((matrix[4], text.strip()))

    page.extract_text(visitor_text=seen)
    return [(min(x for x, _text in parts), y, "".join(t for _x, t in parts)) for y, parts in sorted(found.items())]


def full_pages() -> list[pypdf.PageObject]:
    long = "# 标题\n\n" + "研修示范班学员认真学习深入思考" * 200 + "\n"
    return list(pypdf.PdfReader(io.BytesIO(render_pdf(reference_report(text=long).doc))).pages)


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    *lines, (_left, _y, number) = lines_of(full_pages()[1])
    assert len(lines) == 22
    assert {len(text) for _left, _y, text in lines} == {28}
    assert "".join(number.split()) == "—2—"


def test_lines_stand_at_the_pitch_and_inside_the_margins() -> None:
    *lines, (number_left, number_y, _number) = lines_of(full_pages()[1])
    gaps = {round(after[1] - before[1], 1) for before, after in pairwise(lines)}
    assert all(abs(gap - PITCH) < 0.15 for gap in gaps)
    assert all(abs(left - 28 * MM) < 0.2 for left, _y, _text in lines)
    assert 37 * MM < lines[0][1] < 37 * MM + PITCH
    assert lines[-1][1] < (37 + 225) * MM < number_y - 7 * MM  # 7 mm under the type area, at least
    assert abs(number_left - (28 * MM + 14)) < 1  # left on even pages, one character in


def test_page_numbers_of_odd_pages_stand_right() -> None:
    left, _y, text = lines_of(full_pages()[2])[-1]
    assert "".join(text.split()) == "—3—"
    assert left > 150 * MM


def test_the_imprint_of_an_official_document_ends_on_an_even_page() -> None:
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(reference_report("gongwen").doc))).pages
    assert len(pages) % 2 == 0
    assert "印发" in pages[-1].extract_text()
    _left, y, _text = next(line for line in reversed(lines_of(pages[-1])) if "印发" in line[2])
    assert (37 + 225 - 12) * MM < y < (37 + 225) * MM


def test_the_file_is_an_archive_with_its_figures_inside() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(reference_report().doc, b'{"a":1}')))
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]  # PDF/A has them
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert reader.attachments["figures.json"] == [b'{"a":1}']
    assert reader.metadata is not None
    assert reader.metadata.title == "学深悟透担使命　真抓实干见成效"


def test_a_character_no_font_has_stops_the_document() -> None:
    with pytest.raises(Refused, match="没有“\U000323af”") as caught:
        render_pdf(reference_report(text="# 标题\n\n罕见字\U000323af。\n", checkpoint=CLOSED).doc)
    assert caught.value.code == "no_glyph"


def test_missing_official_faces_are_noticed(tmp_path: Path) -> None:
    fonts.use_font_dirs([tmp_path, tmp_path / "nowhere"])
    found = fonts.faces()
    assert found["hei"][-1] == "Noto Sans SC"
    assert found["fang"][-1] == "Noto Serif SC"
    if len(found["fang"]) == 1:
        assert "没有仿宋" in found.notice
    fonts.use_font_dirs([])
