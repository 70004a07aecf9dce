"""Changes of the rules a class is judged by, kept with their reason."""

from django.db import models

from yanxiu.people.models import Person
from yanxiu.training.classes.models import TrainingClass

__all__ = ["RuleChange"]


class RuleChange(models.Model):
    """One confirmed change of scheme or policy; never changed. `moved`: learners whose verdict or score it changed then."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    scheme_before = models.CharField(max_length=40)
    scheme_after = models.CharField(max_length=40)
    policy_before = models.CharField(max_length=40)
    policy_after = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)
    learners = models.PositiveIntegerField()
    moved = models.PositiveIntegerField()
