"""Addresses of this area."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.staff.rounds import desk, posts

_VIEW, _MANAGE, _TUTOR = "training.classes.view_data", "training.classes.manage", "training.classes.tutor"
_ROUNDS = "staff/classes/<slug:key>/rounds"
_ROUND = f"{_ROUNDS}/<int:num>"
_POST = f"{_ROUND}/posts/<uuid:post>"

ROUTES: tuple[Route, ...] = (
    Route(_ROUNDS, desk.rounds, "rounds", "staff", _VIEW),
    Route(f"{_ROUNDS}/open", desk.open_, "round_open", "staff", _MANAGE, ("POST",)),
    Route(_ROUND, desk.round_, "round", "staff", _VIEW),
    Route(f"{_ROUND}/change", desk.change, "round_change", "staff", _MANAGE, ("POST",)),
    Route(_POST, posts.post, "round_post", "staff", _VIEW),
    Route(f"{_POST}/reply", posts.answer, "round_reply", "staff", _TUTOR, ("POST",)),
    Route(f"{_POST}/feature", posts.feature, "post_feature", "staff", _TUTOR, ("POST",)),
    Route(f"{_POST}/remove", posts.remove, "post_remove", "staff", _TUTOR, ("POST",)),
    Route(f"{_POST}/reports/<int:abuse>", posts.handle, "abuse_answer", "staff", _TUTOR, ("POST",)),
)
