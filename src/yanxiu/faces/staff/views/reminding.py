"""Who has not, and a reminder to all of them or to those ticked."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from yanxiu.core.time import clock
from yanxiu.faces.frame.looking.searching import FIELD, sealed_search, sought
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.faces.staff.views.figures import figure_context
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures import queries as figures
from yanxiu.record.figures.reminding.actions import remind_the_missing, reminded_today, usual_words
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, is_closed

__all__ = ["complement", "remind"]


def _filters(request: FrameRequest, given: QueryDict) -> dict[str, str]:
    """A name is posted, or sealed in the address."""
    name = given.get("name", "").strip()[:40] if given is request.POST else sought(request)
    return {"county": given.get("county", "").strip()[:40], "name": name}


def _address(request: FrameRequest, filters: dict[str, str], **more: str) -> QueryDict:
    query = QueryDict(mutable=True)
    kept = {"county": filters["county"], FIELD: sealed_search(request, filters["name"]) if filters["name"] else ""}
    query.update({name: value for name, value in (kept | more).items() if value})
    return query


def _page(request: FrameRequest, class_: TrainingClass, figure: str, refused: Refused | None = None) -> HttpResponse:
    given = request.POST if refused else request.GET
    if not figures.has_complement(figure):
        raise NotVisible
    filters, after = _filters(request, given), given.get("after") or None
    title, body = usual_words(class_, figure)
    context: dict[str, Any] = figure_context(class_, figure) | {
        "page": figures.complement(class_, figure, after, 50, filters),
        "filters": filters,
        "find": _address(request, filters).get(FIELD, ""),
        "after": after,
        "counties": figures.counties(class_),
        "reminded": given.get("reminded", "")[:6],
        "may_remind": can_manage(request.viewer, class_) and not is_closed(class_),
        "told": reminded_today(class_, figure, clock.now()),
        "title": given.get("title", title),
        "body": given.get("body", body),
        "ticked": set(request.POST.getlist("who")),
        "refused": refused,
    }
    context["persons"] = context["page"].persons if context["may_remind"] else 0
    return render(request, "staff/complement.html", context, status=422 if refused else 200)


def complement(request: FrameRequest, key: str, figure: str) -> HttpResponse:
    """Who has not: usually the list somebody came for."""
    with snapshot():
        return _page(request, seen_class(request, key), figure)


def remind(request: FrameRequest, key: str, figure: str) -> HttpResponse:
    """`then`: all of the list as it is filtered, or those ticked; at most once a day and person."""
    class_ = managed_class(request, key)
    if figure not in figures.profile_of(class_) or not figures.has_complement(figure):
        raise NotVisible
    ticked = None
    if request.POST.get("then") != "all":
        ticked = [int(pk) for pk in request.POST.getlist("who") if pk.isascii() and pk.isdecimal() and len(pk) < 18]
    filters = _filters(request, request.POST)
    words = {name: request.POST.get(name, "") for name in ("title", "body")}
    try:
        count = remind_the_missing(request.viewer, class_, figure, clock.now(), only=ticked, filters=filters, **words)
    except Refused as refused:
        return _page(request, class_, figure, refused)
    query = _address(request, filters, reminded=str(count)).urlencode()
    return HttpResponseRedirect(f"{reverse('staff:complement', args=[key, figure])}?{query}")
