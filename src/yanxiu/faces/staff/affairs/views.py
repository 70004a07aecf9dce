"""The class manager's side of the class's affairs."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.faces.staff.affairs.forms import SurveyForm, WindowForm
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage
from yanxiu.training.courses.electives.actions import set_elective_window
from yanxiu.training.courses.electives.queries import choosing, undecided
from yanxiu.training.participation.leave import decide_leave
from yanxiu.training.participation.queries import leave_for, leave_of_class
from yanxiu.training.participation.survey import is_survey_open, publish_survey, survey_for, survey_results, surveys_of

__all__ = ["affairs", "decide", "open_survey", "results", "set_window"]


def _page(request: FrameRequest, training_class: TrainingClass, refused: Refused | None = None) -> HttpResponse:
    viewer = request.viewer
    state = request.GET.get("state", "asked")
    context: dict[str, Any] = {
        "class": training_class,
        "may_manage": can_manage(viewer, training_class),
        "state": state,
        "leave": leave_of_class(viewer, training_class, state=state, after=request.GET.get("after") or None),
        "choosing": choosing(training_class),
        "surveys": [{"survey": each, "is_open": is_survey_open(each)} for each in surveys_of(training_class)],
        "refused": refused,
        "typed": request.POST if refused else {},
        "done": request.GET.get("done", ""),
    }
    if context["choosing"] is not None:
        context["undecided"] = undecided(viewer, training_class, limit=20)
    return render(request, "staff/affairs/affairs.html", context, status=422 if refused else 200)


def _back(key: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('staff:affairs', args=[key])}?done={done}")


def affairs(request: FrameRequest, key: str) -> HttpResponse:
    return _page(request, seen_class(request, key))


def decide(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """同意 or 不同意, with words."""
    training_class = managed_class(request, key)
    try:
        granted = request.POST.get("then") == "grant"
        asked = leave_for(training_class, uuid)
        decide_leave(request.viewer, asked, granted=granted, answer=request.POST.get("answer", ""))
    except Refused as refused:
        return _page(request, training_class, refused)
    return _back(key, "decided")


def set_window(request: FrameRequest, key: str) -> HttpResponse:
    training_class = managed_class(request, key)
    try:
        set_elective_window(request.viewer, training_class, **WindowForm(request.POST).values())
    except Refused as refused:
        return _page(request, training_class, refused)
    return _back(key, "window")


def open_survey(request: FrameRequest, key: str) -> HttpResponse:
    training_class = managed_class(request, key)
    form = SurveyForm(request.POST)
    try:
        values = form.values() | {"questions": form.asked()}
        publish_survey(request.viewer, training_class, **values)
    except Refused as refused:
        return _page(request, training_class, refused)
    return _back(key, "survey")


def results(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """Counts only."""
    training_class = seen_class(request, key)
    found = survey_for(training_class, uuid)
    context = {"class": training_class, "survey": found, "results": survey_results(request.viewer, found)}
    return render(request, "staff/affairs/results.html", context)
