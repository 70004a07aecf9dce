"""Announcements of a class, and reminders to read them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.kit.errors import Refused
from yanxiu.training.notices import actions
from yanxiu.training.notices.inbox.queries import delivery_counts
from yanxiu.training.notices.models import Announcement
from yanxiu.training.notices.queries import announcement_for, announcements_of, readers, receipt_counts, unread_count

__all__ = ["announcement", "announcements"]


def announcements(request: FrameRequest, key: str) -> HttpResponse:
    """GET the list and an empty form (for managers); POST writes a draft, and publishes it with that button."""
    training_class = seen_class(request, key)
    context: dict[str, Any] = {"class": training_class, "typed": {}}
    status = 200
    if request.method == "POST":
        training_class = managed_class(request, key)
        try:
            draft = actions.draft_announcement(
                request.viewer, training_class, title=request.POST.get("title", ""), body=request.POST.get("body", "")
            )
            if request.POST.get("then") == "publish":
                actions.publish_announcement(request.viewer, draft)
            return HttpResponseRedirect(reverse("staff:announcement", args=[key, draft.uuid]))
        except Refused as refused:
            context |= {"refused": refused, "typed": request.POST}
            status = 422
    page = announcements_of(request.viewer, training_class, after=request.GET.get("after") or None, limit=30)
    counts = receipt_counts(row.announcement_id for row in page.rows)
    context["rows"] = [{"row": row, "read": counts.get(row.announcement_id, 0)} for row in page.rows]
    context |= {"next": page.next, "after": request.GET.get("after", "")}
    return render(request, "staff/news/announcements.html", context, status=status)


def _done(request: FrameRequest, found: Announcement) -> str:
    """What the pressed button says; the words for the page when there is more to say than its new state."""
    pressed = request.POST.get("then", "")
    if pressed == "publish":
        actions.publish_announcement(request.viewer, found)
    elif pressed == "withdraw":
        actions.withdraw_announcement(request.viewer, found)
    elif pressed == "remind":
        count = actions.remind_unread(request.viewer, found)
        return _("已提醒 %(count)d 人；今天已提醒过的人不会再收到。") % {"count": count}
    elif pressed == "save":
        actions.edit_announcement(
            request.viewer, found, title=request.POST.get("title", ""), body=request.POST.get("body", "")
        )
    else:
        raise Refused("unknown_button", _("请求格式不对，请刷新页面再试。"))
    return ""


def announcement(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """GET one with its readers; POST: save, publish, withdraw, remind."""
    training_class = seen_class(request, key)
    context: dict[str, Any] = {"class": training_class}
    status = 200
    if request.method == "POST":
        training_class = managed_class(request, key)
        try:
            context["said"] = _done(request, announcement_for(request.viewer, training_class, uuid))
        except Refused as refused:
            context |= {"refused": refused}
            status = 422
    found = announcement_for(request.viewer, training_class, uuid)
    have_read = request.GET.get("readers") == "read"
    page = readers(found, have_read=have_read, after=request.GET.get("after") or None)
    context |= {
        "announcement": found, "page": page, "have_read": have_read, "read": receipt_counts([found.pk]).get(found.pk, 0),
        "unread": unread_count(found),
        "deliveries": delivery_counts(training_class, f"announcement:{found.pk}"),
        "typed": request.POST if "refused" in context else {},
    }  # fmt: skip
    return render(request, "staff/news/announcement.html", context, status=status)
