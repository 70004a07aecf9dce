"""Announcements."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Announcement"]


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
