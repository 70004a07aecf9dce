"""Reads of one's own notices, and of what became of sending them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.inbox.words import shown
from yanxiu.training.notices.models import Delivery, MutedChannel, Notice
from yanxiu.training.notices.ports import channels

__all__ = [
    "ChannelChoice",
    "NoticeRow",
    "channel_choices",
    "delivery_counts",
    "own_notices",
    "persons_told",
    "unread_count",
]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """`class_key` and `place` together are where it leads; `title` and `body` are in the language of the moment."""

    notice_id: int
    kind: str
    title: str
    body: str
    class_key: str
    class_name: str
    zone: str
    place: str
    created_at: datetime
    is_read: bool


def own_notices(viewer: Viewer, *, after: str | None = None, limit: int = 30) -> Page[NoticeRow]:
    """The viewer's own, newest first."""
    mine = Notice.objects.filter(person_id=viewer.person_id or 0).select_related("training_class")
    return keyset_page(
        mine,
        lambda n: NoticeRow(
            n.pk, n.kind, *shown(n), n.training_class.key if n.training_class else "",
            n.training_class.short_name if n.training_class else "",
            n.training_class.zone if n.training_class else "Asia/Shanghai", n.place, n.created_at, n.read_at is not None,
        ),
        forwards=False,
        after=after,
        limit=limit,
    )  # fmt: skip


def persons_told(key: str) -> set[int]:
    """Ids of those who have a notice of this occasion."""
    return set(Notice.objects.filter(key=key).values_list("person_id", flat=True))


def unread_count(viewer: Viewer) -> int:
    return Notice.objects.filter(person_id=viewer.person_id or 0, read_at=None).count()


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    name: str
    is_muted: bool


def channel_choices(viewer: Viewer) -> list[ChannelChoice]:
    """The installation's channels and whether the viewer wants them."""
    muted = set(MutedChannel.objects.filter(person_id=viewer.person_id or 0).values_list("channel", flat=True))
    return [ChannelChoice(channel.name, channel.name in muted) for channel in channels()]


def delivery_counts(training_class: TrainingClass, key: str) -> dict[str, int]:
    """How many deliveries of an occasion are in each state."""
    rows = Delivery.objects.filter(notice__training_class=training_class, notice__key=key).values_list("state")
    return dict(rows.annotate(count=Count("pk")).order_by("state"))
