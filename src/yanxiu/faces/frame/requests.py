"""The request as views see it once the frame's middleware has passed."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from yanxiu.people.models import Account
from yanxiu.people.queries import SIGNED_OUT, Viewer

__all__ = ["FrameRequest", "client_address", "page_of_form", "safe_next", "viewer_in", "wants_fragment", "wants_json"]


class FrameRequest(HttpRequest):
    """For annotations only: `def page(request: FrameRequest, …)`."""

    viewer: Viewer
    account: Account  # of a signed-in viewer
    htmx: HtmxDetails
    csp_nonce: Callable[[], str]


def viewer_in(request: HttpRequest) -> Viewer:
    """The viewer, SIGNED_OUT where an error struck before the middleware set one."""
    found: Viewer = getattr(request, "viewer", SIGNED_OUT)
    return found


def client_address(request: HttpRequest) -> str:
    """The peer's address. Proxy headers are never read: anybody can send them."""
    return str(request.META.get("REMOTE_ADDR") or "unknown")[:45]


def wants_fragment(request: HttpRequest) -> bool:
    """Does the page's own script ask for the inner part only (the popover, an htmx swap)?"""
    return request.GET.get("fragment") == "1" or request.headers.get("HX-Request") == "true"


def wants_json(request: HttpRequest) -> bool:
    """Machine addresses answer in JSON, their refusals too."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json")


def safe_next(target: str, default: str = "/") -> str:
    """Where to go afterwards: an address of this site, never another's (not even "//host")."""
    fine = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if fine and target.isprintable() else default


def page_of_form(request: HttpRequest) -> str:
    """The page a form was sent from; never another site's."""
    came = urlsplit(request.headers.get("Referer", ""))
    return safe_next(came.path or "/") if came.netloc == request.get_host() else "/"
