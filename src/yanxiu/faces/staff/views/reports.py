"""Reading a report: the page, its files, its verification."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import seen_class
from yanxiu.faces.staff.desk import desk
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.record.documents.queries import report_file
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.proof.attachment import attachment
from yanxiu.record.reports.queries import report_of, verify_report

__all__ = ["report", "report_download", "verification"]

KINDS = ("pdf", "docx", "html", "figures")


def _asked(request: FrameRequest, key: str) -> Report:
    revision = request.GET.get("revision", "")
    number = int(revision) if revision.isdecimal() and len(revision) < 5 else None
    return report_of(request.viewer, seen_class(request, key), number)


def report(request: FrameRequest, key: str) -> HttpResponse:
    """The newest revision, or the one asked for; an invitation to write one where there is none."""
    return render(request, "staff/report.html", desk(request, seen_class(request, key)))


def verification(request: FrameRequest, key: str) -> HttpResponse:
    """Every figure of a frozen report recomputed from the records, with what differs."""
    found = _asked(request, key)
    outcome = verify_report(found)
    wrong: dict[str, list[object]] = {}
    for difference in outcome.differences:
        wrong.setdefault(difference.where, []).append(difference)
    lines = [(figure, wrong.pop(figure.key, [])) for figure in found.figures.order_by("pk")]
    context = {"class": found.training_class, "report": found, "outcome": outcome, "lines": lines, "others": wrong}
    return render(request, "staff/verification.html", context)


def report_download(request: FrameRequest, key: str, kind: str) -> HttpResponse:
    """PDF, Word, the page as a file, or figures.json of a frozen report."""
    found = _asked(request, key)
    if kind not in KINDS:
        raise NotVisible
    if kind == "figures":
        if found.state != Report.State.FROZEN:
            raise Refused("not_frozen", _("报告冻结以后才有 figures.json。"))
        content_type, content, name = "application/json", attachment(found), "figures.json"
    else:
        content_type, content = report_file(found, kind)
        name = f"{found.training_class.key}-{found.revision}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type, headers=headers)
