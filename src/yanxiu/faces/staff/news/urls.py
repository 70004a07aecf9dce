"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.news import views

_CLASS = "staff/classes/<slug:key>/"
_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"

ROUTES: tuple[Route, ...] = (
    Route(f"{_CLASS}announcements", views.announcements, "announcements", "staff", _VIEW, ("GET", "POST")),
    Route(f"{_CLASS}announcements/<uuid:uuid>", views.announcement, "announcement", "staff", _VIEW, ("GET", "POST")),
    Route(f"{_CLASS}figures/<slug:figure>/remind", views.remind, "remind", "staff", _MANAGE, ("POST",)),
)
