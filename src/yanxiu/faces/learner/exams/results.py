"""After handing in: the receipt, and the answers with their key when the exam's policy allows it."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.exams.places import own_attempt
from yanxiu.faces.learner.shell import learner_page
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.exams.queries import learner_exam, receipt, review

__all__ = ["receipt_file", "receipt_page", "review_page"]


def receipt_page(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """Number, time and print of the answers."""
    place, own = own_attempt(request, key, exam, attempt)
    if own.state == ExamAttempt.State.STARTED:
        return HttpResponseRedirect(reverse("learner:exam_attempt", args=[key, exam, attempt]))
    row = learner_exam(place.training_class, place.enrolment, exam)
    context = {"receipt": receipt(request.viewer, own), "row": row, "attempt": own}
    return learner_page(request, place, "learner/exams/receipt.html", "learner:exams", context)


def receipt_file(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """The same as a text file to keep."""
    place, own = own_attempt(request, key, exam, attempt)
    held = receipt(request.viewer, own)
    text = render_to_string("learner/exams/receipt.txt", {"receipt": held, "cls": place.training_class}, request)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="receipt-{held.number}.txt"'
    return response


def review_page(request: FrameRequest, key: str, exam: UUID, attempt: UUID) -> HttpResponse:
    """Own answers beside the key; refused in words until the policy allows it."""
    place, own = own_attempt(request, key, exam, attempt)
    context = {"rows": review(request.viewer, own), "attempt": own}
    return learner_page(request, place, "learner/exams/review.html", "learner:exams", context)
