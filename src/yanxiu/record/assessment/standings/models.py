"""Editions of where the learners of a large class stand. Derived: all of it may be deleted at any time."""

from typing import ClassVar

from django.db import models

from yanxiu.training.classes.models import Enrolment, TrainingClass

__all__ = ["Standing", "StandingsEdition"]


class StandingsEdition(models.Model):
    """Everybody of a class as of two positions; `rounds` are the numbers of its rounds, in the order of `Standing.posted`."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()  # of the program that made it
    audit_position = models.BigIntegerField(default=0)
    ledger_position = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)  # when the facts were as they are here
    rounds = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    counted = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField()  # by whoever makes it: long ago and not ready means that nobody does any more
    took_seconds = models.PositiveIntegerField(default=0)
    is_ready = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["training_class"], condition=models.Q(is_ready=False), name="one_edition_at_a_time"
            )
        ]


class Standing(models.Model):
    """One learner in an edition: minutes cut off, `posted` "1" or "0" a round, `points` in millionths (None: a scheme without score)."""

    edition = models.ForeignKey(StandingsEdition, models.CASCADE, related_name="standings", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    compulsory = models.PositiveIntegerField()
    elective = models.PositiveIntegerField()
    posted = models.CharField(max_length=99)  # as many rounds as a class may have
    posts = models.PositiveSmallIntegerField()  # rounds with the posts they ask for
    has_outcome = models.BooleanField()
    exam_best = models.IntegerField(null=True)
    grade = models.CharField(max_length=12)  # of core.rules.assess
    points = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "enrolment"], name="one_standing_an_edition")
        ]
