"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.corrections import views

_MANAGE = "training.classes.manage"

ROUTES: tuple[Route, ...] = (
    Route("staff/classes/<slug:key>/corrections", views.corrections, "corrections", "staff", _MANAGE, ("GET", "POST")),
)
