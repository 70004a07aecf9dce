"""思想汇报: private pages of its author. Nothing of the text goes anywhere but into this page."""

import secrets

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest, wants_json
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.faces.learner.writing.desk import STATUS, Typed, said, typed_in
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.richtext import clean
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.outcomes import thought_reports as actions
from yanxiu.training.outcomes.models import ThoughtReport
from yanxiu.training.outcomes.queries import thought_report_for, thought_reports_for
from yanxiu.training.outcomes.rules import EDITABLE
from yanxiu.training.outcomes.tasks.queries import task_rows

__all__ = ["thought", "thoughts"]

KIND = "thought_report"


def _url(key: str, report: ThoughtReport, query: str = "") -> str:
    return reverse("learner:thought", args=[key, report.pk]) + query


def thoughts(request: FrameRequest, key: str) -> HttpResponse:
    """One's own reports. POST begins one."""
    place = own_place(request, key)
    refused = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_url(key, actions.start_thought_report(request.viewer, place.enrolment)))
        except Refused as why:
            refused = why
    task = task_rows(request.viewer, place.training_class, place.enrolment)[KIND]
    page = thought_reports_for(request.viewer, place.training_class, after=request.GET.get("after") or None)
    held = sum(row.state != "withdrawn" for row in page.rows)
    may_start = not is_closed(place.training_class) and (not task.is_set or held < task.pieces)
    context = {"task": task, "page": page, "may_start": may_start, "refused": refused}
    status = STATUS.get(refused.code, 422) if refused else 200
    return learner_page(request, place, "learner/writing/thoughts.html", "learner:outcomes", context, status=status)


def _page(
    request: FrameRequest,
    place: Place,
    report: ThoughtReport,
    refused: Refused | None = None,
    typed: Typed | None = None,
) -> HttpResponse:
    may_write = report.state in EDITABLE
    context = {
        "report": report,
        "task": task_rows(request.viewer, place.training_class, place.enrolment)[KIND],
        "title": typed.title if typed else report.title,
        "body": typed.body if typed and may_write else report.html or report.body,
        "unsaved": clean(typed.body).text if typed and not may_write else "",
        "token": typed.token if typed else secrets.token_hex(16),
        "edition": typed.edition if typed else report.edition,
        "may_write": may_write,
        "may_withdraw": report.state in ("submitted", "resubmitted"),
        "may_reopen": report.state == "withdrawn" and not is_closed(place.training_class),
        "refused": refused,
        "said": request.GET.get("said", "") if refused is None else "",
    }
    status = STATUS.get(refused.code, 422) if refused else 200
    return learner_page(request, place, "learner/writing/thought.html", "learner:outcomes", context, status=status)


def _pressed(request: FrameRequest, key: str, report: ThoughtReport, typed: Typed | None) -> HttpResponse:
    name = request.POST.get("do", "")
    if typed is None:
        verbs = {
            "withdraw": (actions.withdraw_thought_report, "withdrawn"),
            "reopen": (actions.reopen_thought_report, "reopened"),
        }
        if name not in verbs:
            raise NotVisible
        act, done = verbs[name]
        act(request.viewer, report)
        return HttpResponseRedirect(_url(key, report, f"?said={done}"))
    saved = actions.save_thought_report(
        request.viewer, report, title=typed.title, body=typed.body, page=typed.token, edition=typed.edition
    )
    if saved.pk != report.pk:
        raise Refused(
            "conflict",
            _("另一个窗口或设备保存过更新的内容。您这一份没有覆盖它，已另存为一篇草稿，在思想汇报的列表里。"),
        )
    if wants_json(request):
        at = saved.saved_at.isoformat() if saved.saved_at else ""
        return JsonResponse({"saved_at": at, "edition": saved.edition, "characters": saved.characters})
    if name == "submit":
        actions.hand_in_thought_report(request.viewer, saved)
        return HttpResponseRedirect(_url(key, report, f"?said=submitted&done={typed.token}"))
    return HttpResponseRedirect(_url(key, report, f"?said=saved&done={typed.token}"))


def thought(request: FrameRequest, key: str, report: int) -> HttpResponse:
    """Writing one's own report, or reading it once it is handed in."""
    place = own_place(request, key)
    found = thought_report_for(request.viewer, place.training_class, report)
    if found.enrolment_id != place.enrolment.pk:
        raise NotVisible  # its readers have a page of their own
    if request.method != "POST":
        return _page(request, place, found)
    typed = typed_in(request) if "body" in request.POST else None
    try:
        return _pressed(request, key, found, typed)
    except Refused as refused:
        if wants_json(request):
            return said(request, refused)
        now = thought_report_for(request.viewer, place.training_class, report)
        if refused.code == "wrong_state" and typed and now.body == clean(typed.body).text:
            return HttpResponseRedirect(_url(key, now))  # the same button twice: the first did it
        return _page(request, place, now, refused, typed)
