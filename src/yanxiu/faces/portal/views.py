"""Landing, preferences, health."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.context import SIZES, THEMES
from yanxiu.faces.frame.entering.steps import to_step, unfinished
from yanxiu.faces.frame.looking.searching import FIELD, sealed_search
from yanxiu.faces.frame.requests import FrameRequest, safe_next
from yanxiu.faces.portal.landing import class_links
from yanxiu.people.profile.language import remember_language
from yanxiu.record.reports import signing
from yanxiu.study import ports

__all__ = ["health", "home", "preferences", "public_key", "ready", "search"]

_BESIDE = (
    "action",
    "cls",
    "county",
    "part",
    "show",
    "sort",
)  # what else the forms that look for people ask: nobody's name
_YEAR = 365 * 24 * 3600


def home(request: FrameRequest) -> HttpResponse:
    """Signed in: my classes, each with where it leads; signed out: the sign-in page."""
    viewer = request.viewer
    if not viewer.is_signed_in:
        return HttpResponseRedirect(reverse("portal:sign_in"))
    step = unfinished(request)
    if step:
        return to_step(request, step)
    return render(request, "portal/home.html", {"classes": class_links(viewer)})


def public_key(request: HttpRequest) -> HttpResponse:
    """The PEM with which anybody checks a frozen report's PDF (tools/verify_report.py)."""
    headers = {"Content-Disposition": 'attachment; filename="yanxiu-public-key.pem"'}
    return HttpResponse(signing.public_key_pem(), "application/x-pem-file", headers=headers)


def preferences(request: FrameRequest) -> HttpResponse:
    """Large text, theme, language: cookies of this browser, for people signed in or not; what is sent to them follows."""
    remember_language(request.viewer, request.POST.get("language", ""))
    response = HttpResponseRedirect(safe_next(request.POST.get("next", "/")))
    offered = {
        "size": ("size", SIZES),
        "theme": ("theme", THEMES),
        "language": (settings.LANGUAGE_COOKIE_NAME, tuple(code for code, _name in settings.LANGUAGES)),
    }
    for field, (cookie, values) in offered.items():
        chosen = request.POST.get(field, "")
        if chosen in values:
            response.set_cookie(
                cookie, chosen, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
    return response


def search(request: FrameRequest) -> HttpResponse:
    """Back to the list the form stands above, with what was typed sealed (frame.looking.searching)."""
    to = urlsplit(safe_next(request.POST.get("to", "/")))
    query = {name: value for name in _BESIDE if (value := request.POST.get(name, "")[:64])}
    if text := request.POST.get("q", "").strip():
        query[FIELD] = sealed_search(request, text)
    return HttpResponseRedirect(urlunsplit(("", "", to.path, urlencode(query), to.fragment)))


def health(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked."""
    return JsonResponse({"status": "ok"})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM people_account LIMIT 1")
    except DatabaseError:
        return False
    return True


def _ledger_answers() -> bool:
    try:
        ports.ledger().head()
    except (ports.NotStored, RuntimeError, OSError):
        return False
    return True


def ready(request: HttpRequest) -> HttpResponse:
    """The database and the ledger answer: 200; else 503, naming which."""
    found = {"database": _database_answers(), "ledger": _ledger_answers()}
    is_ready = all(found.values())
    response = JsonResponse({"status": "ok" if is_ready else "unavailable", **found}, status=200 if is_ready else 503)
    if not is_ready:
        response.headers["Retry-After"] = "5"
    return response
