"""Writes of announcements; notices to persons are made in `inbox`."""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments, enrolment_of
from yanxiu.training.classes.rules import class_taking_facts, require
from yanxiu.training.notices.inbox.actions import fan_out, notify
from yanxiu.training.notices.inbox.words import Words, say
from yanxiu.training.notices.models import Announcement, AnnouncementReceipt, FanOut
from yanxiu.training.notices.rules import can_announce

__all__ = [
    "draft_announcement",
    "edit_announcement",
    "publish_announcement",
    "read_announcement",
    "remind_unread",
    "tell_of_announcements",
    "withdraw_announcement",
]

_NEWS = timedelta(days=3)


def _cleaned(title: str, body: str) -> dict[str, str]:
    return {"title": line(title, field="title", label=_("标题")), "body": clean_body(body)}


@transaction.atomic
def draft_announcement(actor: Viewer, training_class: TrainingClass, *, title: str, body: str) -> Announcement:
    """A draft, seen by the staff only."""
    require(can_announce, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if actor.person_id is None:
        raise Refused("no_author", _("公告要有署名的发布人。"))
    announcement = Announcement.objects.create(
        training_class=stored, author_id=actor.person_id, **_cleaned(title, body)
    )
    audit.record(
        "draft_announcement", "announcement", announcement.pk, actor_id=actor.person_id, class_id=stored.pk,
        to_state=announcement.state,
    )  # fmt: skip
    return announcement


def _stored(actor: Viewer, announcement: Announcement) -> Announcement:
    stored = (
        Announcement.objects.select_for_update().select_related("training_class").filter(pk=announcement.pk).first()
    )
    if stored is None:
        raise NotVisible
    require(can_announce, actor, stored.training_class)
    return stored


@transaction.atomic
def edit_announcement(actor: Viewer, announcement: Announcement, *, title: str, body: str) -> Announcement:
    """A new text, of a draft or a published one; an edit never counts as another announcement."""
    stored = _stored(actor, announcement)
    class_taking_facts(stored.training_class_id)
    if stored.state == Announcement.State.WITHDRAWN:
        raise Refused("wrong_state", _("公告已撤回，不能再修改；请另起草一则。"))
    for name, value in _cleaned(title, body).items():
        setattr(stored, name, value)
    stored.save(update_fields=["title", "body"])
    audit.record(
        "edit_announcement", "announcement", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id
    )
    return stored


@transaction.atomic
def publish_announcement(actor: Viewer, announcement: Announcement) -> Announcement:
    """Everybody in the class reads it from now on. Publishing twice changes nothing."""
    stored = _stored(actor, announcement)
    class_taking_facts(stored.training_class_id)
    if stored.state == Announcement.State.PUBLISHED:
        return stored
    if stored.state == Announcement.State.WITHDRAWN:
        raise Refused("wrong_state", _("公告已撤回，不能再发布；请另起草一则。"))
    stored.state, stored.published_at = Announcement.State.PUBLISHED, clock.now()
    stored.save(update_fields=["state", "published_at"])
    audit.record(
        "publish_announcement", "announcement", stored.pk, actor_id=actor.person_id,
        class_id=stored.training_class_id, from_state=Announcement.State.DRAFT, to_state=stored.state,
    )  # fmt: skip
    return stored


@transaction.atomic
def withdraw_announcement(actor: Viewer, announcement: Announcement) -> Announcement:
    """撤回. Allowed after the freeze: it then shows as drift."""
    stored = _stored(actor, announcement)
    if stored.state != Announcement.State.PUBLISHED:
        raise Refused("wrong_state", _("只有已发布的公告可以撤回。"))
    stored.state = Announcement.State.WITHDRAWN
    stored.save(update_fields=["state"])
    audit.record(
        "withdraw_announcement", "announcement", stored.pk, actor_id=actor.person_id,
        class_id=stored.training_class_id, from_state=Announcement.State.PUBLISHED, to_state=stored.state,
    )  # fmt: skip
    return stored


@transaction.atomic
def read_announcement(actor: Viewer, announcement: Announcement) -> None:
    """已读 of a learner of the class, the first time only; the staff leaves no receipt."""
    enrolment = enrolment_of(actor, announcement.training_class)
    if enrolment is None or announcement.state != Announcement.State.PUBLISHED:
        return
    AnnouncementReceipt.objects.get_or_create(
        announcement=announcement, person_id=enrolment.person_id, defaults={"read_at": clock.now()}
    )


def _unread(announcement: Announcement) -> list[int]:
    learners = counted_enrolments(announcement.training_class_id)
    read = AnnouncementReceipt.objects.filter(announcement=announcement, person_id=OuterRef("person_id"))
    return list(learners.filter(~Exists(read)).values_list("person_id", flat=True))


def _words(announcement: Announcement, title: str) -> Words:
    title_of = say(title, title=announcement.title)
    return Words(title_of, announcement.body[:200], f"announcements/{announcement.uuid}")


@transaction.atomic
def remind_unread(actor: Viewer, announcement: Announcement) -> int:
    """Remind those who have not opened it, at most once a day; how many were reminded."""
    stored = _stored(actor, announcement)
    if stored.state != Announcement.State.PUBLISHED:
        raise Refused("wrong_state", _("只有已发布的公告可以提醒。"))
    key = f"announcement:{stored.pk}:again:{clock.now():%Y%m%d}"
    made = notify(
        _unread(stored), "reminder", key, _words(stored, gettext_noop("请阅读公告：%(title)s")), stored.training_class
    )
    audit.record(
        "remind_unread", "announcement", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        persons=made,
    )  # fmt: skip
    return made


def tell_of_announcements() -> int:
    """Notices of what was published lately, once an announcement; how many announcements were told of."""
    told = FanOut.objects.filter(
        training_class=OuterRef("training_class"),
        key=Concat(Value("announcement:"), Cast(OuterRef("pk"), CharField())),
    )
    fresh = Announcement.objects.filter(
        ~Exists(told), state=Announcement.State.PUBLISHED, published_at__gt=clock.now() - _NEWS
    ).select_related("training_class")
    count = 0
    for announcement in fresh[:50]:
        persons = counted_enrolments(announcement.training_class_id).values_list("person_id", flat=True)
        words = _words(announcement, gettext_noop("新公告：%(title)s"))
        key = f"announcement:{announcement.pk}"
        if fan_out(announcement.training_class, "announcement", key, words, persons) is not None:
            count += 1
    return count
