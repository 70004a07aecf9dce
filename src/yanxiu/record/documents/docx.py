"""Tree → editable DOCX. Words can be edited; figures and quotations stand in locked content controls."""

import io
from datetime import datetime
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yanxiu.record.documents.charts import bar_png, bar_svg, swatch_svg
from yanxiu.record.documents.docx_page import empty_document
from yanxiu.record.documents.ooxml import add_control, element, in_schema_order, set_face, set_rule, set_size
from yanxiu.record.reports import tree

__all__ = ["render_docx"]

RED = RGBColor(0xE6, 0x00, 0x12)
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT


def render_docx(doc: tree.Doc) -> bytes:
    """The Word file of a document."""
    writer = _Writer(doc)
    writer.write()
    return writer.saved()


class _Writer:
    def __init__(self, doc: tree.Doc) -> None:
        self.doc, self.word, self.controls = doc, empty_document(), 1000

    def write(self) -> None:
        self.head(self.doc.head)
        for block in self.doc.blocks:
            self.block(block)
        self.annex(self.doc.annex)
        self.imprint(self.doc.imprint)

    def saved(self) -> bytes:
        properties = self.word.core_properties
        properties.title, properties.language = self.doc.title, "zh-CN"
        properties.author = getattr(self.doc.head, "org", "") or getattr(self.doc.head, "issuer", "")
        properties.keywords = f"{self.doc.reference}; sha256 {self.doc.digest()}"
        if self.doc.frozen_at:
            properties.created = properties.modified = datetime.fromisoformat(self.doc.frozen_at)
        for paragraph in self.word.element.body.iter(qn("w:p")):
            # Said again on every paragraph: LibreOffice does not take it from the style.
            paragraph.get_or_add_pPr().extend([element("autoSpaceDE", val="0"), element("autoSpaceDN", val="0")])
        section = self.word.sections[0]
        parts = (self.word, self.word.styles, section.footer, section.even_page_footer)
        for part in parts:
            in_schema_order(part.element if hasattr(part, "element") else part._element)  # noqa: SLF001  (no other door)
        file = io.BytesIO()
        self.word.save(file)
        return file.getvalue()

    def line(self, words: str = "", style: str | None = None, align: Any = None) -> Any:
        paragraph = self.word.add_paragraph(style=style)
        if words:
            paragraph.add_run(words)
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def head(self, head: tree.RedHead | tree.Masthead) -> None:
        name = head.org if isinstance(head, tree.RedHead) else head.name
        paragraph = self.line(align=CENTRE)
        paragraph.paragraph_format.line_spacing = Pt(87)
        run = paragraph.add_run(name)
        run.font.color.rgb = RED
        _dress(run, "xbs", 40)
        last = self.line(head.number if isinstance(head, tree.RedHead) else head.issue, align=CENTRE)
        if isinstance(head, tree.Masthead):
            last = self.line(f"{head.issuer}\t{head.date}", align=LEFT)
            last.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
        set_rule(last._p.get_or_add_pPr(), "pBdr", "bottom", 12, "E60012")  # noqa: SLF001  (no other door)
        self.line()

    def block(self, block: tree.Block) -> None:
        match block:
            case tree.Title():
                self.line(block.s, "Title")
            case tree.Subtitle():
                self.line(block.s, "Subtitle")
                self.line()
            case tree.Heading():
                self.line(block.s, f"Heading {block.level}")
            case tree.Paragraph():
                paragraph = self.line(style="公文正文")
                if block.lead:
                    _dress(paragraph.add_run(block.lead), "hei")
                self.inlines(paragraph, block.inlines)
            case tree.Quote():
                paragraph = self.line(style="公文正文")
                paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(32)
                self.inlines(paragraph, block.inlines, role="kai")
            case tree.Table():
                self.table(block)
            case tree.Chart():
                self.chart(block)
            case tree.Sign():
                self.sign(block)

    def inlines(self, paragraph: Any, inlines: tuple[tree.Inline, ...], *, role: str = "") -> None:
        for inline in inlines:
            words = tree.inline_text(inline)
            if isinstance(inline, tree.Text):
                face = inline.kind if inline.kind != "plain" else role
                _dress(paragraph.add_run(words), face)
                continue
            tag, alias = (
                (f"fig:{inline.key}", inline.label)
                if isinstance(inline, tree.Fig)
                else (f"cite:{inline.source}", "原文引用")
            )
            self.controls += 1
            add_control(paragraph, self.controls, tag, alias, words, role=role)

    def caption(self, words: str) -> None:
        paragraph = self.line(align=CENTRE)
        paragraph.paragraph_format.keep_with_next = True
        _dress(paragraph.add_run(words), "hei", 14)

    def table(self, block: tree.Table) -> None:
        self.caption(block.caption)
        widths = [44.0 if side == "l" else 34.0 for side in block.columns]
        table = self.grid(block.head, "表格")
        for row in block.rows:
            for cell, inline, side in zip(table.add_row().cells, row, block.columns, strict=True):
                self.inlines(self.cell_line(cell, RIGHT if side == "r" else LEFT, "表格"), (inline,))
        _set_widths(table, widths)

    def cell_line(self, cell: Any, align: Any, style: str) -> Any:
        """The line of a cell. Sizes come from its style: not every suite heeds them inside a content control."""
        paragraph = cell.paragraphs[0]
        paragraph.style, paragraph.alignment = self.word.styles[style], align
        return paragraph

    def grid(self, head: tuple[str, ...], style: str) -> Any:
        """A ruled table with its heading row repeated on every page."""
        table = self.word.add_table(rows=1, cols=len(head))
        table.style, table.autofit = "Table Grid", False
        for cell, words in zip(table.rows[0].cells, head, strict=True):
            _dress(self.cell_line(cell, CENTRE, style).add_run(words), "hei")
        table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))  # noqa: SLF001  (no other door)
        return table

    def chart(self, block: tree.Chart) -> None:
        self.caption(block.caption)
        paragraph = self.line(align=CENTRE)
        paragraph.paragraph_format.keep_with_next = True
        for index, words in enumerate(block.legend):
            self.picture(paragraph, swatch_svg(index), Mm(3), "")
            _dress(paragraph.add_run(f" {words}　"), "hei", 12)
        table = self.word.add_table(rows=0, cols=2)
        table.autofit = False
        for number, bar in enumerate(block.bars):
            label, drawn = table.add_row().cells
            paragraph = self.cell_line(label, RIGHT, "图")
            paragraph.add_run(bar.label)
            paragraph.paragraph_format.keep_with_next = number < len(block.bars) - 1
            paragraph = self.cell_line(drawn, LEFT, "图")
            self.picture(paragraph, bar_svg(block, number), Mm(72), block.alt if number == 0 else "")
            paragraph.add_run(f" {bar.value}")
        _set_widths(table, [60, 96])

    def picture(self, paragraph: Any, svg: str, width: Any, alt: str) -> None:
        picture = paragraph.add_run().add_picture(io.BytesIO(bar_png(svg)), width=width)
        picture._inline.docPr.set("descr", alt)  # noqa: SLF001  (no other door)

    def sign(self, block: tree.Sign) -> None:
        self.line()
        for words, characters in ((block.org, 3), (block.date, 4)):
            paragraph = self.line(words, align=RIGHT)
            paragraph.paragraph_format.right_indent = Pt(16 * characters)
            paragraph.paragraph_format.keep_with_next = words == block.org

    def annex(self, annex: tree.Annex) -> None:
        paragraph = self.line(align=LEFT)
        paragraph.paragraph_format.page_break_before = True
        _dress(paragraph.add_run(annex.caption), "hei")
        table = self.grid(annex.head, "附件")
        for key, *cells in annex.rows:
            for column, (cell, words) in enumerate(zip(table.add_row().cells, cells, strict=True)):
                line = self.cell_line(cell, LEFT if column in {0, 2} else CENTRE, "附件")
                if column == 1:
                    self.controls += 1
                    add_control(line, self.controls, f"fig:{key}", cells[0], words, role="hei")
                else:
                    _dress(line.add_run(words), "", 8 if column == 4 else 0)
        _set_widths(table, [29, 21, 66, 17, 23])
        for note in annex.notes:
            self.line(note, "附件")

    def imprint(self, imprint: tree.Imprint) -> None:
        """A plain one-column table: floating tables are dropped and frames ignored by other office suites."""
        rows = [f"{label}：{words}" for label, words in imprint.rows]
        if imprint.printer or imprint.printed_on:
            rows.append(f"{imprint.printer}\t{imprint.printed_on}")
        if not rows:
            return
        self.line()
        table = self.word.add_table(rows=0, cols=1)
        for number, words in enumerate(rows):
            cell = table.add_row().cells[0]
            paragraph = self.cell_line(cell, LEFT, "版记")
            form = paragraph.paragraph_format
            form.line_spacing, form.keep_with_next = Pt(21), number < len(rows) - 1
            form.left_indent, form.right_indent = Pt(14), Pt(14)
            if "\t" in words:
                form.tab_stops.add_tab_stop(Mm(152) - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
            else:
                form.left_indent, form.first_line_indent = Pt(14 * 3), Pt(-28)
            paragraph.add_run(words)
            properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001  (no other door)
            if number == 0 or "\t" in words:
                set_rule(properties, "tcBorders", "top", 8 if number == 0 else 6)
            if number == len(rows) - 1:
                set_rule(properties, "tcBorders", "bottom", 8)


def _dress(run: Any, role: str = "", size: float = 0) -> None:
    properties = run._r.get_or_add_rPr()  # noqa: SLF001  (no other door)
    if role:
        set_face(properties, role)
    if size:
        set_size(properties, size)


def _set_widths(table: Any, widths: list[float]) -> None:
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("cantSplit"))  # noqa: SLF001  (no other door)
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
