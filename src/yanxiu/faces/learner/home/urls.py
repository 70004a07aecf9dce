"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.home import views
from yanxiu.faces.learner.shell import CLASS, STUDY

ROUTES: tuple[Route, ...] = (
    Route(CLASS, views.home, "home", "learner", STUDY),
    Route(f"{CLASS}/schedule", views.schedule, "schedule", "learner", STUDY),
    Route(f"{CLASS}/schedule.ics", views.schedule_file, "schedule_file", "learner", STUDY),
)
