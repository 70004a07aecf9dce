"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.hours import views

_HOURS = "staff/classes/<slug:key>/hours"
_VIEW = "training.classes.view_data"

ROUTES: tuple[Route, ...] = (
    Route(_HOURS, views.hours, "hours", "staff", _VIEW),
    Route(f"{_HOURS}/flags", views.flags, "flags", "staff", _VIEW),
    Route(f"{_HOURS}/appeals/<int:appeal>", views.decide, "decide_appeal", "staff", _VIEW, ("POST",)),
)
