"""What the class asks for in writing, kind by kind."""

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.forms import YEARS
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.kit.errors import Refused
from yanxiu.training.outcomes.rules import can_read_thought_reports
from yanxiu.training.outcomes.tasks.actions import set_task
from yanxiu.training.outcomes.tasks.kinds import KINDS
from yanxiu.training.outcomes.tasks.queries import task_rows

__all__ = ["tasks"]


def _whole(request: FrameRequest, name: str, default: int = 0) -> int:
    value = request.POST.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 9):
        raise Refused("bad_number", _("请填整数。"), field=name)
    return int(value)


def _day(request: FrameRequest) -> date | None:
    value = request.POST.get("due_on", "").strip()
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Refused("bad_day", _("截止日期认不出来，请用日历选择。"), field="due_on")
    return day


def _given(request: FrameRequest) -> dict[str, Any]:
    return {
        "kind": request.POST.get("kind", ""),
        "title": request.POST.get("title", ""),
        "requirements": request.POST.get("requirements", ""),
        "min_characters": _whole(request, "min_characters"),
        "max_characters": _whole(request, "max_characters"),
        "pieces": _whole(request, "pieces", 1),
        "due_on": _day(request),
        "file_kinds": tuple(request.POST.getlist("file_kinds")),
        "file_count": _whole(request, "file_count", 3),
        "file_megabytes": _whole(request, "file_megabytes", 10),
        "peers_comment": request.POST.get("peers_comment") == "1",
        "is_homework": request.POST.get("is_homework") == "1",
    }


def tasks(request: FrameRequest, key: str) -> HttpResponse:
    """One form a kind. A refusal stands in the form it belongs to, with what was typed."""
    training_class = managed_class(request, key)
    refused, kind, status = None, request.POST.get("kind", ""), 200
    if request.method == "POST":
        try:
            set_task(request.viewer, training_class, **_given(request))
            return HttpResponseRedirect(f"{reverse('staff:writing_tasks', args=[key])}?said={kind}")
        except Refused as why:
            refused, status = why, 409 if why.code == "class_frozen" else 422
    context = {
        "class": training_class,
        "tasks": list(task_rows(request.viewer, training_class).values()),
        "kinds": list(KINDS),
        "refused": refused,
        "typed_kind": kind if refused else "",
        "typed": request.POST if refused else {},
        "typed_files": request.POST.getlist("file_kinds") if refused else [],
        "said": request.GET.get("said", ""),
        "may_read_thoughts": can_read_thought_reports(request.viewer, training_class),
    }
    return render(request, "staff/writing/tasks.html", context, status=status)
