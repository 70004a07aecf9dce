"""The window of choosing, and what was chosen."""

from typing import ClassVar

from django.db import models

from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.courses.models import CurriculumItem

__all__ = ["ElectiveChoice", "ElectiveWindow"]


class ElectiveWindow(models.Model):
    """From `opens_on` to the end of `closes_on` in the class's zone; `places` a course, None = as many as come."""

    training_class = models.OneToOneField(TrainingClass, models.PROTECT, related_name="elective_window")
    opens_on = models.DateField()
    closes_on = models.DateField()
    least = models.PositiveSmallIntegerField(default=1)
    most = models.PositiveSmallIntegerField()
    places = models.PositiveIntegerField(null=True)


class ElectiveChoice(models.Model):
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="choices")
    item = models.ForeignKey(CurriculumItem, models.PROTECT, related_name="choices")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["enrolment", "item"], name="chosen_once")]
