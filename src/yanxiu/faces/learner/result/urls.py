"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.result import views
from yanxiu.faces.learner.shell import CLASS, STUDY

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/result", views.result, "result", "learner", STUDY),
    Route(f"{CLASS}/result/<slug:kind>", views.certificate, "certificate", "learner", STUDY),
)
