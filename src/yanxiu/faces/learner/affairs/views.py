"""One page of what a learner arranges with the class manager, and the survey."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.affairs.forms import LeaveForm
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.actions import register_learner
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.courses.electives.actions import choose_electives
from yanxiu.training.courses.electives.queries import choosing
from yanxiu.training.exams.queries import exams_of
from yanxiu.training.participation.leave import ask_leave, withdraw_leave
from yanxiu.training.participation.queries import leave_for, own_leave
from yanxiu.training.participation.survey import (
    answer_survey,
    has_answered,
    is_survey_open,
    questions_of,
    survey_for,
    surveys_of,
)

__all__ = ["affairs", "ask", "choose", "register", "survey", "withdraw"]


def _page(
    request: FrameRequest, place: Place, refused: Refused | None = None, ticked: Sequence[int] | None = None
) -> HttpResponse:
    """`refused` stands on top, and what was typed or ticked stays in its form."""
    training_class, enrolment = place.training_class, place.enrolment
    context: dict[str, Any] = {
        "choosing": choosing(training_class, enrolment),
        "requests": own_leave(enrolment),
        "exams": exams_of(request.viewer, training_class),
        "surveys": [
            {"survey": each, "is_open": is_survey_open(each), "is_done": has_answered(each, enrolment)}
            for each in surveys_of(training_class)
        ],
        "is_closed": is_closed(training_class),
        "refused": refused,
        "typed": request.POST if refused else {},
        "ticked": ticked,
        "done": request.GET.get("done", ""),
    }
    status = 422 if refused else 200
    return learner_page(request, place, "learner/affairs/affairs.html", "learner:affairs", context, status=status)


def _back(key: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('learner:affairs', args=[key])}?done={done}")


def affairs(request: FrameRequest, key: str) -> HttpResponse:
    return _page(request, own_place(request, key))


def register(request: FrameRequest, key: str) -> HttpResponse:
    """注册: the learner confirms the place; study counts from then on."""
    place = own_place(request, key)
    register_learner(request.viewer, place.enrolment)
    return HttpResponseRedirect(reverse("learner:home", args=[key]))


def choose(request: FrameRequest, key: str) -> HttpResponse:
    """选课: the ticked courses are the whole choice."""
    place = own_place(request, key)
    ticked = [
        int(value) for value in request.POST.getlist("items") if value.isascii() and value.isdigit() and len(value) < 16
    ][:200]
    try:
        choose_electives(request.viewer, place.enrolment, item_ids=ticked)
    except Refused as refused:
        return _page(request, place, refused, ticked)
    return _back(key, "chosen")


def ask(request: FrameRequest, key: str) -> HttpResponse:
    """请假、缓考、延期."""
    place = own_place(request, key)
    try:
        values = LeaveForm(request.POST).values()
        ask_leave(
            request.viewer, place.enrolment, kind=values["kind"], starts_on=values["starts_on"],
            ends_on=values["ends_on"], reason=values["reason"], exam_id=values["exam"],
        )  # fmt: skip
    except Refused as refused:
        return _page(request, place, refused)
    return _back(key, "asked")


def withdraw(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    place = own_place(request, key)
    try:
        withdraw_leave(request.viewer, leave_for(place.training_class, uuid))
    except Refused as refused:
        return _page(request, place, refused)
    return _back(key, "withdrawn")


def survey(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """GET the questions; POST the answers, once."""
    place = own_place(request, key)
    found = survey_for(place.training_class, uuid)
    refused, status = None, 200
    if request.method == "POST":
        try:
            answer_survey(request.viewer, found, place.enrolment, given=request.POST)
            return _back(key, "answered")
        except Refused as error:
            refused, status = error, 422
    context = {
        "survey": found,
        "questions": [
            {"num": num, "name": f"q{num}", "question": each, "given": request.POST.get(f"q{num}", "")}
            for num, each in enumerate(questions_of(found), start=1)
        ],
        "scale": [(5, _("很满意")), (4, _("满意")), (3, _("一般")), (2, _("不满意")), (1, _("很不满意"))],
        "is_open": is_survey_open(found),
        "is_done": has_answered(found, place.enrolment),
        "refused": refused,
    }
    return learner_page(request, place, "learner/affairs/survey.html", "learner:affairs", context, status=status)
