"""The desk for outcomes and reflections."""

import secrets
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from yanxiu.core.changes import changes
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import seen_class
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, can_tutor
from yanxiu.training.outcomes import actions
from yanxiu.training.outcomes.attachments.queries import attachments_of, download
from yanxiu.training.outcomes.desk import SIMILAR, SORTS, desk_counts, desk_rows, neighbours
from yanxiu.training.outcomes.models import Outcome, OutcomeComment
from yanxiu.training.outcomes.queries import VersionRow, comments_of, outcome_for, versions_of
from yanxiu.training.outcomes.rules import can_read_thought_reports
from yanxiu.training.outcomes.similarity.queries import last_check, side_by_side
from yanxiu.training.outcomes.tasks.queries import task_rows

__all__ = ["attachment", "outcome", "outcomes", "overlap", "versions"]

STATUS = {"not_allowed": 403, "wrong_state": 409, "class_frozen": 409}


def _sort(request: FrameRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in SORTS else "all"


def _sort_words() -> dict[str, str]:
    return {
        "all": _("全部"), "unmarked": _("待批阅"), "returned": _("已退回"), "accepted": _("已认定"), "late": _("逾期"),
        "similar": _("雷同"), "withdrawn": _("已撤回"),
    }  # fmt: skip


def _piece(request: FrameRequest, training_class: TrainingClass, uuid: UUID) -> Outcome:
    """A handed-in piece of this very class; drafts are their author's alone."""
    found = outcome_for(request.viewer, str(uuid))
    if found.enrolment.training_class_id != training_class.pk or found.state == "draft":
        raise NotVisible
    return found


def outcomes(request: FrameRequest, key: str) -> HttpResponse:
    """Everything handed in, by what is to be done with it."""
    training_class, sort = seen_class(request, key), _sort(request)
    counts = desk_counts(request.viewer, training_class)
    words = _sort_words()
    context = {
        "class": training_class,
        "page": desk_rows(request.viewer, training_class, sort, after=request.GET.get("after") or None),
        "sorts": [{"key": each, "words": words[each], "count": counts[each]} for each in SORTS],
        "sort": sort,
        "after": request.GET.get("after", ""),
        "similar_from": SIMILAR // 10,
        "may_manage": can_manage(request.viewer, training_class),
        "may_read_thoughts": can_read_thought_reports(request.viewer, training_class),
    }
    return render(request, "staff/writing/outcomes.html", context)


def _page(
    request: FrameRequest, training_class: TrainingClass, found: Outcome, refused: Refused | None = None
) -> HttpResponse:
    viewer, sort = request.viewer, _sort(request)
    rows = versions_of(viewer, found)
    check = last_check(viewer, found)
    context: dict[str, Any] = {
        "class": training_class,
        "piece": found,
        "version": rows[-1] if rows else None,
        "task": task_rows(viewer, training_class, found.enrolment)[found.kind],
        "versions": len(rows),
        "files": attachments_of(found),
        "comments": comments_of(viewer, found, after=request.GET.get("after") or None, limit=100),
        "check": check,
        "is_similar": check is not None and check.is_done and check.percent * 10 >= SIMILAR,
        "beside": neighbours(viewer, training_class, found, sort),
        "sort": sort,
        "may_mark": can_tutor(viewer, training_class),
        "is_markable": found.state in ("submitted", "resubmitted"),
        "refused": refused,
        "typed": request.POST if refused else {},
        "token": secrets.token_hex(16),
        "said": request.GET.get("said", "") if refused is None else "",
    }
    status = STATUS.get(refused.code, 422) if refused else 200
    return render(request, "staff/writing/outcome.html", context, status=status)


def _score(value: str) -> int:
    if not (value.isascii() and value.strip().isdecimal() and len(value.strip()) < 4):
        raise Refused("bad_score", _("分数应是 0 到 100 的整数。"), field="score")
    return int(value)


def _number(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 18):
        raise NotVisible
    return int(value)


def _pressed(request: FrameRequest, found: Outcome) -> str:
    """One button, one action; the word for the page it leads to."""
    viewer, name, given = request.viewer, request.POST.get("do", ""), request.POST
    if name == "accept":
        actions.accept_outcome(viewer, found, score=_score(given.get("score", "")))
        return "accepted"
    if name == "return":
        if not given.get("reason", "").strip():
            raise Refused("empty", _("请写退回意见，告诉学员要改什么。"), field="reason")
        actions.return_outcome(viewer, found, reason=given["reason"])
        return "returned"
    if name == "comment":
        actions.comment_outcome(viewer, found, body=given.get("comment", ""), token=given.get("token", ""))
        return "commented"
    if name == "uncomment":
        gone = OutcomeComment(pk=_number(given.get("of", "")), outcome=found)
        actions.remove_comment(viewer, gone, reason=given.get("reason", ""))
        return "uncommented"
    if name == "withdraw":
        actions.withdraw_outcome(viewer, found, reason=given.get("reason", ""))
        return "withdrawn"
    raise NotVisible


def outcome(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """Read, comment, return, accept; after a mark, the next of the same sort."""
    training_class = seen_class(request, key)
    found = _piece(request, training_class, uuid)
    if request.method != "POST":
        return _page(request, training_class, found)
    sort = _sort(request)
    following = neighbours(request.viewer, training_class, found, sort).after
    try:
        word = _pressed(request, found)
    except Refused as refused:
        return _page(request, training_class, _piece(request, training_class, uuid), refused)
    target = following if word in {"accepted", "returned"} and following else str(uuid)
    return HttpResponseRedirect(f"{reverse('staff:outcome', args=[key, target])}?sort={sort}&said={word}")


def _version(rows: list[VersionRow], asked: str, default: VersionRow) -> VersionRow:
    return next((row for row in rows if str(row.num) == asked), default)


def versions(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """Every version, and what differs between two of them."""
    training_class = seen_class(request, key)
    found = _piece(request, training_class, uuid)
    rows = versions_of(request.viewer, found)
    context: dict[str, Any] = {"class": training_class, "piece": found, "rows": rows}
    if rows:
        new = _version(rows, request.GET.get("b", ""), rows[-1])
        old = _version(rows, request.GET.get("a", ""), rows[max(0, rows.index(new) - 1)])
        context |= {"old": old, "new": new, "changes": changes(old.body, new.body) if old.num != new.num else ()}
    return render(request, "staff/writing/versions.html", context)


def overlap(request: FrameRequest, key: str, uuid: UUID, match: int) -> HttpResponse:
    """Both texts side by side."""
    training_class = seen_class(request, key)
    found = _piece(request, training_class, uuid)
    compared = side_by_side(request.viewer, found, match)
    context = {"class": training_class, "piece": found, "compared": compared}
    return render(request, "staff/writing/overlap.html", context)


def attachment(request: FrameRequest, key: str, uuid: UUID, file: int) -> HttpResponse:
    """A download; never shown inside a page of this site."""
    held = download(_piece(request, seen_class(request, key), uuid), file)
    headers = {
        "Content-Disposition": content_disposition_header(True, held.name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(held.data, held.content_type, headers=headers)
