"""What somebody was told, whatever their part in a class: the staff have no page of a learner's."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.learning.told import notice_context, press
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.training.classes.people import works_anywhere

__all__ = ["notices"]


def notices(request: FrameRequest) -> HttpResponse:
    """POST: all read, or a channel switched off or on."""
    if request.method == "POST":
        press(request)
        return HttpResponseRedirect(request.path)
    return render(
        request, "portal/notices.html", notice_context(request) | {"for_staff": works_anywhere(request.viewer)}
    )
