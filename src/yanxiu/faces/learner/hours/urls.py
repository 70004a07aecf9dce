"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.hours import views
from yanxiu.faces.learner.shell import CLASS, STUDY

_HOURS = f"{CLASS}/hours"

ROUTES: tuple[Route, ...] = (
    Route(_HOURS, views.hours, "hours", "learner", STUDY),
    Route(f"{_HOURS}/appeals", views.appeal, "appeal", "learner", STUDY, ("POST",)),
    Route(f"{_HOURS}/appeals/<int:appeal>/withdraw", views.withdraw, "withdraw_appeal", "learner", STUDY, ("POST",)),
)
