"""Reads of announcements."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_manage
from yanxiu.training.notices.models import Announcement

__all__ = ["AnnouncementRow", "announcements_of"]


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    announcement_id: int
    title: str
    body: str
    author: str
    state: str
    published_at: datetime | None


def _scope(viewer: Viewer, training_class: TrainingClass) -> QuerySet[Announcement]:
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    announcements = Announcement.objects.filter(training_class=training_class)
    if can_manage(viewer, training_class):
        return announcements
    return announcements.filter(state=Announcement.State.PUBLISHED)


def announcements_of(
    viewer: Viewer, training_class: TrainingClass, *, after: str | None = None, limit: int = 50
) -> Page[AnnouncementRow]:
    """Newest first; drafts and withdrawn ones for the managers only."""
    return keyset_page(
        _scope(viewer, training_class).select_related("author"),
        lambda a: AnnouncementRow(a.pk, a.title, a.body, a.author.name, a.state, a.published_at),
        forwards=False,
        after=after,
        limit=limit,
    )
