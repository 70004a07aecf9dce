"""Writing a report: each button is one action. A refusal keeps what was typed on the page."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.faces.staff.desk import desk, first_front, preview_of
from yanxiu.faces.staff.forms import NarrativeForm
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.record.documents.queries import report_pdf
from yanxiu.record.reports import actions
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.queries import report_of
from yanxiu.record.reports.quoting.actions import ask_quotation
from yanxiu.training.classes.models import TrainingClass

__all__ = ["ask", "correct", "draft", "freeze", "preview", "save", "send_back"]

_PROMPT = "请在这里写"  # of starter.md
_STATUS = {"same_person": 403, "wrong_state": 409, "report_exists": 409}


def _back(key: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("staff:report", args=[key]))


def _said(
    request: FrameRequest, training_class: TrainingClass, refused: Refused, typed: Report | None = None
) -> HttpResponse:
    """The page again, with the refusal on top and the typed text in its field."""
    context = desk(request, training_class, refused=refused, typed=typed)
    if typed is None and context["state"] == "none" and request.POST.get("narrative"):
        context["starter"] = request.POST["narrative"]
    return render(request, "staff/report.html", context, status=_STATUS.get(refused.code, 422))


def _form(request: FrameRequest) -> NarrativeForm:
    form = NarrativeForm(request.POST)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        raise Refused("invalid", str(errors[0]), field=field)
    return form


def _require_written(narrative: str) -> None:
    if _PROMPT in narrative:
        raise Refused("prompts_left", _("正文里还有“请在这里写”的提示，请写好或删去再送核稿。"), field="narrative")


def draft(request: FrameRequest, key: str) -> HttpResponse:
    """The first revision, from the text on the page."""
    training_class = managed_class(request, key)
    try:
        form = _form(request)
        actions.draft_report(
            request.viewer, training_class, template=form.cleaned_data["template"],
            narrative=form.cleaned_data["narrative"], frontmatter=first_front(training_class) | form.frontmatter({}),
        )  # fmt: skip
    except Refused as refused:
        return _said(request, training_class, refused)
    return _back(key)


def _typed(request: FrameRequest, training_class: TrainingClass) -> Report:
    """The newest report with the typed text in it, not stored."""
    report = report_of(request.viewer, training_class)
    if report.state == Report.State.DRAFT:
        report.narrative = request.POST.get("narrative", report.narrative)
        report.note = request.POST.get("note", report.note)
    return report


def save(request: FrameRequest, key: str) -> HttpResponse:
    """Stores the draft; with the button 送核稿 it is sent to review at once."""
    training_class = managed_class(request, key)
    report = report_of(request.viewer, training_class)
    try:
        form = _form(request)
        sent = request.POST.get("then") == "review"
        if sent:
            _require_written(form.cleaned_data["narrative"])
        stored = actions.save_narrative(
            request.viewer, report, narrative=form.cleaned_data["narrative"], note=form.cleaned_data["note"],
            template=form.cleaned_data["template"], frontmatter=form.frontmatter(report.frontmatter),
        )  # fmt: skip
        if sent:
            report_pdf(stored)  # whoever writes it hears of a character that cannot be printed
            actions.send_to_review(request.viewer, stored)
    except Refused as refused:
        return _said(request, training_class, refused, _typed(request, training_class))
    return _back(key)


def preview(request: FrameRequest, key: str) -> HttpResponse:
    """The typed text as it would be printed, without storing it."""
    training_class = managed_class(request, key)
    report = _typed(request, training_class)
    context = {"preview": preview_of(report), "class": training_class, "may_manage": True}
    return render(request, "staff/_preview.html", context)


def _moved(request: FrameRequest, key: str, action: Callable[[Viewer, Report], Report]) -> HttpResponse:
    training_class = managed_class(request, key)
    try:
        action(request.viewer, report_of(request.viewer, training_class))
    except Refused as refused:
        return _said(request, training_class, refused)
    return _back(key)


def send_back(request: FrameRequest, key: str) -> HttpResponse:
    return _moved(request, key, actions.return_report)


def freeze(request: FrameRequest, key: str) -> HttpResponse:
    """The second signature. A second click by the signer finds it frozen and leads to it."""
    training_class = managed_class(request, key)
    report = report_of(request.viewer, training_class)
    if report.state == Report.State.FROZEN and report.signed_by_id == request.viewer.person_id:
        return _back(key)
    return _moved(request, key, _freeze)


def _freeze(viewer: Viewer, report: Report) -> Report:
    """What cannot be printed is not frozen: afterwards nobody could change the word."""
    if report.state == Report.State.REVIEW:
        report_pdf(report)
    return actions.freeze_report(viewer, report)


def ask(request: FrameRequest, key: str, post: UUID) -> HttpResponse:
    """请作者同意引用 one post of the newest report."""
    training_class = managed_class(request, key)
    try:
        ask_quotation(request.viewer, report_of(request.viewer, training_class), post)
    except Refused as refused:
        return _said(request, training_class, refused)
    return HttpResponseRedirect(f"{reverse('staff:report', args=[key])}?asked=1")


def correct(request: FrameRequest, key: str) -> HttpResponse:
    """Revision n+1 as a draft."""
    note = request.POST.get("note", "")
    return _moved(request, key, lambda viewer, report: actions.correct_report(viewer, report, note=note))
