"""Addresses of this face."""

from yanxiu.faces.frame.looking.searching import looking
from yanxiu.faces.frame.routes import WHOLE, Route
from yanxiu.faces.staff.affairs.urls import ROUTES as AFFAIRS
from yanxiu.faces.staff.attendance.urls import ROUTES as ATTENDANCE
from yanxiu.faces.staff.certificates.urls import ROUTES as CERTIFICATES
from yanxiu.faces.staff.corrections.urls import ROUTES as CORRECTIONS
from yanxiu.faces.staff.courses.urls import ROUTES as COURSES
from yanxiu.faces.staff.exams.urls import ROUTES as EXAMS
from yanxiu.faces.staff.founding.urls import ROUTES as FOUNDING
from yanxiu.faces.staff.hours.urls import ROUTES as HOURS
from yanxiu.faces.staff.news.urls import ROUTES as NEWS
from yanxiu.faces.staff.rounds.urls import ROUTES as ROUNDS
from yanxiu.faces.staff.views import classes, figures, reminding, reports, roster, writing
from yanxiu.faces.staff.writing.urls import ROUTES as WRITING

_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"
_CLASS = "staff/classes/<slug:key>/"
_FIGURE = f"{_CLASS}figures/<slug:figure>"
_REPORT = f"{_CLASS}report"

ROUTES: tuple[Route, ...] = (
    Route("staff/", classes.class_list, "classes", "staff"),
    Route(_CLASS, looking(classes.class_data), "class_data", "staff", _VIEW, lanes=WHOLE),
    Route(_FIGURE, figures.figure, "figure", "staff", _VIEW, lanes=WHOLE),
    Route(f"{_FIGURE}/evidence", figures.evidence, "evidence", "staff", _VIEW, lanes=WHOLE),
    Route(f"{_FIGURE}/evidence.xlsx", figures.evidence_file, "evidence_file", "staff", _VIEW),
    Route(f"{_FIGURE}/complement", reminding.complement, "complement", "staff", _VIEW, lanes=WHOLE),
    Route(_REPORT, reports.report, "report", "staff", _VIEW, lanes=WHOLE),
    Route(f"{_REPORT}/verification", reports.verification, "verification", "staff", _VIEW),
    Route(f"{_REPORT}/files/<slug:kind>", reports.report_download, "report_file", "staff", _VIEW),
    Route(f"{_REPORT}/draft", writing.draft, "report_draft", "staff", _MANAGE, ("POST",), lanes=WHOLE),
    Route(f"{_REPORT}/save", writing.save, "report_save", "staff", _MANAGE, ("POST",), lanes=WHOLE),
    Route(f"{_REPORT}/preview", writing.preview, "report_preview", "staff", _MANAGE, ("POST",)),
    Route(f"{_REPORT}/return", writing.send_back, "report_return", "staff", _MANAGE, ("POST",)),
    Route(f"{_REPORT}/freeze", writing.freeze, "report_freeze", "staff", _MANAGE, ("POST",), lanes=WHOLE, fresh=True),
    Route(f"{_REPORT}/correct", writing.correct, "report_correct", "staff", _MANAGE, ("POST",), lanes=WHOLE),
    Route(f"{_REPORT}/quotations/<uuid:post>", writing.ask, "ask_quotation", "staff", _MANAGE, ("POST",)),
    Route(f"{_CLASS}roster/template.xlsx", roster.template, "roster_template", "staff", _MANAGE),
    Route(f"{_CLASS}roster", roster.roster, "roster", "staff", _MANAGE, ("GET", "POST")),
    *AFFAIRS,
    *ATTENDANCE,
    *COURSES,
    *ROUNDS,
    *CERTIFICATES,
    *FOUNDING,
    *EXAMS,
    *NEWS,
    *HOURS,
    *CORRECTIONS,
    *WRITING,
)
