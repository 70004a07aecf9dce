"""The copy of everything held about one, and being erased."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yanxiu.faces.frame.entering.steps import unfinished
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.portal.account.showing import again, confirmed
from yanxiu.kit.errors import Refused
from yanxiu.people.privacy.actions import ask_erasure, ask_takeout, fetch_takeout, withdraw_erasure
from yanxiu.people.privacy.queries import newest_takeout, open_erasure
from yanxiu.people.privacy.tasks import make_takeout
from yanxiu.training.classes.people import has_closed_class, works_in_any_class

__all__ = ["erase", "export", "export_file"]


def export(request: FrameRequest) -> HttpResponse:
    """Asks for a copy; it is made in the background."""
    context: dict[str, Any] = {
        "takeout": newest_takeout(request.viewer), "has_password": request.account.has_usable_password(),
        "first": bool(unfinished(request)),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/export.html", context)
    try:
        confirmed(request)
        takeout = ask_takeout(request.viewer)
    except Refused as refusal:
        return again(request, "portal/account/export.html", refusal, context)
    make_takeout.enqueue(takeout.pk)
    return HttpResponseRedirect(request.path)


def export_file(request: FrameRequest, uuid: UUID) -> HttpResponse:
    """The copy, once."""
    response = HttpResponse(fetch_takeout(request.viewer, uuid), content_type="application/zip")
    response.headers["Content-Disposition"] = 'attachment; filename="yanxiu-my-data.zip"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def erase(request: FrameRequest) -> HttpResponse:
    """Asks to be erased, or takes the wish back."""
    person_id = request.viewer.person_id or 0
    context: dict[str, Any] = {
        "wish": open_erasure(request.viewer), "closed": has_closed_class(person_id),
        "has_password": request.account.has_usable_password(), "first": bool(unfinished(request)),
        "done": request.GET.get("done", ""),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "portal/account/erase.html", context)
    try:
        if request.POST.get("withdraw") == "1":
            withdraw_erasure(request.viewer)
            return HttpResponseRedirect(f"{request.path}?done=withdrawn")
        confirmed(request)
        works = works_in_any_class(request.viewer)
        ask_erasure(request.viewer, needs_approval=context["closed"], holds_role=works)
    except Refused as refusal:
        return again(request, "portal/account/erase.html", refusal, context)
    return HttpResponseRedirect(request.path)
