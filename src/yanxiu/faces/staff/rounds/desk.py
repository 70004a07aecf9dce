"""The rounds of a class, and the posts of one of them under filters."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.faces.staff.rounds.forms import TermsForm
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, can_tutor, is_closed
from yanxiu.training.discussion.actions import change_round, open_round
from yanxiu.training.discussion.desk import desk_rows, registered_count
from yanxiu.training.discussion.models import DiscussionRound
from yanxiu.training.discussion.queries import class_round
from yanxiu.training.discussion.reading import round_posts

__all__ = ["change", "open_", "round_", "rounds"]


def _list(
    request: FrameRequest, training_class: TrainingClass, form: TermsForm | None = None, refused: Refused | None = None
) -> HttpResponse:
    rows = desk_rows(request.viewer, training_class)
    context: dict[str, Any] = {
        "class": training_class,
        "rows": rows,
        "registered": registered_count(training_class),
        "may_open": can_manage(request.viewer, training_class) and not is_closed(training_class),
        "next_num": max((row.round.num for row in rows), default=0) + 1,
        "form": form or TermsForm(initial={"required_posts": 1, "min_characters": 0}),
        "refused": refused,
    }
    return render(request, "staff/rounds/rounds.html", context, status=422 if refused else 200)


def rounds(request: FrameRequest, key: str) -> HttpResponse:
    return _list(request, seen_class(request, key))


def open_(request: FrameRequest, key: str) -> HttpResponse:
    """A new round, numbered after the last."""
    training_class = managed_class(request, key)
    form, num = TermsForm(request.POST), request.POST.get("num", "")
    try:
        terms = form.terms()
        made = open_round(
            request.viewer, training_class, num=int(num) if num.isdecimal() and len(num) < 4 else 0, **terms
        )
    except Refused as refused:
        return _list(request, training_class, form, refused)
    return HttpResponseRedirect(reverse("staff:round", args=[key, made.num]))


def _page(
    request: FrameRequest,
    training_class: TrainingClass,
    round_: DiscussionRound,
    form: TermsForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    show = request.GET.get("show", "")
    row = next(row for row in desk_rows(request.viewer, training_class) if row.round.pk == round_.pk)
    context: dict[str, Any] = {
        "class": training_class,
        "round": round_,
        "row": row,
        "registered": registered_count(training_class),
        "page": round_posts(request.viewer, round_, show=show, after=request.GET.get("after") or None),
        "show": show,
        "filters": (
            ("", _("全部"), None), ("unanswered", _("未回复"), row.unanswered), ("reported", _("被举报"), row.waiting),
            ("short", _("字数偏少"), None), ("featured", _("精华"), None),
        ),
        "may_tutor": can_tutor(request.viewer, training_class) and not is_closed(training_class),
        "may_change": can_manage(request.viewer, training_class) and not row.has_begun and not is_closed(training_class),
        "form": form or TermsForm.of(round_),
        "refused": refused,
    }  # fmt: skip
    return render(request, "staff/rounds/round.html", context, status=422 if refused else 200)


def round_(request: FrameRequest, key: str, num: int) -> HttpResponse:
    training_class = seen_class(request, key)
    return _page(request, training_class, class_round(request.viewer, training_class, num))


def change(request: FrameRequest, key: str, num: int) -> HttpResponse:
    """New dates and terms, until the round begins."""
    training_class = managed_class(request, key)
    found, form = class_round(request.viewer, training_class, num), TermsForm(request.POST)
    try:
        change_round(request.viewer, found, **form.terms())
    except Refused as refused:
        return _page(request, training_class, found, form, refused)
    return HttpResponseRedirect(reverse("staff:round", args=[key, num]))
