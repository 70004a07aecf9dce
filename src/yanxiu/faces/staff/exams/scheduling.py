"""Scheduling an exam, a resit for it, a deferral for one learner."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class
from yanxiu.faces.staff.exams.forms import DEFAULTS, SECTION_ROWS, ScheduleForm, instant, number
from yanxiu.faces.staff.exams.watching import shown_exam
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.exams.actions import cancel_exam, defer, schedule_exam, set_resit
from yanxiu.training.exams.models import Exam, Question
from yanxiu.training.exams.queries import banks_for, enrolment_in, exam_in, questions_named

__all__ = ["cancel", "deferral", "new", "resit"]


def _first(request: FrameRequest) -> QueryDict:
    values = QueryDict(mutable=True)
    values.update(DEFAULTS)
    if request.GET.get("role") == Exam.Role.MIDTERM:
        values["role"] = Exam.Role.MIDTERM
    values.setlist("q", request.GET.getlist("q"))
    return values


def _page(
    request: FrameRequest,
    training_class: TrainingClass,
    form: ScheduleForm,
    questions: list[Question],
    refused: Refused | None,
) -> HttpResponse:
    values = form.values
    rows = [
        {"n": n, **{name: values.get(f"{name}{n}", "") for name in ("bank", "kind", "tag", "count", "points")}}
        for n in range(1, SECTION_ROWS + 1)
    ]
    context = {
        "class": training_class,
        "banks": banks_for(request.viewer, training_class),
        "kinds": Question.Kind.choices,
        "partials": Exam.Partial.choices,
        "reviews": Exam.Review.choices,
        "roles": Exam.Role.choices,
        "values": values.dict(),
        "rows": rows,
        "chosen": [(question, values.get(f"worth{question.pk}", "")) for question in questions],
        "refused": refused,
    }
    return render(request, "staff/exams/new.html", context, status=422 if refused else 200)


def new(request: FrameRequest, key: str) -> HttpResponse:
    """GET: the form, with questions picked in a bank when the address names them. POST: schedules."""
    training_class = managed_class(request, key)
    posted = request.method == "POST"
    form = ScheduleForm(request.POST if posted else _first(request), training_class.zone)
    questions = questions_named(request.viewer, training_class, form.chosen())
    if not posted:
        return _page(request, training_class, form, questions, None)
    try:
        exam = schedule_exam(request.viewer, training_class, **form.arguments(questions))
    except Refused as refused:
        return _page(request, training_class, form, questions, refused)
    return HttpResponseRedirect(f"{reverse('staff:exam', args=[key, exam.uuid])}?done=scheduled")


def cancel(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """Takes back an exam nobody has begun."""
    training_class = managed_class(request, key)
    found = exam_in(training_class, exam)
    try:
        cancel_exam(request.viewer, found)
    except Refused as refused:
        return shown_exam(request, training_class, found, refused)
    return HttpResponseRedirect(f"{reverse('staff:exams', args=[key])}?done=cancelled")


def resit(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """补考: its window."""
    training_class = managed_class(request, key)
    found, form = exam_in(training_class, exam), ScheduleForm(request.POST, training_class.zone)
    try:
        opens, closes = form.window("resit_", "")
        attempts = number(request.POST.get("resit_attempts", ""), "resit_attempts", "")
        set_resit(request.viewer, found, opens_at=opens, closes_at=closes, attempts=attempts)
    except Refused as refused:
        return shown_exam(request, training_class, found, refused)
    return HttpResponseRedirect(f"{reverse('staff:exam', args=[key, exam])}?done=resit")


def deferral(request: FrameRequest, key: str, exam: UUID) -> HttpResponse:
    """缓考 for one learner of the class."""
    training_class = managed_class(request, key)
    found = exam_in(training_class, exam)
    try:
        enrolment = enrolment_in(training_class, number(request.POST.get("enrolment", ""), "enrolment", ""))
        until = instant(request.POST.get("until", ""), training_class.zone, "until", "")
        defer(request.viewer, enrolment, found, until, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return shown_exam(request, training_class, found, refused)
    return HttpResponseRedirect(f"{reverse('staff:exam', args=[key, exam])}?done=deferred")
