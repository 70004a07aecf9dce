"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.affairs import views
from yanxiu.faces.learner.shell import CLASS, STUDY

_AFFAIRS = f"{CLASS}/affairs"

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/register", views.register, "register", "learner", STUDY, ("POST",)),
    Route(_AFFAIRS, views.affairs, "affairs", "learner", STUDY),
    Route(f"{_AFFAIRS}/choose", views.choose, "choose", "learner", STUDY, ("POST",)),
    Route(f"{_AFFAIRS}/ask", views.ask, "ask_leave", "learner", STUDY, ("POST",)),
    Route(f"{_AFFAIRS}/leave/<uuid:uuid>/withdraw", views.withdraw, "withdraw_leave", "learner", STUDY, ("POST",)),
    Route(f"{_AFFAIRS}/surveys/<uuid:uuid>", views.survey, "survey", "learner", STUDY, ("GET", "POST")),
)
