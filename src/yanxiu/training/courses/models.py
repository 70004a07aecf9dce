"""Catalogue and curriculum."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.training.classes.models import TrainingClass

__all__ = ["Course", "CurriculumItem", "Field", "Lecturer", "Lesson"]


class Field(models.Model):
    """A field of the catalogue (党的建设, 学校管理, …)."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)


class Lecturer(models.Model):
    name = models.CharField(max_length=50)
    title = models.CharField(max_length=80, blank=True)


class Course(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    field = models.ForeignKey(Field, models.PROTECT)
    lecturer = models.ForeignKey(Lecturer, models.PROTECT)
    title = models.CharField(max_length=120)


class Lesson(models.Model):
    """One video or reading, or what a session in person teaches. A new file is a new `version`: credit is per lesson version."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("视频")
        READING = "reading", _("阅读")
        IN_PERSON = "in_person", _("面授")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons")
    num = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveIntegerField(default=1)
    duration_ms = models.PositiveBigIntegerField()  # media length; for a reading its nominal minutes

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["course", "num"], name="lesson_num_in_course")]


class CurriculumItem(models.Model):
    """How a class uses a course. Only compulsory and elective enter figures."""

    class Kind(models.TextChoices):
        COMPULSORY = "compulsory", _("必修课")
        ELECTIVE = "elective", _("选修课")
        SELF_STUDY = "self_study", _("自修课")

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="curriculum")
    course = models.ForeignKey(Course, models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    num = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "course"], name="course_once_a_class")
        ]
