"""Page, styles and footers of a GB/T 9704 document in Word."""

from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yanxiu.record.documents.ooxml import add_field, element, set_face

__all__ = ["PITCH", "empty_document"]

PITCH = Pt(225 / 22 * 72 / 25.4)  # 22 lines in 225 mm
BODY = 16  # 3号


def empty_document() -> Any:
    """A document with the page, the styles and the page numbers, and no text."""
    document = Document()
    _set_page(document)
    normal = _style(document, "Normal", "fang", BODY)
    # 28 characters of 16 pt are wider than 156 mm: each gives up a quarter of a point. (Word's linesAndChars grid would do it
    # too, but LibreOffice breaks it.)
    normal.element.get_or_add_rPr().append(element("spacing", val="-5"))
    normal.element.get_or_add_rPr().append(element("lang", val="en-US", eastAsia="zh-CN"))
    for tag in ("autoSpaceDE", "autoSpaceDN"):
        normal.element.get_or_add_pPr().append(element(tag, val="0"))
    normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body = _style(document, "公文正文", "fang", BODY)
    body.base_style = normal
    _indent(body)
    title = _style(document, "Title", "xbs", 22)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in title.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)
    _style(document, "Subtitle", "kai", BODY).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name, role in (("Heading 1", "hei"), ("Heading 2", "kai")):
        heading = _style(document, name, role, BODY)
        heading.paragraph_format.keep_with_next = True
        _indent(heading)
    _style(document, "版记", "fang", 14)
    _style(document, "附件", "fang", 9).paragraph_format.line_spacing = Pt(13)
    _style(document, "表格", "fang", 14).paragraph_format.line_spacing = Pt(20)
    _style(document, "图", "hei", 11).paragraph_format.line_spacing = Pt(18)
    return document


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(35 - 7 - 5)
    properties = section._sectPr  # noqa: SLF001  (python-docx offers no other door to the grid)
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(element("docGrid", type="lines", linePitch=str(round(225 / 22 / 25.4 * 1440))))
    document.settings.odd_and_even_pages_header_footer = True
    compress = document.settings.element.find(qn("w:characterSpacingControl"))
    if compress is not None:
        compress.set(qn("w:val"), "compressPunctuation")
    _footer(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _footer(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _footer(footer: Any, side: Any) -> None:
    """“— n —”, 4号, one character in from the edge: right on odd pages, left on even ones."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    form = paragraph.paragraph_format
    form.line_spacing = Pt(14)
    if side == WD_ALIGN_PARAGRAPH.RIGHT:
        form.right_indent = Pt(14)
    else:
        form.left_indent = Pt(14)
    for words in ("— ", "", " —"):
        run = paragraph.add_run(words)
        run.font.size = Pt(14)
        set_face(run._r.get_or_add_rPr(), "song")  # noqa: SLF001  (as above)
        if not words:
            add_field(run, "PAGE")


def _style(document: Any, name: str, role: str, size: float) -> Any:
    names = {style.name for style in document.styles}
    style = document.styles[name] if name in names else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    set_face(style.element.get_or_add_rPr(), role)
    form = style.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
    form.space_before = form.space_after = Pt(0)
    form.widow_control = True
    style.element.get_or_add_pPr().append(element("snapToGrid", val="0"))
    return style


def _indent(style: Any) -> None:
    """Two characters on the first line."""
    style.element.get_or_add_pPr().append(element("ind", firstLineChars="200", firstLine=str(2 * BODY * 20)))
