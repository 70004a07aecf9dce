"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.affairs import views

_AFFAIRS = "staff/classes/<slug:key>/affairs"
_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"

ROUTES: tuple[Route, ...] = (
    Route(_AFFAIRS, views.affairs, "affairs", "staff", _VIEW),
    Route(f"{_AFFAIRS}/leave/<uuid:uuid>", views.decide, "decide_leave", "staff", _MANAGE, ("POST",)),
    Route(f"{_AFFAIRS}/electives", views.set_window, "elective_window", "staff", _MANAGE, ("POST",)),
    Route(f"{_AFFAIRS}/surveys", views.open_survey, "open_survey", "staff", _MANAGE, ("POST",)),
    Route(f"{_AFFAIRS}/surveys/<uuid:uuid>", views.results, "survey_results", "staff", _VIEW),
)
