"""The files of a report: as frozen, or a draft as it would be printed now."""

from collections.abc import Callable, Mapping

from yanxiu.kit.errors import Refused
from yanxiu.record.documents.docx import render_docx
from yanxiu.record.documents.html import render_page
from yanxiu.record.documents.pdf import render_pdf
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.proof.attachment import attachment
from yanxiu.record.reports.queries import live_doc

__all__ = ["report_docx", "report_file", "report_html", "report_pdf"]


def report_pdf(report: Report) -> bytes:
    """PDF/A-3a; a frozen report carries its signed figures.json."""
    return render_pdf(live_doc(report), attachment(report) if report.state == Report.State.FROZEN else None)


def report_docx(report: Report) -> bytes:
    return render_docx(live_doc(report))


def report_html(report: Report) -> bytes:
    return render_page(live_doc(report)).encode()


_FILES: Mapping[str, tuple[str, Callable[[Report], bytes]]] = {
    "pdf": ("application/pdf", report_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", report_docx),
    "html": ("text/html; charset=utf-8", report_html),
}


def report_file(report: Report, kind: str) -> tuple[str, bytes]:
    """(content type, bytes) of "pdf", "docx" or "html"."""
    if kind not in _FILES:
        raise Refused("unknown_file", "可导出的格式：pdf、docx、html。", field="kind")
    content_type, render = _FILES[kind]
    return content_type, render(report)
