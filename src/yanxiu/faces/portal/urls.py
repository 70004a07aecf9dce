"""Addresses of this face."""

from yanxiu.faces.frame.routes import Route
from yanxiu.faces.portal import demo, sign_in, views

ROUTES: tuple[Route, ...] = (
    Route("", views.home, "home", "public"),
    Route("sign-in", sign_in.sign_in, "sign_in", "public", methods=("GET", "POST")),
    Route("sign-out", sign_in.sign_out, "sign_out", "public", methods=("POST",)),
    Route("invite/ask", sign_in.ask, "ask", "public", methods=("GET", "POST")),
    Route("invite/<str:token>", sign_in.invite, "invite", "public", methods=("GET", "POST")),
    Route("demo/<str:token>", demo.demo_link, "demo", "public", methods=("GET", "POST")),
    Route("me", views.me, "me", "signed_in"),
    Route("preferences", views.preferences, "preferences", "public", methods=("POST",)),
    Route("healthz", views.health, "health", "machine"),
    Route("readyz", views.ready, "ready", "machine"),
)
