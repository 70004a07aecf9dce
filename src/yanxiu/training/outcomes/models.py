"""Outcomes with versions and comments; thought reports."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import Enrolment

__all__ = ["Outcome", "OutcomeComment", "OutcomeVersion", "ThoughtReport", "WritingState"]


class WritingState(models.TextChoices):
    """States of a piece of writing handed in."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("已退回")
    RESUBMITTED = "resubmitted", _("已重新提交")
    ACCEPTED = "accepted", _("已认定")
    WITHDRAWN = "withdrawn", _("已撤回")


class Outcome(models.Model):
    """研修成果: the required end product, commentable by the class. `submitted_at` is the first submission."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="outcomes")
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=WritingState.choices, default=WritingState.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)  # 0…100 once marked
    note = models.CharField(max_length=200, blank=True)  # why it was returned or withdrawn


class OutcomeVersion(models.Model):
    """One text of an outcome; never changed once written."""

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="versions")
    num = models.PositiveSmallIntegerField()
    body = models.TextField()
    characters = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["outcome", "num"], name="version_num_in_outcome")]


class OutcomeComment(models.Model):
    class Kind(models.TextChoices):
        PEER = "peer", _("学员评论")
        EXPERT = "expert", _("专家点评")

    class State(models.TextChoices):
        VISIBLE = "visible", _("已发布")
        REMOVED = "removed", _("已删除")

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="comments")
    author = models.ForeignKey(Person, models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.VISIBLE)
    posted_at = models.DateTimeField()
    removal_reason = models.CharField(max_length=200, blank=True)


class ThoughtReport(models.Model):
    """思想汇报: seen by its author, the class manager and the tutor only; never searchable, never in a corpus."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="thought_reports")
    title = models.CharField(max_length=120)
    body = models.TextField()
    characters = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=WritingState.choices, default=WritingState.DRAFT)
    submitted_at = models.DateTimeField(null=True)
