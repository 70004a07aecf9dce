"""Whom to ring, kept by the browser itself: the sign-in page of somebody who forgot their password, and a page that has no
database to ask, can still name the class manager, and nobody learns from it who has an account.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from yanxiu.people.queries import Viewer
from yanxiu.training.classes.queries import Contact, contacts

__all__ = ["recall", "remember"]

COOKIE = "__Host-ring" if settings.SECURE else "ring"
_KEPT = 90 * 24 * 3600
_SALT = "yanxiu.contact"


def remember(response: HttpResponseBase, viewer: Viewer) -> None:
    """Set when somebody has just signed in."""
    rows = [[c.short_name, c.name, c.phone] for c in contacts(viewer)]
    if rows:
        response.set_cookie(
            COOKIE, signing.dumps(rows, salt=_SALT, compress=True), max_age=_KEPT, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip


def recall(request: HttpRequest) -> list[Contact]:
    """What this browser was told when somebody last signed in on it."""
    try:
        rows: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KEPT)
        return [Contact(str(short), str(name), str(phone)) for short, name, phone in rows]
    except (signing.BadSignature, ValueError, TypeError):
        return []
