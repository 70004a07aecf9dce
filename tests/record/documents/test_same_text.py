"""HTML, PDF and DOCX of one tree print the same text, and all of it."""

import io
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from record.sample import reference_report

from yanxiu.record.documents.docx import render_docx
from yanxiu.record.documents.html import render_html, render_page
from yanxiu.record.documents.pdf import render_pdf
from yanxiu.record.documents.readback import Change, readback
from yanxiu.record.reports.composing import Checkpoint
from yanxiu.record.reports.tree import Doc, visible_text

TEMPLATES = ("jianbao", "gongwen")


def squeezed(text: str) -> str:
    return "".join(text.split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def html_text(doc: Doc) -> str:
    parser = _Words()
    parser.feed(render_html(doc))
    return squeezed("".join(parser.words))


def pdf_text(raw: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(raw)).pages
    return "".join(squeezed(page.extract_text()).removesuffix(f"—{n}—") for n, page in enumerate(pages, 1))


def docx_text(raw: bytes) -> str:
    return squeezed("".join(node.text or "" for node in Document(io.BytesIO(raw)).element.body.iter(qn("w:t"))))


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_three_files_print_the_tree_and_nothing_else(template: str) -> None:
    doc = reference_report(template).doc
    expected = squeezed("".join(visible_text(doc)))
    assert "必修课总时长163597分钟，选修课总时长8077分钟，课程学习平均时长1716分钟" in expected
    assert html_text(doc) == expected
    assert pdf_text(render_pdf(doc)) == expected
    assert docx_text(render_docx(doc)) == expected


def test_markup_in_the_data_stays_text_in_all_three() -> None:
    hostile = '#let x = 1 <b onclick="x()">*甲*</b> $x$ \\ @a _b_ {{ c }} & "引"'
    doc = Doc.from_json(
        reference_report().doc.to_json()
        | {"blocks": [{"t": "Title", "s": hostile}, {"t": "Sign", "org": hostile, "date": "今"}]}
    )
    expected = squeezed("".join(visible_text(doc)))
    assert "<b onclick" not in render_html(doc)
    assert html_text(doc) == pdf_text(render_pdf(doc)) == docx_text(render_docx(doc)) == expected


def test_every_figure_of_the_page_is_a_link_that_names_it() -> None:
    page = render_html(reference_report().doc, "/classes/smx-2017/figures/{key}/")
    assert '<a class="fig" data-key="mean_minutes" href="/classes/smx-2017/figures/mean_minutes/"' in page
    assert page.count('class="fig"') == 1 + 15 + 15  # the opening sentence repeats one; the table has all
    assert "style=" not in page  # stands under a strict content security policy
    assert render_page(reference_report().doc).startswith("<!doctype html>")


def test_the_same_tree_gives_the_same_bytes() -> None:
    doc = reference_report().doc
    assert render_pdf(doc, b"{}") == render_pdf(Doc.from_json(doc.to_json()), b"{}")


def test_a_live_document_says_that_it_is_a_draft() -> None:
    doc = reference_report(checkpoint=Checkpoint()).doc
    assert "草稿：数值随记录变化" in pdf_text(render_pdf(doc))


def test_an_edited_word_file_tells_which_figures_were_changed() -> None:
    doc = reference_report().doc
    raw = render_docx(doc)
    assert readback(raw, doc) == []
    source, out = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"163597", b"183597"))
    changed = readback(out.getvalue(), doc)
    assert changed[0] == Change("fig:compulsory_minutes", "163597分钟", "183597分钟")
    assert len(changed) == 3  # sentence, table, annex


def test_figures_and_quotations_are_locked_in_word() -> None:
    body = Document(io.BytesIO(render_docx(reference_report().doc))).element.body
    controls = list(body.iter(qn("w:sdt")))
    assert len(controls) == 16 + 15 + 15 + 2
    assert {lock.get(qn("w:val")) for lock in body.iter(qn("w:lock"))} == {"sdtContentLocked"}
    numbers = [number.get(qn("w:val")) for number in body.iter(qn("w:id"))]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not on this machine")
def test_libreoffice_opens_the_word_file_without_loss(tmp_path: Path) -> None:
    doc = reference_report().doc
    (tmp_path / "report.docx").write_bytes(render_docx(doc))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "report.docx"],
        cwd=tmp_path, check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = squeezed((tmp_path / "report.txt").read_text(encoding="utf-8-sig"))
    assert text == squeezed("".join(visible_text(doc)))
