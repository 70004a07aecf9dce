"""Outcomes with versions and comments; thought reports."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import Enrolment

__all__ = ["Outcome", "OutcomeComment", "OutcomeVersion", "ThoughtReport", "WorkingCopy", "WritingState"]


class WritingState(models.TextChoices):
    """States of a piece of writing handed in."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    RETURNED = "returned", _("已退回")
    RESUBMITTED = "resubmitted", _("已重新提交")
    ACCEPTED = "accepted", _("已认定")
    WITHDRAWN = "withdrawn", _("已撤回")


class Outcome(models.Model):
    """研修成果 or 学习心得, commentable by the class. `submitted_at` is the first submission since it was last a draft."""

    class Kind(models.TextChoices):
        OUTCOME = "outcome", _("研修成果")
        REFLECTION = "reflection", _("学习心得")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OUTCOME)
    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=WritingState.choices, default=WritingState.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)  # 0…100 once marked
    note = models.CharField(max_length=200, blank=True)  # why it was returned or withdrawn
    taken_back = models.BooleanField(default=False)  # withdrawn by the author, who may write on
    quotable = models.BooleanField(default=False)  # the author lets reports quote it; given and taken back at any time

    class Meta:
        indexes: ClassVar = [models.Index(fields=["enrolment", "kind", "state"], name="outcome_of_enrolment")]


class OutcomeVersion(models.Model):
    """One text of an outcome; never changed once written. `html` is its form, empty where it is plain paragraphs."""

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="versions")
    num = models.PositiveSmallIntegerField()
    body = models.TextField()
    html = models.TextField(blank=True, default="")
    characters = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["outcome", "num"], name="version_num_in_outcome")]


class WorkingCopy(models.Model):
    """The text being written, saved at every pause. One is the main one; another page that wrote on an older state of it
    gets a side copy of its own, so that neither overwrites the other.
    """

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="copies")
    is_main = models.BooleanField(default=True)
    page = models.CharField(max_length=40)  # the open page that wrote last
    edition = models.PositiveIntegerField(default=0)  # rises with every save
    title = models.CharField(max_length=120, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome"], condition=Q(is_main=True), name="one_main_copy"),
            models.UniqueConstraint(
                fields=["outcome", "page"], condition=Q(is_main=False), name="one_side_copy_a_page"
            ),
        ]


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
    token = models.CharField(max_length=40, blank=True, default="")  # of the form it was sent with: twice is once

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outcome", "author", "token"], condition=~Q(token=""), name="comment_once_a_form"
            )
        ]


class ThoughtReport(models.Model):
    """思想汇报: seen by its author, the class manager and the tutor only; never searchable, never in a corpus."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="thought_reports")
    title = models.CharField(max_length=120)
    body = models.TextField()
    html = models.TextField(blank=True, default="")
    characters = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=WritingState.choices, default=WritingState.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)  # why it was returned, or what its reader wrote
    page = models.CharField(max_length=40, blank=True, default="")  # the open page that wrote last
    edition = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
