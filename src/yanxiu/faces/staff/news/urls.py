"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.news import views
from yanxiu.faces.staff.views import reminding

_CLASS = "staff/classes/<slug:key>/"
_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"

ROUTES: tuple[Route, ...] = (
    Route(f"{_CLASS}announcements", views.announcements, "announcements", "staff", _VIEW, ("GET", "POST")),
    Route(f"{_CLASS}announcements/<uuid:uuid>", views.announcement, "announcement", "staff", _VIEW, ("GET", "POST")),
    Route(f"{_CLASS}figures/<slug:figure>/remind", reminding.remind, "remind", "staff", _MANAGE, ("POST",)),
)
