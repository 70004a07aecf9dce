"""Notices as pages show them: what kind each is, where it leads, what its two buttons do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.training.notices.inbox.actions import mark_all_read, mute_channel
from yanxiu.training.notices.inbox.kinds import kind
from yanxiu.training.notices.inbox.queries import NoticeRow, channel_choices, own_notices

__all__ = ["Told", "notice_context", "press", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with where it leads."""

    kind: str
    title: str
    body: str
    class_name: str
    zone: str
    created_at: datetime
    is_read: bool
    href: str


def _href(row: NoticeRow) -> str:
    if not row.class_key:
        return reverse("portal:me")
    if kind(row.kind).staff:
        return reverse("staff:class_data", args=[row.class_key]) + row.place
    home = reverse("learner:home", args=[row.class_key])
    return f"{home}/{row.place}" if row.place else home


def told(row: NoticeRow) -> Told:
    """With the name of its kind in the reader's language."""
    known = kind(row.kind)
    return Told(known.name, row.title, row.body, row.class_name, row.zone, row.created_at, row.is_read, _href(row))


def _channels(request: FrameRequest) -> list[dict[str, object]]:
    words = {"email": _("邮件"), "webhook": _("短信或企业微信")}
    return [
        {"name": each.name, "words": words.get(each.name, each.name), "is_muted": each.is_muted}
        for each in channel_choices(request.viewer)
    ]


def notice_context(request: FrameRequest) -> dict[str, Any]:
    """What frame/_notices.html shows: the viewer's own, of all classes, a page at a time."""
    after = request.GET.get("after") or None
    page = own_notices(request.viewer, after=after)
    rows = [told(row) for row in page.rows]
    return {
        "rows": rows, "next": page.next, "after": after, "channels": _channels(request),
        "has_unread": any(not row.is_read for row in rows),
    }  # fmt: skip


def press(request: FrameRequest) -> None:
    """All read, or a channel switched off or on."""
    if channel := request.POST.get("channel"):
        mute_channel(request.viewer, channel=channel, muted=request.POST.get("muted") == "1")
    else:
        mark_all_read(request.viewer)
