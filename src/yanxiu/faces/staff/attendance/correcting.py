"""Corrections of a confirmed sheet: proposed on the sheet's page, decided there or in the list of what waits."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.faces.staff.attendance.forms import mark_of
from yanxiu.faces.staff.attendance.sheet import show
from yanxiu.faces.staff.attendance.views import show_list
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.participation.attendance.correcting import (
    confirm_correction,
    decline_correction,
    propose_correction,
)
from yanxiu.training.participation.attendance.queries import session_for

__all__ = ["decide", "propose"]


def propose(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """`enrolment`, `state`, times and the reason."""
    class_ = managed_class(request, key)
    found, posted = session_for(class_, uuid), request.POST
    enrolment = posted.get("enrolment", "")
    if not (enrolment.isascii() and enrolment.isdigit() and len(enrolment) < 19):
        raise NotVisible
    try:
        mark = mark_of(
            found, posted.get("state", "")[:12], posted.get("arrived", ""), posted.get("left", ""), _("更正")
        )
        reason = posted.get("reason", "")
        propose_correction(request.viewer, found, enrolment_id=int(enrolment), mark=mark, reason=reason)
    except Refused as refused:
        return show(request, class_, uuid, refused)
    return HttpResponseRedirect(f"{reverse('staff:session', args=[key, uuid])}?done=proposed#corrections")


def _decided(request: FrameRequest, class_: TrainingClass, correction: int) -> str:
    then = request.POST.get("then", "")
    if then not in {"confirm", "decline"}:
        raise Refused("bad_step", _("请选择复核同意或不同意。"))
    act = confirm_correction if then == "confirm" else decline_correction
    act(request.viewer, class_, correction)
    return then


def decide(request: FrameRequest, key: str, correction: int) -> HttpResponse:
    """`then`: confirm or decline, by another member of staff (or taken back by who proposed it)."""
    class_ = seen_class(request, key)
    try:
        done = _decided(request, class_, correction)
    except Refused as refused:
        return show_list(request, class_, refused)
    return HttpResponseRedirect(f"{reverse('staff:sessions', args=[key])}?done={done}")
