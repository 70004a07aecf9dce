"""What every template of every face may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yanxiu.faces.frame.requests import viewer_in

__all__ = ["SIZES", "THEMES", "frame"]

SIZES = ("normal", "large")
THEMES = ("light", "dark")


def _choice(request: HttpRequest, cookie: str, offered: tuple[str, ...]) -> str:
    chosen = request.COOKIES.get(cookie, "")
    return chosen if chosen in offered else ""


def frame(request: HttpRequest) -> dict[str, Any]:
    """viewer, size, theme, csp_nonce, is_demo."""
    return {
        "viewer": viewer_in(request),
        "size": _choice(request, "size", SIZES) or "normal",
        "theme": _choice(request, "theme", THEMES),
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "is_demo": settings.DEMO,
    }
