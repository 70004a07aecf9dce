"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.lessons import views
from yanxiu.faces.learner.shell import CLASS, STUDY

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/lessons", views.lessons, "lessons", "learner", STUDY),
    Route(f"{CLASS}/lessons/<int:lesson>", views.lesson, "lesson", "learner", STUDY),
    Route(f"{CLASS}/practice", views.practice, "practice", "learner", STUDY),
)
