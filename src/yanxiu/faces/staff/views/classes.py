"""The classes a viewer works in, and the data of one of them."""

from django.http import HttpResponse
from django.shortcuts import render

from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import seen_class
from yanxiu.faces.staff.ledger import ledger
from yanxiu.faces.staff.timeline import timeline
from yanxiu.faces.staff.views.learners import standings
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.standings.actions import keep_current
from yanxiu.record.figures.queries import position, shown_values
from yanxiu.record.reports.queries import reports_of
from yanxiu.training.classes.queries import class_rows, roles_in
from yanxiu.training.classes.rules import can_manage
from yanxiu.training.discussion.queries import rounds_of
from yanxiu.training.exams.queries import exams_of, papers_handed_in

__all__ = ["class_data", "class_list"]


def class_list(request: FrameRequest) -> HttpResponse:
    """Every class the viewer may see, newest first."""
    page = class_rows(request.viewer, after=request.GET.get("after") or None)
    founds = any(fact.role == "organiser" for fact in request.viewer.region_roles)
    return render(request, "staff/classes.html", {"page": page, "founds": founds})


def class_data(request: FrameRequest, key: str) -> HttpResponse:
    """Figures, timeline and learners, all of one and the same state of the records."""
    with snapshot():
        training_class = seen_class(request, key)
        values, stand = shown_values(training_class), standings(training_class, request.GET)
        rounds, exams = rounds_of(request.viewer, training_class), exams_of(request.viewer, training_class)
        context = {
            "class": training_class,
            "may_manage": can_manage(request.viewer, training_class),
            "roles": roles_in(request.viewer, training_class),
            "at": position(),
            "now": clock.now(),
            "groups": ledger(values),
            "values": values,
            "timeline": timeline(training_class, rounds, exams, stand.posted, papers_handed_in(training_class)),
            "table": stand.table,
            "standings": stand,
            "reports": reports_of(request.viewer, training_class),
        }
    if stand.is_large:
        keep_current(training_class)
    return render(request, "staff/class_data.html", context)
