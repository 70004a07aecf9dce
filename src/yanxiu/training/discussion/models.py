"""Discussion rounds, posts, replies."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import TrainingClass

__all__ = ["DiscussionRound", "Post", "PostReport", "PostVersion"]


class DiscussionRound(models.Model):
    """轮次: one dated round of themed discussion; the window includes the whole last day in the class's zone."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="rounds")
    num = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=120)
    background = models.TextField(blank=True)
    opens_on = models.DateField()
    closes_on = models.DateField()
    required_posts = models.PositiveSmallIntegerField(default=1)
    min_characters = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["training_class", "num"], name="round_num_in_class")]


class Post(models.Model):
    """发帖 (parent is null) or 回帖. `by_learner` is fixed when written: replies of tutors never count.

    `body` is the text, which alone is counted; `html` its form, empty where it is paragraphs only. `token` names one
    writing: sent twice, it is still one post. A quotation keeps the words quoted, whatever becomes of the quoted post's.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        VISIBLE = "visible", _("已发布")
        REMOVED = "removed", _("已删除")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(DiscussionRound, models.PROTECT, related_name="posts")
    author = models.ForeignKey(Person, models.PROTECT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    by_learner = models.BooleanField()
    body = models.TextField()
    html = models.TextField(blank=True, default="")
    characters = models.PositiveIntegerField()  # Chinese count: no white space, no punctuation
    state = models.CharField(max_length=8, choices=State.choices)
    removal_reason = models.CharField(max_length=200, blank=True)
    is_featured = models.BooleanField(default=False)
    removed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)  # of a draft
    edits = models.PositiveSmallIntegerField(default=0)
    quoted = models.ForeignKey("self", models.PROTECT, null=True, related_name="quotations")
    quoted_words = models.CharField(max_length=200, blank=True, default="")
    token = models.UUIDField(null=True)
    quotable = models.BooleanField(default=False)  # the author lets reports quote it: discussion.consent

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["round", "state", "author"], name="post_round_state"),
            models.Index(fields=["round", "parent", "posted_at"], name="post_thread"),
            models.Index(fields=["author", "round", "parent", "posted_at"], name="post_own"),
            models.Index(
                fields=["round", "parent", "posted_at"], name="post_featured", condition=models.Q(is_featured=True)
            ),
            models.Index(
                fields=["round", "state", "parent"], name="post_by_staff", condition=models.Q(by_learner=False)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["author", "token"], name="one_post_a_token"),
        ]


class PostVersion(models.Model):
    """What a published post said before it was changed; num 1 is what was first published."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="versions")
    num = models.PositiveSmallIntegerField()
    body = models.TextField()
    html = models.TextField(blank=True)
    characters = models.PositiveIntegerField()
    replaced_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "num"], name="post_version_num")]


class PostReport(models.Model):
    """举报: one a person and post, answered by the class's tutor or manager."""

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        UPHELD = "upheld", _("已删帖")
        DISMISSED = "dismissed", _("未支持")

    post = models.ForeignKey(Post, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reported_at = models.DateTimeField()
    answer = models.CharField(max_length=200, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["post", "reporter"], name="one_report_a_person")]
