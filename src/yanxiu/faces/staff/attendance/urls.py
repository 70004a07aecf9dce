"""Addresses of this area."""

from yanxiu.faces.frame.routes import WHOLE, Route
from yanxiu.faces.staff.attendance import correcting, sheet, views

_ALL = "staff/classes/<slug:key>/attendance"
_ONE = f"{_ALL}/<uuid:uuid>"
_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"
_BOTH = ("GET", "POST")

ROUTES: tuple[Route, ...] = (
    Route(_ALL, views.sessions, "sessions", "staff", _VIEW, _BOTH),
    Route(f"{_ALL}/corrections/<int:correction>", correcting.decide, "session_decide", "staff", _VIEW, ("POST",)),
    Route(_ONE, sheet.sheet_page, "session", "staff", _VIEW, _BOTH, lanes=WHOLE),
    Route(f"{_ONE}/plan", views.plan, "session_plan", "staff", _MANAGE, _BOTH),
    Route(f"{_ONE}/code", views.code, "session_code", "staff", _MANAGE),
    Route(f"{_ONE}/corrections", correcting.propose, "session_correct", "staff", _MANAGE, ("POST",)),
)
