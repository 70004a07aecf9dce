"""Evidence as a workbook: text stays text, whatever it begins with."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures.sources import Scope, rows_of
from yanxiu.record.figures.values import figure_values
from yanxiu.record.figures.words import in_words
from yanxiu.training.classes.models import TrainingClass

__all__ = ["evidence_xlsx"]

CHUNK = 2000
WIDTHS = (12, 28, 16, 44, 18, 14, 20, 10)


def evidence_xlsx(class_: TrainingClass, key: str) -> bytes:
    """All rows under a figure, and its definition on a second sheet. KeyError for an unknown figure."""
    with snapshot():
        value, rows = figure_values(class_)[key], rows_of(Scope(class_), key)
        held = io.BytesIO()
        # Nobody's text becomes a formula or a link, in Excel or in whatever opens the file after it.
        book = xlsxwriter.Workbook(
            held,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
        )
        plain, bold = book.add_format({"quote_prefix": True}), book.add_format({"bold": True, "quote_prefix": True})
        sheet = book.add_worksheet(_("证据"))
        heads = (_("姓名"), _("单位"), _("县（市、区）"), _("事项"), _("时间"), _("数量"), _("编号"), _("用作"))
        for column, (head, width) in enumerate(zip(heads, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        sheet.freeze_panes(1, 0)
        parts = {"numerator": _("分子"), "denominator": _("分母")}
        known, line = value.definition, 0
        for start in range(0, len(rows), CHUNK):
            shown = in_words(
                rows[start : start + CHUNK], zone=class_.zone, absent=key == "exam_absentees", unit=known.unit,
                divisor=known.divisor,
            )  # fmt: skip
            for row in shown:
                line += 1
                cells = (
                    row.name,
                    row.organisation,
                    row.county,
                    row.what,
                    row.when,
                    row.quantity,
                    row.ref,
                    parts[row.part],
                )
                for column, text in enumerate(cells):
                    sheet.write_string(line, column, text, plain)
        about = book.add_worksheet(_("口径"))
        about.set_column(1, 1, 100)
        facts = (
            (_("班级"), class_.name), (_("指标"), known.label_zh), (_("数值"), f"{value.display} {known.unit}"),
            (_("算法"), value.formula), (_("口径"), known.filter), (_("口径版本"), f"{class_.figure_profile}@{known.version}"),
            (_("证据条数"), str(value.evidence_count)), (_("证据摘要"), value.evidence_digest),
        )  # fmt: skip
        for number, (head, text) in enumerate(facts):
            about.write_string(number, 0, head, bold)
            about.write_string(number, 1, text, plain)
        book.close()
        return held.getvalue()
