"""Addresses of this face."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner import views

ROUTES: tuple[Route, ...] = (Route("my/classes/<slug:key>", views.home, "home", "learner", "training.classes.study"),)
