"""An empty roster to fill in, with the units as they are registered to choose from."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from yanxiu.people.models import Organisation
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, require

__all__ = ["roster_template"]

HEADINGS = ("姓名", "手机", "单位", "职务")  # of columns.toml: read back in any language
MOST_UNITS = 3000
LINES = 1000  # that offer the list of units


def roster_template(viewer: Viewer, training_class: TrainingClass) -> bytes:
    """The headings on the first sheet (phones as text), the units of the class's region on the second."""
    require(can_manage, viewer, training_class)
    below = Organisation.objects.filter(region__path__startswith=training_class.region.path)
    units = list(below.order_by("name").values_list("name", flat=True)[:MOST_UNITS])
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, text = book.add_format({"bold": True, "bg_color": "#E2EFF0"}), book.add_format({"num_format": "@"})
        sheet, second = book.add_worksheet(_("名册")), book.add_worksheet(_("单位"))
        sheet.write_row(0, 0, HEADINGS, bold)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate((12, 16, 34, 18)):
            sheet.set_column(column, column, width, text)
        second.set_column(0, 0, 40)
        second.write_column(0, 0, units)
        if units:
            source = f"='{second.get_name()}'!$A$1:$A${len(units)}"
            sheet.data_validation(1, 2, LINES, 2, {"validate": "list", "source": source, "error_type": "warning"})
    return held.getvalue()
