"""Addresses of this face."""

from yanxiu.faces.frame.routes import PASSWORDS, Route
from yanxiu.faces.portal import demo, notices, sign_in, views
from yanxiu.faces.portal import help as helping
from yanxiu.faces.portal.account.urls import ROUTES as ACCOUNT
from yanxiu.faces.portal.check import views as checking
from yanxiu.faces.portal.office import administer, audit, invites
from yanxiu.faces.portal.registry.urls import ROUTES as REGISTRY

ROUTES: tuple[Route, ...] = (
    Route("", views.home, "home", "public"),
    Route("sign-in", sign_in.sign_in, "sign_in", "public", methods=("GET", "POST"), lanes=PASSWORDS),
    Route("sign-out", sign_in.sign_out, "sign_out", "public", methods=("POST",)),
    Route("invite/ask", sign_in.ask, "ask", "public", methods=("GET", "POST")),
    Route("invite/<str:token>", sign_in.invite, "invite", "public", methods=("GET", "POST"), lanes=PASSWORDS),
    Route("demo/<str:token>", demo.demo_link, "demo", "public", methods=("GET", "POST")),
    Route(
        "classes/<slug:key>/invites", invites.invites, "invites", "staff", "training.classes.manage", ("GET", "POST")
    ),
    Route(
        "classes/<slug:key>/invites/all",
        invites.everybody,
        "invites_all",
        "staff",
        "training.classes.manage",
        ("POST",),
    ),
    Route(
        "administer/lockouts",
        administer.lockouts,
        "lockouts",
        "signed_in",
        "people.administer_security",
        ("GET", "POST"),
    ),
    Route("administer/audit", audit.audit_log, "audit_log", "signed_in", "people.read_audit_log"),
    Route("help/why-not-counted", helping.why, "why", "public"),
    Route(
        "administer/second-factors",
        administer.second_factors,
        "second_factors",
        "signed_in",
        "people.administer_security",
        ("GET", "POST"),
        fresh=True,
    ),
    *ACCOUNT,
    *REGISTRY,
    Route("me/notices", notices.notices, "notices", "signed_in", methods=("GET", "POST")),
    Route("search", views.search, "search", "signed_in", methods=("POST",)),
    Route("preferences", views.preferences, "preferences", "public", methods=("POST",)),
    Route("certificates", checking.check, "check", "public", methods=("GET", "POST")),
    Route("certificates/issuer.json", checking.issuer, "issuer", "public"),
    Route("certificates/revoked.json", checking.revoked, "revoked", "public"),
    Route("certificates/keys/<slug:key_id>", checking.key, "badge_key", "public"),
    Route("public-key.pem", views.public_key, "public_key", "public"),
    Route("healthz", views.health, "health", "machine"),
    Route("readyz", views.ready, "ready", "machine"),
)
