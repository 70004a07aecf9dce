"""Pages for what went wrong: what happened, what to do, whom to ring; an id, never a trace."""

import logging
import secrets
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from yanxiu.faces.frame.entering.contact import recall
from yanxiu.faces.frame.requests import page_of_form, viewer_in, wants_fragment, wants_json
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.queries import contacts

__all__ = ["bad_request", "csrf_failure", "forbidden", "not_found", "refused", "server_error", "unavailable"]

logger = logging.getLogger(__name__)

# Refusals are 422 except these.
_STATUS = {
    "forbidden": 403, "not_allowed": 403, "locked": 429, "slow_down": 429, "busy": 503, "conflict": 409, "class_frozen": 409,
    "wrong_state": 409,
}  # fmt: skip


def _contacts(request: HttpRequest) -> list[Any]:
    """Class managers of the viewer's classes with their phones; what the browser remembers where the database is away."""
    viewer = viewer_in(request)
    if getattr(request, "database_away", False):
        return recall(request)
    try:
        return list(contacts(viewer)) if viewer.is_signed_in else []
    except DatabaseError:
        return recall(request)


def _page(request: HttpRequest, status: int, title: str, text: str, **more: Any) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(
            {"code": more.get("code", str(status)), "message": text, **more.get("place", {})}, status=status
        )
    template = "frame/_message.html" if wants_fragment(request) else "frame/message.html"
    context = {"title": title, "text": text, "contacts": _contacts(request), "error_id": more.get("error_id", "")}
    context["back"] = more.get("back", "")
    return HttpResponse(render_to_string(template, context, request), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, for what does not exist and for what the viewer may not know of, word for word the same."""
    return _page(request, 404, _("没有这个页面"), _("地址可能写错了，或者这项内容不在您的范围内。"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a request no page of this site sends. It may lack a usable host, so it is answered without a template."""
    return HttpResponse(
        _("请求不完整或地址不对。请从首页重新进入。"), status=400, content_type="text/plain; charset=utf-8"
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, _("不能这样做"), _("您的角色不包括这项操作。需要的话请联系班主任或本地区管理员。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, with the way back: the page there has a fresh token, and (after signing in, where that is asked for) the text."""
    back = page_of_form(request)
    return _page(
        request,
        403,
        _("页面过期了"),
        _("页面打开太久，或在别的窗口重新登录过，所以没有提交。回到刚才的页面再提交一次；自动保存的内容还在。"),
        code="csrf",
        back="" if back == "/" else back,
    )


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal no form has shown beside its field."""
    status = _STATUS.get(refusal.code, 422)
    place = {"field": refusal.field, "row": refusal.row}
    title = _("没有保存") if request.method == "POST" else _("不能打开")
    response = _page(request, status, title, str(refusal), code=refusal.code, place=place)
    if status in {429, 503}:
        response.headers["Retry-After"] = "5" if refusal.code != "locked" else "900"
    return response


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: nothing was stored; try again."""
    logger.error("the database did not answer: %s", request.path, exc_info=True)  # noqa: LOG014  (called inside the except block of guard)
    response = _page(request, 503, _("系统暂时忙"), _("刚才的操作没有保存。请过几秒再试一次。"))
    response.headers["Retry-After"] = "5"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the id is in the log beside the trace."""
    error_id = secrets.token_hex(4)
    logger.error("error %s at %s %s", error_id, request.method, request.path, exc_info=True)  # noqa: LOG014  (called by Django inside its except block)
    return _page(request, 500, _("出错了"), _("系统出了问题，已经记下来。反映问题时请报这个编号。"), error_id=error_id)
