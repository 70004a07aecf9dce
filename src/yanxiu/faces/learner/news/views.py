"""Announcements with read receipts; notices to oneself, and through which channels they also come."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.shell import learner_page, own_place
from yanxiu.training.notices.actions import read_announcement
from yanxiu.training.notices.inbox.actions import mark_all_read, mute_channel
from yanxiu.training.notices.inbox.queries import NoticeRow, channel_choices, own_notices
from yanxiu.training.notices.queries import announcement_for, announcements_of

__all__ = ["announcement", "announcements", "notices"]


def announcements(request: FrameRequest, key: str) -> HttpResponse:
    """Newest first; unread ones are marked."""
    place = own_place(request, key)
    after = request.GET.get("after") or None
    page = announcements_of(request.viewer, place.training_class, after=after, limit=20)
    context = {"page": page, "after": after}
    return learner_page(request, place, "learner/news/announcements.html", "learner:announcements", context)


def announcement(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """Opening it is the receipt (已读)."""
    place = own_place(request, key)
    found = announcement_for(request.viewer, place.training_class, uuid)
    read_announcement(request.viewer, found)
    context = {"announcement": found}
    return learner_page(request, place, "learner/news/announcement.html", "learner:announcements", context)


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with where it leads; `href` is "" where it leads nowhere."""

    title: str
    body: str
    class_name: str
    zone: str
    created_at: datetime
    is_read: bool
    href: str


def _told(row: NoticeRow) -> Told:
    home = reverse("learner:home", args=[row.class_key]) if row.class_key else ""
    href = f"{home}/{row.place}" if home and row.place else home
    return Told(row.title, row.body, row.class_name, row.zone, row.created_at, row.is_read, href)


def _channels(request: FrameRequest) -> list[dict[str, object]]:
    words = {"email": _("邮件"), "webhook": _("短信或企业微信")}
    return [
        {"name": each.name, "words": words.get(each.name, each.name), "is_muted": each.is_muted}
        for each in channel_choices(request.viewer)
    ]


def notices(request: FrameRequest, key: str) -> HttpResponse:
    """POST: all read, or a channel switched off or on."""
    place = own_place(request, key)
    if request.method == "POST":
        if channel := request.POST.get("channel"):
            mute_channel(request.viewer, channel=channel, muted=request.POST.get("muted") == "1")
        else:
            mark_all_read(request.viewer)
        return HttpResponseRedirect(reverse("learner:notices", args=[key]))
    after = request.GET.get("after") or None
    page = own_notices(request.viewer, after=after)
    rows = [_told(row) for row in page.rows]
    context = {
        "rows": rows, "next": page.next, "after": after, "channels": _channels(request),
        "has_unread": any(not row.is_read for row in rows),
    }  # fmt: skip
    return learner_page(request, place, "learner/news/notices.html", "learner:notices", context)
