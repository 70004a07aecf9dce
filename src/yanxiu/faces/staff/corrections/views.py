"""The class manager decides corrections and, in a closed class, erasures; everything decided stays listed below."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.deciding.corrections import decide, waiting
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.people import people_of_class

__all__ = ["corrections"]


def corrections(request: FrameRequest, key: str) -> HttpResponse:
    """GET lists them; POST decides one."""
    training_class = managed_class(request, key)
    people = people_of_class(training_class)
    context: dict[str, Any] = {"class": training_class}
    status = 200
    if request.method == "POST":
        try:
            decide(request, people, training_class.region.path, training_class.pk)
            return HttpResponseRedirect(request.path)
        except Refused as refused:
            context["refused"], status = refused, 409 if refused.code == "wrong_state" else 422
    return render(request, "staff/corrections/corrections.html", context | waiting(request, people), status=status)
