"""The security administrator decides for people no class manager is responsible for."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanxiu.faces.frame.deciding.corrections import decide, waiting
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import Refused
from yanxiu.people import rules
from yanxiu.people.registry.scope import looked_after, top_path
from yanxiu.training.classes.people import outside_classes

__all__ = ["corrections"]


def corrections(request: FrameRequest) -> HttpResponse:
    """GET lists them; POST decides one."""
    if not rules.can_administer_security(request.viewer):
        raise Refused("forbidden", _("这个页面只给安全管理员使用。"))
    people = outside_classes(looked_after(request.viewer))
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            decide(request, people, top_path(request.viewer))
            return HttpResponseRedirect(request.path)
        except Refused as refused:
            context["refused"], status = refused, 409 if refused.code == "wrong_state" else 422
    return render(request, "portal/corrections.html", context | waiting(request, people), status=status)
