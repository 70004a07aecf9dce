"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.attendance import views
from yanxiu.faces.learner.shell import CLASS, STUDY

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/attendance", views.attendance, "attendance", "learner", STUDY),
    Route(f"{CLASS}/attendance/<uuid:uuid>", views.session, "session", "learner", STUDY, ("GET", "POST")),
)
