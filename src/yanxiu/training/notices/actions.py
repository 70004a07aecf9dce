"""Writes of announcements."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import class_taking_facts, require
from yanxiu.training.notices.models import Announcement
from yanxiu.training.notices.rules import can_announce

__all__ = ["draft_announcement", "edit_announcement", "publish_announcement", "withdraw_announcement"]


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
