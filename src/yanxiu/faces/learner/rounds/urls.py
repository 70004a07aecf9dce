"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.learner.rounds import pages, posts, writing
from yanxiu.faces.learner.shell import CLASS, STUDY

_ROUND = f"{CLASS}/rounds/<int:num>"
_POST = f"{_ROUND}/posts/<uuid:post>"

ROUTES: tuple[Route, ...] = (
    Route(f"{CLASS}/rounds", pages.rounds, "rounds", "learner", STUDY),
    Route(_ROUND, writing.round_, "round", "learner", STUDY, ("GET", "POST")),
    Route(f"{_ROUND}/draft", writing.round_draft, "round_draft", "learner", STUDY, ("POST",)),
    Route(_POST, posts.post, "post", "learner", STUDY, ("GET", "POST")),
    Route(f"{_POST}/draft", posts.post_draft, "post_draft", "learner", STUDY, ("POST",)),
    Route(f"{_POST}/edit", posts.edit, "post_edit", "learner", STUDY, ("GET", "POST")),
    Route(f"{_POST}/withdraw", posts.withdraw, "post_withdraw", "learner", STUDY, ("POST",)),
    Route(f"{_POST}/consent", posts.consent, "post_consent", "learner", STUDY, ("POST",)),
    Route(f"{_POST}/report", posts.report, "post_report", "learner", STUDY, ("GET", "POST")),
)
