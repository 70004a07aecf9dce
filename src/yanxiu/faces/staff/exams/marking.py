"""The marking desk: by question, without names, one answer after another."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.exams.forms import number
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import class_for
from yanxiu.training.classes.rules import can_tutor, require
from yanxiu.training.exams.actions import mark_essay
from yanxiu.training.exams.queries import EssayAnswer, essay_answer, essays_to_mark, exam_in

__all__ = ["desk", "essays"]


def _marked_class(request: FrameRequest, key: str) -> TrainingClass:
    training_class = class_for(request.viewer, key)
    require(can_tutor, request.viewer, training_class)
    return training_class


def essays(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """The essay questions with how far they are marked."""
    training_class = _marked_class(request, key)
    found = exam_in(training_class, exam)
    context = {"class": training_class, "exam": found, "rows": essays_to_mark(request.viewer, found)}
    return render(request, "staff/exams/essays.html", context)


def _seen(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _mark(request: FrameRequest, row: EssayAnswer) -> None:
    points = number(request.POST.get("points", ""), "points", "得分")
    seen = _seen(request.POST.get("seen", ""))
    mark_essay(request.viewer, row.answer, points=points, remark=request.POST.get("remark", ""), seen=seen)


def desk(request: FrameRequest, key: str, exam: UUID, question: int, place: int) -> HttpResponse:
    """GET: one answer. POST: its points; then the next one that has none."""
    training_class = _marked_class(request, key)
    found = exam_in(training_class, exam)
    row = essay_answer(request.viewer, found, question, place)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _mark(request, row)
        except Refused as problem:
            refused = problem
            row = essay_answer(request.viewer, found, question, place)
        else:
            if row.next_open is None:
                return HttpResponseRedirect(reverse("staff:exam_marking", args=[key, exam]))
            return HttpResponseRedirect(reverse("staff:exam_mark", args=[key, exam, question, row.next_open]))
    context = {
        "class": training_class,
        "exam": found,
        "row": row,
        "refused": refused,
        "points": request.POST.get("points", "" if row.answer.mark is None else row.answer.mark),
        "remark": request.POST.get("remark", row.answer.remark),
        "seen": row.answer.marked_at.isoformat() if row.answer.marked_at else "",
    }
    return render(request, "staff/exams/desk.html", context, status=422 if refused else 200)
