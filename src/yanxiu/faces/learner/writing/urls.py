"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.shell import CLASS, STUDY
from yanxiu.faces.learner.writing import thoughts, views

_PIECE = f"{CLASS}/outcomes/<uuid:uuid>"
_BOTH = ("GET", "POST")

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/outcomes", views.outcomes, "outcomes", "learner", STUDY, _BOTH),
    Route(_PIECE, views.outcome, "outcome", "learner", STUDY, _BOTH),
    Route(f"{_PIECE}/versions", views.versions, "outcome_versions", "learner", STUDY),
    Route(f"{_PIECE}/overlap", views.overlap, "outcome_overlap", "learner", STUDY),
    Route(f"{_PIECE}/files/<int:file>", views.attachment, "outcome_file", "learner", STUDY),
    Route(f"{CLASS}/thoughts", thoughts.thoughts, "thoughts", "learner", STUDY, _BOTH),
    Route(f"{CLASS}/thoughts/<int:report>", thoughts.thought, "thought", "learner", STUDY, _BOTH),
)
