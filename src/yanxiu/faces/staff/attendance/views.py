"""Sessions of a class: the list with its planning form, one session's plan, and the page with the code for the screen."""

from typing import Any
from uuid import UUID

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from yanxiu.faces.frame.requests import FrameRequest, wants_fragment
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.faces.staff.attendance.forms import PlanForm, clock_of, day_of
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, is_closed
from yanxiu.training.courses.models import CurriculumItem
from yanxiu.training.participation.attendance.codes import shown_code
from yanxiu.training.participation.attendance.correcting import open_corrections
from yanxiu.training.participation.attendance.planning import cancel_session, move_session, plan_session
from yanxiu.training.participation.attendance.queries import mark_counts, session_for, session_row, session_rows

__all__ = ["code", "plan", "sessions", "show_list"]


def show_list(request: FrameRequest, class_: TrainingClass, refused: Refused | None = None) -> HttpResponse:
    """The page of all sessions, with what was refused and why."""
    rows, counts = session_rows(class_.pk, cancelled=True), mark_counts(class_.pk)
    shown = [(row, counts.get(row.session_id, {})) for row in rows]
    context: dict[str, Any] = {
        "class": class_,
        "may_manage": can_manage(request.viewer, class_) and not is_closed(class_),
        "over": [each for each in shown if each[0].phase == "over"],
        "ahead": [each for each in shown if each[0].phase in {"ahead", "open"}],
        "past": [each for each in reversed(shown) if each[0].phase in {"confirmed", "cancelled"}],
        "waiting": open_corrections(class_.pk),
        "me": request.viewer.person_id,
        "kinds": CurriculumItem.Kind.choices,
        "refused": refused,
        "typed": request.POST if refused else {},
        "done": request.GET.get("done", ""),
    }
    return render(request, "staff/attendance/sessions.html", context, status=422 if refused else 200)


def sessions(request: FrameRequest, key: str) -> HttpResponse:
    """GET lists them; POST plans one."""
    if request.method != "POST":
        return show_list(request, seen_class(request, key))
    class_ = managed_class(request, key)
    try:
        plan_session(request.viewer, class_, PlanForm(request.POST).plan(class_.zone))
    except Refused as refused:
        return show_list(request, class_, refused)
    return HttpResponseRedirect(f"{reverse('staff:sessions', args=[key])}?done=planned")


def plan(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """Move it or cancel it, until its sheet is confirmed."""
    class_ = managed_class(request, key)
    found, refused = session_for(class_, uuid), None
    if request.method == "POST":
        try:
            if request.POST.get("then") == "cancel":
                cancel_session(request.viewer, found)
                return HttpResponseRedirect(f"{reverse('staff:sessions', args=[key])}?done=cancelled")
            move_session(request.viewer, found, PlanForm(request.POST).plan(class_.zone))
            return HttpResponseRedirect(f"{reverse('staff:session', args=[key, uuid])}?done=moved")
        except Refused as error:
            refused = error
    row, zone = session_row(found), class_.zone
    typed: Any = request.POST if refused else {
        "title": row.title, "lecturer": row.lecturer, "place": row.place, "kind": row.kind, "day": day_of(found.starts_at, zone),
        "begins": clock_of(row.starts_at, zone), "ends": clock_of(row.ends_at, zone),
    }  # fmt: skip
    context = {
        "class": class_, "row": row, "kinds": CurriculumItem.Kind.choices, "refused": refused, "typed": typed,
    }  # fmt: skip
    return render(request, "staff/attendance/plan.html", context, status=422 if refused else 200)


def _qr(address: str) -> str:
    """An inline SVG of our own text: attributes only, nothing the page's policy refuses."""
    drawn = segno.make(address, error="m").svg_inline(scale=6, border=3, omitsize=True, dark="#16222a", light="#ffffff")
    return mark_safe(drawn)  # noqa: S308  (made here from an address of ours)


def code(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """For the screen of the room: a new code every half minute; `fragment=1` is its inner part, asked for by the page itself."""
    class_ = managed_class(request, key)
    row = session_row(session_for(class_, uuid))
    context: dict[str, Any] = {"class": class_, "row": row}
    if row.phase == "open":
        shown = shown_code(session_for(class_, uuid))
        own = request.build_absolute_uri(reverse("learner:session", args=[key, uuid]))
        context |= {"shown": shown, "qr": _qr(f"{own}?code={shown.code}")}
    template = "staff/attendance/_code.html" if wants_fragment(request) else "staff/attendance/code.html"
    return render(request, template, context)
