"""Discussion rounds, posts, replies."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import TrainingClass

__all__ = ["DiscussionRound", "Post"]


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
    """发帖 (parent is null) or 回帖. `by_learner` is fixed when written: replies of tutors never count."""

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
    characters = models.PositiveIntegerField()  # Chinese count: no white space, no punctuation
    state = models.CharField(max_length=8, choices=State.choices)
    removal_reason = models.CharField(max_length=200, blank=True)
    is_featured = models.BooleanField(default=False)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["round", "state", "author"], name="post_round_state")]
