"""Announcements and who has read them; notices to one person, and what became of sending them out."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Announcement", "AnnouncementReceipt", "Delivery", "FanOut", "MutedChannel", "Notice"]


class Announcement(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="announcements")
    author = models.ForeignKey(Person, models.PROTECT)
    title = models.CharField(max_length=120)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    published_at = models.DateTimeField(null=True)


class AnnouncementReceipt(models.Model):
    """已读: the first time a learner of the class opened the announcement."""

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="receipts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["announcement", "person"], name="receipt_once")]


class Notice(models.Model):
    """A message to one person. `key` names the occasion: the same occasion never makes a second notice.

    `place` is where it leads, below the class's address ("rounds/2"); its kind decides whether it also leaves the house
    (kinds.toml). `said` is what it says as data, worded in the reader's language (inbox.words); `title` and `body` say the
    same in Chinese, and alone where it is empty.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=120)
    body = models.CharField(max_length=300, blank=True)
    said = models.JSONField(default=dict, blank=True)
    place = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes: ClassVar = [models.Index(fields=["person", "read_at"], name="notice_unread")]


class Delivery(models.Model):
    """One notice through one channel. It is claimed before it is sent, so that a crash in between never sends it again."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        CLAIMED = "claimed", _("发送中")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("未送达")
        UNSURE = "unsure", _("不确定是否送达")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()  # moved out of the quiet hours
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once")]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="delivery_due")]


class MutedChannel(models.Model):
    """A person does not want a channel; in-app notices cannot be muted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "channel"], name="muted_once")]


class FanOut(models.Model):
    """An occasion of a class that has been turned into notices: it is not worked out a second time."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    persons = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["training_class", "key"], name="fan_out_once")]
