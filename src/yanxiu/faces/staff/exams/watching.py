"""The exams of a class, and one of them while it is sat: who has started, handed in, not come."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, can_tutor
from yanxiu.training.exams.actions import expire_attempts, release_exam
from yanxiu.training.exams.models import Exam
from yanxiu.training.exams.queries import SHOWS, exam_in, exam_standings, sitters

__all__ = ["close", "exam_page", "exams", "release", "shown_exam"]


def exams(request: FrameRequest, key: str) -> HttpResponse:
    """Every exam with its numbers."""
    training_class = seen_class(request, key)
    context = {
        "class": training_class,
        "rows": exam_standings(request.viewer, training_class),
        "may_manage": can_manage(request.viewer, training_class),
        "may_mark": can_tutor(request.viewer, training_class),
        "now": clock.now(),
        "cancelled": request.GET.get("done") == "cancelled",
    }
    return render(request, "staff/exams/exams.html", context)


def shown_exam(
    request: FrameRequest, training_class: TrainingClass, exam: Exam, refused: Refused | None = None
) -> HttpResponse:
    """The page of one exam; `refused` is said above it."""
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    context: dict[str, Any] = {
        "class": training_class,
        "exam": exam,
        "standing": exam_standings(request.viewer, training_class, exam)[0],
        "page": sitters(request.viewer, exam, show=show, after=request.GET.get("after") or None),
        "show": show,
        "may_manage": can_manage(request.viewer, training_class),
        "may_mark": can_tutor(request.viewer, training_class),
        "refused": refused,
        "done": request.GET.get("done", ""),
        "now": clock.now(),
        "ends_late": exam.closes_at > window(training_class.starts_on, training_class.ends_on, training_class.zone)[1],
    }
    return render(request, "staff/exams/exam.html", context, status=422 if refused else 200)


def exam_page(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    training_class = seen_class(request, key)
    return shown_exam(request, training_class, exam_in(training_class, exam))


def _back(key: str, exam: UUID, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('staff:exam', args=[key, exam])}?done={done}")


def close(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """收卷: attempts whose time is over are ended now rather than at the next minute."""
    training_class = managed_class(request, key)
    found = exam_in(training_class, exam)
    try:
        expire_attempts(request.viewer, found)
    except Refused as refused:
        return shown_exam(request, training_class, found, refused)
    return _back(key, exam, "closed")


def release(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """发布成绩."""
    training_class = managed_class(request, key)
    found = exam_in(training_class, exam)
    try:
        release_exam(request.viewer, found)
    except Refused as refused:
        return shown_exam(request, training_class, found, refused)
    return _back(key, exam, "released")
