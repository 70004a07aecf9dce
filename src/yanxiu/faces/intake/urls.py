"""Addresses of this face. The ASGI callable answers /api/beats before Django sees it; its view serves everywhere else."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.intake import media, views

ROUTES: tuple[Route, ...] = (
    Route(
        "api/sessions",
        views.start_session,
        "sessions",
        audience="learner",
        permission="training.classes.enter",
        methods=("POST",),
    ),
    Route("api/beats", views.receive_beats, "beats", audience="machine", methods=("POST",)),
    Route("media/<slug:signature>/<int:expires>/<slug:how>/<slug:digest>", media.media, "media", audience="machine"),
)
