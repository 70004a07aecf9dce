"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.exams import banks, marking, scheduling, uploads, watching

_VIEW, _MANAGE, _MARK = "training.classes.view_data", "training.classes.manage", "training.exams.mark"
_CLASS = "staff/classes/<slug:key>/"
_EXAM = f"{_CLASS}exams/<uuid:exam>"
_BANKS = f"{_CLASS}banks"
_BANK = f"{_BANKS}/<int:bank>"
_BOTH, _POST = ("GET", "POST"), ("POST",)

ROUTES: tuple[Route, ...] = (
    Route(f"{_CLASS}exams", watching.exams, "exams", "staff", _VIEW),
    Route(f"{_CLASS}exams/new", scheduling.new, "exam_new", "staff", _MANAGE, _BOTH),
    Route(_EXAM, watching.exam_page, "exam", "staff", _VIEW),
    Route(f"{_EXAM}/close", watching.close, "exam_close", "staff", _MANAGE, _POST),
    Route(f"{_EXAM}/release", watching.release, "exam_release", "staff", _MANAGE, _POST),
    Route(f"{_EXAM}/cancel", scheduling.cancel, "exam_cancel", "staff", _MANAGE, _POST),
    Route(f"{_EXAM}/resit", scheduling.resit, "exam_resit", "staff", _MANAGE, _POST),
    Route(f"{_EXAM}/defer", scheduling.deferral, "exam_defer", "staff", _MANAGE, _POST),
    Route(f"{_EXAM}/marking", marking.essays, "exam_marking", "staff", _MARK),
    Route(f"{_EXAM}/marking/<int:question>/<int:place>", marking.desk, "exam_mark", "staff", _MARK, _BOTH),
    Route(_BANKS, banks.banks, "banks", "staff", _MANAGE, _BOTH),
    Route(f"{_BANKS}/template.xlsx", uploads.template, "bank_template", "staff", _MANAGE),
    Route(_BANK, banks.bank_page, "bank", "staff", _MANAGE),
    Route(f"{_BANK}/import", uploads.upload, "bank_import", "staff", _MANAGE, _BOTH),
    Route(f"{_BANK}/new", banks.new_question, "question_new", "staff", _MANAGE, _BOTH),
    Route(f"{_BANK}/questions/<int:question>", banks.question_page, "question", "staff", _MANAGE, _BOTH),
)
