"""Addresses of this area."""

from yanxiu.faces.frame.routes import WHOLE, Route
from yanxiu.faces.staff.founding import editing, views

_CLASS = "staff/classes/<slug:key>/setup"
_MANAGE = "training.classes.manage"
_ORGANISE = "training.classes.organise"

ROUTES: tuple[Route, ...] = (
    Route("staff/new-class", views.new_class, "new_class", "staff", "", ("GET", "POST")),
    Route(_CLASS, views.setup, "setup", "staff", _MANAGE),
    Route(f"{_CLASS}/edit", editing.edit, "setup_edit", "staff", _ORGANISE, ("GET", "POST")),
    Route(f"{_CLASS}/rules", editing.rules, "setup_rules", "staff", _ORGANISE, ("POST",), lanes=WHOLE),
    Route(f"{_CLASS}/state", views.state, "setup_state", "staff", _MANAGE, ("POST",)),
    Route(f"{_CLASS}/staff", views.staff, "setup_staff", "staff", _MANAGE, ("POST",), fresh=True),
    Route(f"{_CLASS}/quota", views.quota, "setup_quota", "staff", _MANAGE, ("POST",)),
    Route(
        "staff/classes/<slug:key>/roster/<int:enrolment>", views.learner, "roster_learner", "staff", _MANAGE, ("POST",)
    ),
    Route(f"{_CLASS}/curriculum", views.curriculum, "setup_curriculum", "staff", _MANAGE, ("POST",)),
)
