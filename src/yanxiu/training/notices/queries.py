"""Reads of announcements and of who has read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments, visible_classes
from yanxiu.training.classes.rules import can_manage
from yanxiu.training.notices.models import Announcement, AnnouncementReceipt

__all__ = [
    "AnnouncementRow", "ReaderRow", "announcement_for", "announcements_of", "readers", "receipt_counts", "unread_count",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnnouncementRow:
    announcement_id: int
    uuid: UUID
    title: str
    body: str
    author: str
    state: str
    published_at: datetime | None
    is_read: bool  # by the viewer, a learner


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
    read = AnnouncementReceipt.objects.filter(announcement=OuterRef("pk"), person_id=viewer.person_id or 0)
    return keyset_page(
        _scope(viewer, training_class).select_related("author").annotate(is_read=Exists(read)),
        lambda a: AnnouncementRow(
            a.pk, a.uuid, a.title, a.body, a.author.name, a.state, a.published_at, getattr(a, "is_read", False)
        ),
        forwards=False,
        after=after,
        limit=limit,
    )


def announcement_for(viewer: Viewer, training_class: TrainingClass, uuid: UUID) -> Announcement:
    """The one at that address; NotVisible for drafts of others and anything of another class."""
    found = _scope(viewer, training_class).select_related("author", "training_class").filter(uuid=uuid).first()
    if found is None:
        raise NotVisible
    return found


def receipt_counts(announcement_ids: Iterable[int]) -> dict[int, int]:
    """How many learners who still belong to the class have read each of these."""
    learner = Enrolment.objects.filter(
        training_class=OuterRef("announcement__training_class"), person=OuterRef("person"),
        state=Enrolment.State.REGISTERED,
    )  # fmt: skip
    rows = AnnouncementReceipt.objects.filter(Exists(learner), announcement__in=list(announcement_ids))
    return dict(rows.order_by().values_list("announcement").annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class ReaderRow:
    name: str
    organisation: str
    read_at: datetime | None


def unread_count(announcement: Announcement) -> int:
    """How many learners of the class have not read it."""
    receipt = AnnouncementReceipt.objects.filter(announcement=announcement, person=OuterRef("person"))
    return counted_enrolments(announcement.training_class_id).exclude(Exists(receipt)).count()


def readers(
    announcement: Announcement, *, have_read: bool, after: str | None = None, limit: int = 50
) -> Page[ReaderRow]:
    """The learners of the class who have, or have not, read it, in the order of the roster."""
    receipt = AnnouncementReceipt.objects.filter(announcement=announcement, person=OuterRef("person"))
    learners = counted_enrolments(announcement.training_class_id).annotate(
        has_read=Exists(receipt), when=Subquery(receipt.values("read_at")[:1])
    )
    return keyset_page(
        learners.filter(has_read=have_read).select_related("person__organisation"),
        lambda e: ReaderRow(
            e.person.name, e.person.organisation.name if e.person.organisation else "", getattr(e, "when", None)
        ),
        after=after,
        limit=limit,
    )
