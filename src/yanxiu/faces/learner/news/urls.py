"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.news import views
from yanxiu.faces.learner.shell import CLASS, STUDY

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/announcements", views.announcements, "announcements", "learner", STUDY),
    Route(f"{CLASS}/announcements/<uuid:uuid>", views.announcement, "announcement", "learner", STUDY),
    Route(f"{CLASS}/notices", views.notices, "notices", "learner", STUDY, ("GET", "POST")),
)
