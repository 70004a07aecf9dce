"""What a person says about their own data: the privacy notice, corrections, a copy of everything, erasure."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models.who import Organisation, Person

__all__ = ["Correction", "ErasureRequest", "NoticeAnswer", "Takeout"]


class NoticeAnswer(models.Model):
    """What somebody answered to which version of the privacy notice, and when; never changed, never deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notice_answers")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256 of the text shown, both languages
    agreed = models.BooleanField()
    at = models.DateTimeField()


class Correction(models.Model):
    """A change of one's own name, unit or post, waiting for the class manager; the old value stays beside the new."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审核")
        APPROVED = "approved", _("已同意")
        REJECTED = "rejected", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Field(models.TextChoices):
        NAME = "name", _("姓名")
        ORGANISATION = "organisation", _("单位")
        POST_TITLE = "post_title", _("职务")

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=12, choices=Field.choices)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "field"], condition=models.Q(state="asked"), name="one_open_correction"
            )
        ]


class Takeout(models.Model):
    """A copy of everything held about a person: made in the background, fetched once, then deleted."""

    class State(models.TextChoices):
        ASKED = "asked", _("正在准备")
        READY = "ready", _("可以下载")
        FETCHED = "fetched", _("已下载")
        EXPIRED = "expired", _("已过期")
        FAILED = "failed", _("没有做成")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="takeouts")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)


class ErasureRequest(models.Model):
    """Somebody wishes to be forgotten. Not before `due_at`; where a class of theirs is closed, not before it is approved."""

    class State(models.TextChoices):
        ASKED = "asked", _("等待中")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        DONE = "done", _("已注销")

    person = models.ForeignKey(Person, models.PROTECT, related_name="erasures")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    needs_approval = models.BooleanField()
    approved_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(state="asked"), name="one_open_erasure")
        ]
