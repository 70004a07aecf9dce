"""What there is to sit, and the page before an attempt: rules first, then a button that says what it does."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yanxiu.faces.frame.learning.words import reason_words
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import Refused
from yanxiu.record.assessment.queries import scheme
from yanxiu.record.assessment.rules import lacking, require_exam_ready
from yanxiu.training.exams.actions import start_attempt
from yanxiu.training.exams.models import Exam
from yanxiu.training.exams.queries import LearnerExam, learner_exam, learner_exams

__all__ = ["exam_page", "exams", "start"]


def exams(request: FrameRequest, key: str) -> HttpResponse:
    """Every exam of the class with its windows, attempts and the best score."""
    place = own_place(request, key)
    rows = learner_exams(place.training_class, place.enrolment)
    context = {
        "exams": rows,
        "lacking": _lacking(place) if any(row.state == "open" and _is_final(row) for row in rows) else [],
    }
    return learner_page(request, place, "learner/exams/exams.html", "learner:exams", context)


def _is_final(row: LearnerExam) -> bool:
    """A mid-term waits for nothing."""
    return row.exam.role == Exam.Role.FINAL


def _lacking(place: Place) -> list[str]:
    """What must be done before an exam can be begun, in the reader's language."""
    rule = scheme(place.training_class.scheme_id)
    return [reason_words(rule, reason) for reason in lacking(place.training_class, place.enrolment.pk)]


def _start_page(request: FrameRequest, place: Place, exam: UUID, refused: Refused | None = None) -> HttpResponse:
    found = learner_exam(place.training_class, place.enrolment, exam)
    context = {"row": found, "refused": refused, "lacking": _lacking(place) if _is_final(found) else []}
    return learner_page(
        request, place, "learner/exams/exam.html", "learner:exams", context, status=422 if refused else 200
    )


def exam_page(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """The rules, one's attempts so far, and the button."""
    return _start_page(request, own_place(request, key), exam)


def start(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """From here on the server's clock runs. Pressed again: the same attempt."""
    place = own_place(request, key)
    found = learner_exam(place.training_class, place.enrolment, exam)
    try:
        if _is_final(found):
            require_exam_ready(place.training_class, place.enrolment.pk)
        attempt = start_attempt(request.viewer, found.exam, place.enrolment)
    except Refused as refused:
        return _start_page(request, place, exam, refused)
    return HttpResponseRedirect(reverse("learner:exam_attempt", args=[key, exam, attempt.uuid]))
