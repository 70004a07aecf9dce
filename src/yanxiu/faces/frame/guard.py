"""What stands before every view: methods, audience, permission; and what becomes of a refusal."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame import errors
from yanxiu.faces.frame.entering.fresh import Asked, stepped_up
from yanxiu.faces.frame.entering.steps import to_step, unfinished
from yanxiu.faces.frame.permissions import is_known
from yanxiu.faces.frame.requests import page_of_form, viewer_in, wants_json
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.study.ports import NotStored

if TYPE_CHECKING:
    from yanxiu.faces.frame.requests import FrameRequest
    from yanxiu.faces.frame.routes import Route

__all__ = ["AUDIENCES", "guard"]

AUDIENCES = frozenset({"public", "signed_in", "learner", "staff", "machine"})
_SIGNED_IN = frozenset({"signed_in", "learner", "staff"})


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": "signed_out", "message": _("请先登录。")}, status=401)
    target = request.get_full_path() if request.method in {"GET", "HEAD"} else page_of_form(request)
    return HttpResponseRedirect(f"{reverse('portal:sign_in')}?next={quote(target, safe='')}")


def _allowed(route: "Route") -> frozenset[str]:
    return frozenset(route.methods) | ({"HEAD"} if "GET" in route.methods else set())


def _called(route: "Route", request: HttpRequest, arguments: dict[str, Any]) -> HttpResponseBase:
    try:
        asked = stepped_up(cast("FrameRequest", request)) if route.fresh and request.method == "POST" else None
        return asked if asked is not None else route.view(request, **arguments)
    except Asked as asking:
        return asking.response
    except NotVisible:
        return errors.not_found(request)
    except Refused as refused:
        return errors.refused(request, refused)
    except (OperationalError, InterfaceError, NotStored):
        return errors.unavailable(request)


def guard(route: "Route") -> Callable[..., HttpResponseBase]:
    """The route's view with its declaration enforced. An undeclared audience or permission refuses everybody."""
    allowed = _allowed(route)

    @wraps(route.view)
    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        if request.method not in allowed:
            return HttpResponseNotAllowed(sorted(allowed))
        if route.audience not in AUDIENCES or not is_known(route.permission):
            return errors.forbidden(request)
        if route.audience in _SIGNED_IN and getattr(request, "database_away", False):
            return errors.unavailable(request)
        if route.audience in _SIGNED_IN and not viewer_in(request).is_signed_in:
            return _to_sign_in(request)
        step = unfinished(request) if route.audience in _SIGNED_IN else ""
        if step and step not in route.open_at:
            return to_step(request, step)
        return _called(route, request, arguments)

    guarded.route = route  # type: ignore[attr-defined]  # for `yanxiu routes` and the tests that walk the URLconf
    return guarded
