"""Announcements with read receipts; notices to oneself, and through which channels they also come."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yanxiu.faces.frame.learning.told import notice_context, press
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.shell import learner_page, own_place
from yanxiu.training.notices.actions import read_announcement
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


def notices(request: FrameRequest, key: str) -> HttpResponse:
    """POST: all read, or a channel switched off or on."""
    place = own_place(request, key)
    if request.method == "POST":
        press(request)
        return HttpResponseRedirect(reverse("learner:notices", args=[key]))
    return learner_page(request, place, "learner/news/notices.html", "learner:notices", notice_context(request))
