"""What the digest writes: rebuildable at any time from the ledger, which is a file of its own (engines/sqlite)."""

from typing import ClassVar

from django.db import models

__all__ = ["ClassPolicy", "CreditCell", "DigestMark", "UncountedCell"]


class ClassPolicy(models.Model):
    """Which policy preset a class follows from when on; never retroactive (a session pins its policy in its token)."""

    class_id = models.BigIntegerField()
    policy_id = models.CharField(max_length=40)  # "enaea-2017@1"
    effective_from = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["class_id", "effective_from"], name="policy_from_when")
        ]


class CreditCell(models.Model):
    """Credited study of one enrolment in one version of one lesson on one local day, in whole milliseconds."""

    class_id = models.BigIntegerField()
    enrolment_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    lesson_id = models.BigIntegerField()
    lesson_version = models.PositiveIntegerField()
    day = models.DateField()  # in the policy's zone
    credited_ms = models.PositiveBigIntegerField()
    algorithm = models.CharField(max_length=16)  # "credit_v1"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enrolment_id", "lesson_id", "lesson_version", "day"], name="one_cell")
        ]
        indexes: ClassVar = [
            models.Index(fields=["class_id", "lesson_id"], name="cell_class_lesson"),
            models.Index(fields=["person_id"], name="cell_person"),
        ]


class UncountedCell(models.Model):
    """Recorded but not counted, and why: reason is a code of core.credit (replay, parallel, no_contact, after_close …)."""

    class_id = models.BigIntegerField()
    enrolment_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    lesson_id = models.BigIntegerField()
    day = models.DateField()
    reason = models.CharField(max_length=24)
    uncounted_ms = models.PositiveBigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person_id"], name="uncounted_person")]


class DigestMark(models.Model):
    """How far the digest has read (one row, id 1)."""

    position = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64, blank=True)
    digested_at = models.DateTimeField(null=True)
