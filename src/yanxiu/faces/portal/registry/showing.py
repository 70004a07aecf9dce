"""A page of forms: each button does one thing and says so, or keeps what was typed and says why not."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.models import Person

__all__ = ["Deed", "link_for", "page"]

Deed = Callable[[], dict[str, Any] | None]  # does it; what is to be shown now, once, or None: shown again by a redirect


def link_for(person: Person, token: str) -> dict[str, Any]:
    """A link of an invite, for the one page it is shown on."""
    address = f"{settings.ORIGIN.scheme}://{settings.ORIGIN.netloc}{reverse('portal:invite', args=[token])}"
    return {"link": address, "invited": person}


def page(
    request: FrameRequest, template: str, deeds: Mapping[str, Deed], context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """GET shows; POST does the deed its button names (`do`). A refusal is shown above the form that was sent."""
    if request.method != "POST":
        return render(request, template, context() | {"done": request.GET.get("done", ""), "typed": {}})
    name = request.POST.get("do", "")
    deed = deeds.get(name)
    if deed is None:
        raise NotVisible
    try:
        shown = deed()
    except Refused as refused:
        return render(request, template, context() | {"refused": refused, "typed": request.POST}, status=422)
    if shown is not None:
        return render(request, template, context() | shown | {"typed": {}})
    asked = request.GET.copy()
    asked["done"] = name
    return HttpResponseRedirect(f"{request.path}?{asked.urlencode()}")
