"""Import of a roster: upload, look at what would happen, then do it."""

from django.http import HttpResponse
from django.shortcuts import render

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.faces.staff.forms import RosterForm
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.actions import import_roster
from yanxiu.training.classes.queries import class_roster
from yanxiu.training.classes.roster.template import roster_template

__all__ = ["roster", "template"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def roster(request: FrameRequest, key: str) -> HttpResponse:
    """GET shows the roster and the form; POST checks a file, and with `take` imports its faultless rows."""
    training_class = managed_class(request, key)
    context: dict[str, object] = {"class": training_class}
    status = 200
    if request.method == "POST":
        form = RosterForm(request.POST, request.FILES)
        try:
            name, content = form.upload()
            dry = not request.POST.get("take")
            outcome = import_roster(request.viewer, training_class, content, name, dry, only_valid=True)
            context |= {"outcome": outcome, "filename": name, "again": form.carried(name, content)}
        except Refused as refused:
            context["refused"], status = refused, 422
    context["page"] = class_roster(training_class, after=request.GET.get("after") or None)
    return render(request, "staff/roster.html", context, status=status)


def template(request: FrameRequest, key: str) -> HttpResponse:
    """The empty sheet, with the units as they are registered."""
    content = roster_template(request.viewer, managed_class(request, key))
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{key}-roster.xlsx"'})
