"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.writing import tasks, thoughts, views

_CLASS = "staff/classes/<slug:key>/"
_PIECE = f"{_CLASS}outcomes/<uuid:uuid>"
_VIEW, _MANAGE = "training.classes.view_data", "training.classes.manage"
_READ = "training.outcomes.read_thought_reports"
_BOTH = ("GET", "POST")

ROUTES: tuple[Route, ...] = (
    Route(f"{_CLASS}outcomes", views.outcomes, "outcomes", "staff", _VIEW),
    Route(_PIECE, views.outcome, "outcome", "staff", _VIEW, _BOTH),
    Route(f"{_PIECE}/versions", views.versions, "outcome_versions", "staff", _VIEW),
    Route(f"{_PIECE}/overlap/<int:match>", views.overlap, "outcome_overlap", "staff", _VIEW),
    Route(f"{_PIECE}/files/<int:file>", views.attachment, "outcome_file", "staff", _VIEW),
    Route(f"{_CLASS}thoughts", thoughts.thoughts, "thoughts", "staff", _READ),
    Route(f"{_CLASS}thoughts/<int:report>", thoughts.thought, "thought", "staff", _READ, _BOTH),
    Route(f"{_CLASS}writing-tasks", tasks.tasks, "writing_tasks", "staff", _MANAGE, _BOTH),
)
