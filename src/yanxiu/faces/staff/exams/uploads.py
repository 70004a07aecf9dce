"""Questions from a file: template, look at what would happen, then do it."""

from django.http import HttpResponse
from django.shortcuts import render

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.faces.staff.exams.forms import QuestionsForm
from yanxiu.kit.errors import Refused
from yanxiu.training.exams.actions import import_questions
from yanxiu.training.exams.queries import bank_for, question_template

__all__ = ["template", "upload"]

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(request: FrameRequest, key: str) -> HttpResponse:
    """The empty sheet with one example of each kind."""
    managed_class(request, key)
    response = HttpResponse(question_template(), content_type=_XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="questions.xlsx"'
    return response


def upload(request: FrameRequest, key: str, bank: int) -> HttpResponse:
    """GET: the form. POST checks a file, and with `take` adds its faultless rows."""
    training_class = managed_class(request, key)
    found = bank_for(request.viewer, training_class, bank)
    context: dict[str, object] = {"class": training_class, "bank": found}
    status = 200
    if request.method == "POST":
        form = QuestionsForm(request.POST, request.FILES)
        try:
            name, content = form.upload()
            dry = not request.POST.get("take")
            outcome = import_questions(request.viewer, found, content, name, dry, only_valid=True)
            context |= {"outcome": outcome, "filename": name, "again": form.carried(name, content)}
        except Refused as refused:
            context["refused"], status = refused, 422
    return render(request, "staff/exams/upload.html", context, status=status)
