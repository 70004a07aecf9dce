"""Sitting an attempt: the paper, saving, the page before handing in, handing in."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest, wants_json
from yanxiu.faces.learner.exams.places import own_attempt
from yanxiu.faces.learner.exams.posting import Shown, given_in, left_ms, saved_json, seen_of, shown
from yanxiu.faces.learner.shell import Place, learner_page
from yanxiu.kit.errors import Refused
from yanxiu.training.exams.actions import Given, SavedAnswer, save_answers, submit_attempt
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.exams.queries import PaperQuestion, paper

__all__ = ["confirm", "sit", "state", "submit"]

State = ExamAttempt.State


def _address(name: str, key: str, attempt: ExamAttempt) -> str:
    return reverse(f"learner:{name}", args=[key, attempt.exam.uuid, attempt.uuid])


def _elsewhere(key: str, attempt: ExamAttempt) -> HttpResponse:
    """An attempt that is over has no paper any more."""
    if attempt.state == State.SUBMITTED:
        return HttpResponseRedirect(_address("exam_receipt", key, attempt))
    return HttpResponseRedirect(reverse("learner:exam", args=[key, attempt.exam.uuid]))


def _page(request: FrameRequest, place: Place, attempt: ExamAttempt, rows: list[Shown], **more: Any) -> HttpResponse:
    """`status` and what the page says above the paper."""
    status = more.pop("status", 200)
    context = {
        "attempt": attempt,
        "rows": rows,
        "left_ms": left_ms(attempt),
        "answered": sum(row.question.is_answered for row in rows),
        **more,
    }
    return learner_page(request, place, "learner/exams/paper.html", "learner:exams", context, status=status)


def sit(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """GET: the paper with the answers saved so far. POST: the form (all answers) or its script (those that changed)."""
    place, own = own_attempt(request, key, exam, attempt)
    if request.method == "POST":
        return _save(request, place, own)
    if own.state != State.STARTED:
        return _elsewhere(key, own)
    return _page(request, place, own, shown(paper(request.viewer, own)), saved=request.GET.get("saved") == "1")


def _save(request: FrameRequest, place: Place, attempt: ExamAttempt) -> HttpResponse:
    given = given_in(request.POST)
    try:
        done = save_answers(request.viewer, attempt, given)
    except Refused as refused:
        if wants_json(request) or refused.code not in {"attempt_over", "already_submitted"}:
            raise
        return _elsewhere(place.training_class.key, attempt)
    if wants_json(request):
        return JsonResponse({"left_ms": left_ms(attempt), "answers": saved_json(done, place.training_class.zone)})
    if any(row.fate in {"refused", "kept"} for row in done):
        rows = _with_messages(shown(paper(request.viewer, attempt)), given, done)
        return _page(request, place, attempt, rows, status=422)
    if request.POST.get("do") == "check":
        return HttpResponseRedirect(_address("exam_confirm", place.training_class.key, attempt))
    return HttpResponseRedirect(f"{_address('exam_attempt', place.training_class.key, attempt)}?saved=1")


def _with_messages(rows: list[Shown], given: Iterable[Given], done: Iterable[SavedAnswer]) -> list[Shown]:
    """What was typed and could not be saved stays on the page, with the reason beside it."""
    typed, fates = {each.num: each for each in given}, {row.num: row for row in done}
    found = []
    for row in rows:
        fate = fates.get(row.question.num)
        if fate is not None and fate.fate == "refused":
            text = typed[row.question.num].text
            found.append(replace(row, question=replace(row.question, text=text), message=fate.message))
        else:
            found.append(replace(row, message="kept") if fate is not None and fate.fate == "kept" else row)
    return found


def _answer_json(row: PaperQuestion) -> dict[str, Any]:
    seen = seen_of(row.version, row.choice, row.text)
    return {"num": row.num, "choice": list(row.choice), "text": row.text, "seen": seen}


def state(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """For the script: the time left and the answers as they stand (another window may have changed them)."""
    _place, own = own_attempt(request, key, exam, attempt)
    rows = paper(request.viewer, own) if own.state == State.STARTED else []
    answers = [_answer_json(row) for row in rows]
    return JsonResponse({"state": own.state, "left_ms": left_ms(own), "answers": answers})


def confirm(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """Which questions are unanswered, before anything is handed in."""
    place, own = own_attempt(request, key, exam, attempt)
    if own.state != State.STARTED:
        return _elsewhere(key, own)
    rows = paper(request.viewer, own)
    context = {
        "attempt": own,
        "left_ms": left_ms(own),
        "questions": len(rows),
        "open": [row.num for row in rows if not row.is_answered],
    }
    return learner_page(request, place, "learner/exams/confirm.html", "learner:exams", context)


def submit(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """交卷. Pressed twice: the same receipt."""
    _place, own = own_attempt(request, key, exam, attempt)
    submit_attempt(request.viewer, own)
    return HttpResponseRedirect(_address("exam_receipt", key, own))
