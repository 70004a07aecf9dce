"""Headers on every response; who is asking and in which language."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation

from yanxiu.faces.frame.entering.contact import remember
from yanxiu.faces.frame.entering.steps import follow
from yanxiu.people.models import Account
from yanxiu.people.queries import SIGNED_OUT, Viewer, viewer_of

__all__ = ["LanguageMiddleware", "LightPages", "SecurityHeaders", "ViewerMiddleware", "fixed_headers"]

_Next = Callable[[HttpRequest], HttpResponseBase]

_OWN_ONLY = (
    "fullscreen",
    "screen-wake-lock",
    "picture-in-picture",
    "publickey-credentials-get",
    "publickey-credentials-create",
)
_NEVER = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture",
    "encrypted-media", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "interest-cohort", "keyboard-map",
    "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials", "payment", "serial", "storage-access", "sync-xhr",
    "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join([*(f"{name}=(self)" for name in _OWN_ONLY), *(f"{name}=()" for name in _NEVER)])
_POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self'; font-src 'self'; media-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def fixed_headers(nonce: str = "", *, secure: bool) -> dict[str, str]:
    """The headers every answer carries, for answers given outside Django too."""
    headers = {
        "Content-Security-Policy": _POLICY.format(nonce=f" 'nonce-{nonce}'" if nonce else ""),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": _PERMISSIONS,
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


class SecurityHeaders:
    """Outermost, so that static files, errors and redirects carry them as well. A view may set a stricter one itself."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        used: list[str] = []

        def csp_nonce() -> str:
            if not used:
                used.append(secrets.token_urlsafe(16))
            return used[0]

        request.csp_nonce = csp_nonce  # type: ignore[attr-defined]  # typed for views in frame.requests
        response = self.get_response(request)
        for name, value in fixed_headers(used[0] if used else "", secure=settings.SECURE).items():
            response.headers.setdefault(name, value)
        return response


class LightPages(GZipMiddleware):
    """Pages compressed where the browser takes it; never files, which are small already or wanted in ranges.

    Length says nothing of a secret: Django masks form tokens anew each time and adds a random length (docs/decisions/0031).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class LanguageMiddleware:
    """The language of the cookie, else the installation's. Accept-Language is not asked: offices run English Windows."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response
        self.offered = dict(settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in self.offered else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


def _viewer(request: HttpRequest) -> Viewer:
    """The viewer of the session, whose key is changed when the person's roles have."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return SIGNED_OUT
    user = get_user(request)
    if not isinstance(user, Account):
        return SIGNED_OUT
    viewer = viewer_of(user)
    if viewer.is_signed_in:
        request.account = user  # type: ignore[attr-defined]  # typed for views in frame.requests
        follow(request, user, viewer)
    return viewer


class ViewerMiddleware:
    """Sets `request.viewer`; what a signed-in person sees is stored in no cache."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            viewer = _viewer(request)
        except DatabaseError:
            viewer = SIGNED_OUT  # the guard says so on pages of signed-in people; the health page still answers
            request.database_away = True  # type: ignore[attr-defined]  # read by the guard and the error pages
        request.viewer = viewer  # type: ignore[attr-defined]  # typed for views in frame.requests
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        entered = getattr(request, "entered_as", None)
        if entered is not None:
            remember(response, entered)
        return response
