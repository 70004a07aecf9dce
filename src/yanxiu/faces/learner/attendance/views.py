"""The list of sessions in person, and one of them with its 签到 form. Without JavaScript: a code typed, or read from a QR code."""

from collections import Counter
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yanxiu.faces.frame.learning.meetings import when_text
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.study.queries import credited_by_lesson
from yanxiu.training.participation.attendance.checking_in import check_in
from yanxiu.training.participation.attendance.correcting import corrections_of
from yanxiu.training.participation.attendance.queries import OwnSession, own_sessions, session_for

__all__ = ["attendance", "session"]


def attendance(request: FrameRequest, key: str) -> HttpResponse:
    """What comes first, what has been behind it; how often one was there and what it counts."""
    place = own_place(request, key)
    found = own_sessions(place.enrolment)
    credited = credited_by_lesson(place.enrolment.pk)
    shown = [(own, credited.get(own.row.lesson_id, 0)) for own in found]
    marks = Counter(own.mark for own in found if own.is_confirmed)
    context = {
        "ahead": [own for own in found if own.row.phase in {"ahead", "open"}],
        "past": [each for each in reversed(shown) if each[0].row.phase not in {"ahead", "open"}],
        "there": sum(own.was_there for own in found),
        "confirmed": sum(own.is_confirmed and bool(own.mark) for own in found),
        "leave": marks["leave"], "absent": marks["absent"], "credited_ms": sum(ms for _own, ms in shown),
    }  # fmt: skip
    return learner_page(request, place, "learner/attendance/attendance.html", "learner:attendance", context)


def _own(place: Place, uuid: UUID) -> OwnSession:
    found = next((own for own in own_sessions(place.enrolment) if own.row.uuid == uuid), None)
    if found is None:
        raise NotVisible
    return found


def _page(request: FrameRequest, place: Place, uuid: UUID, refused: Refused | None = None) -> HttpResponse:
    own, zone = _own(place, uuid), place.training_class.zone
    context = {
        "own": own, "row": own.row, "refused": refused, "when": when_text(own.row.starts_at, zone),
        "credited_ms": credited_by_lesson(place.enrolment.pk).get(own.row.lesson_id, 0),
        "code": request.GET.get("code", "")[:6], "done": "done" in request.GET,
        "corrections": corrections_of(session_for(place.training_class, uuid), enrolment=place.enrolment),
    }  # fmt: skip
    template = "learner/attendance/session.html"
    return learner_page(request, place, template, "learner:attendance", context, status=422 if refused else 200)


def session(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """GET shows it (`code` from a QR code fills the form in); POST checks in."""
    place = own_place(request, key)
    if request.method != "POST":
        return _page(request, place, uuid)
    try:
        found = session_for(place.training_class, uuid)
        check_in(request.viewer, found, place.enrolment, code=request.POST.get("code", ""))
    except Refused as refused:
        return _page(request, place, uuid, refused)
    return HttpResponseRedirect(f"{reverse('learner:session', args=[key, uuid])}?done")
