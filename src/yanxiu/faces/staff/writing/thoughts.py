"""Thought reports, for the class manager and the tutor only; auditors and organisers are refused."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import class_for
from yanxiu.training.classes.rules import can_manage, require
from yanxiu.training.outcomes import thought_reports as actions
from yanxiu.training.outcomes.models import ThoughtReport
from yanxiu.training.outcomes.queries import thought_report_for, thought_reports_for
from yanxiu.training.outcomes.rules import can_read_thought_reports

__all__ = ["thought", "thoughts"]

SORTS = {
    "unread": ("submitted", "resubmitted"),
    "returned": ("returned",),
    "accepted": ("accepted",),
    "all": ("submitted", "resubmitted", "returned", "accepted"),
}
STATUS = {"not_allowed": 403, "wrong_state": 409, "class_frozen": 409}


def _class(request: FrameRequest, key: str) -> TrainingClass:
    training_class = class_for(request.viewer, key)
    require(can_read_thought_reports, request.viewer, training_class)
    return training_class


def thoughts(request: FrameRequest, key: str) -> HttpResponse:
    """The unread ones first."""
    training_class = _class(request, key)
    asked = request.GET.get("sort", "")
    sort = asked if asked in SORTS else "unread"
    page = thought_reports_for(
        request.viewer, training_class, after=request.GET.get("after") or None, states=SORTS[sort]
    )
    context = {
        "class": training_class, "page": page, "sort": sort, "after": request.GET.get("after", ""),
        "may_manage": can_manage(request.viewer, training_class),
    }  # fmt: skip
    return render(request, "staff/writing/thoughts.html", context)


def _page(
    request: FrameRequest, training_class: TrainingClass, found: ThoughtReport, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "class": training_class,
        "report": found,
        "is_markable": found.state in ("submitted", "resubmitted"),
        "refused": refused,
        "typed": request.POST if refused else {},
        "said": request.GET.get("said", "") if refused is None else "",
    }
    status = STATUS.get(refused.code, 422) if refused else 200
    return render(request, "staff/writing/thought.html", context, status=status)


def thought(request: FrameRequest, key: str, report: int) -> HttpResponse:
    """Read, and mark as read or return with what is to be changed."""
    training_class = _class(request, key)
    found = thought_report_for(request.viewer, training_class, report)
    if found.state == "draft":
        raise NotVisible  # a reader's own draft has a page of its own
    if request.method != "POST":
        return _page(request, training_class, found)
    name = request.POST.get("do", "")
    try:
        if name == "return":
            actions.return_thought_report(request.viewer, found, reason=request.POST.get("reason", ""))
        elif name == "accept":
            actions.accept_thought_report(request.viewer, found, note=request.POST.get("note", ""))
        else:
            raise NotVisible
    except Refused as refused:
        return _page(request, training_class, thought_report_for(request.viewer, training_class, report), refused)
    return HttpResponseRedirect(f"{reverse('staff:thoughts', args=[key])}?said={name}")
