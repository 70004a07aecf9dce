"""What the digest writes, rebuildable at any time from the ledger, which is a file of its own (engines/sqlite); and appeals."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Appeal", "ClassPolicy", "CreditCell", "DigestMark", "IntegrityFlag", "UncountedCell"]


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
            # all that the totals of a class need, without reading the rows
            models.Index(fields=["class_id", "lesson_id", "enrolment_id", "credited_ms"], name="cell_class_total"),
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


class IntegrityFlag(models.Model):
    """What somebody should look at in a learner's records; computed by the digest, one row an incident. It changes no verdict."""

    class_id = models.BigIntegerField()
    enrolment_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=16)  # a kind of core.credit.flags_v1
    incident = models.CharField(max_length=64)  # the same however often it is computed
    from_ms = models.BigIntegerField()
    until_ms = models.BigIntegerField()
    quantities = models.JSONField(default=dict)  # whole numbers its words need
    raised_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id", "kind", "incident"], name="one_flag_an_incident")
        ]
        indexes: ClassVar = [
            models.Index(fields=["class_id", "from_ms"], name="flag_class"),
            models.Index(fields=["enrolment_id"], name="flag_enrolment"),
        ]


class Appeal(models.Model):
    """A learner asks to have a span counted that was not: one reason, in one lesson, on one day.

    Upheld by two members of staff, one after the other: then the ledger has a correction of its own (`position`).
    """

    class State(models.TextChoices):
        OPEN = "open", _("待处理")
        PROPOSED = "proposed", _("待复核")
        UPHELD = "upheld", _("已同意")
        REJECTED = "rejected", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    class_id = models.BigIntegerField()
    enrolment_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    lesson_id = models.BigIntegerField()
    day = models.DateField()
    reason = models.CharField(max_length=24)
    uncounted_ms = models.PositiveBigIntegerField()  # when it was made
    text = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    decided_by = models.BigIntegerField(null=True)  # person ids
    second = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["enrolment_id", "lesson_id", "day", "reason"],
                condition=models.Q(state__in=["open", "proposed", "upheld"]),
                name="one_appeal_at_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["class_id", "state", "id"], name="appeal_class")]
