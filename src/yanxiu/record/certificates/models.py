"""Certificates, and the runs that issue them."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import Enrolment, TrainingClass

__all__ = ["Certificate", "IssueRun"]


class Certificate(models.Model):
    """结业证书. `facts` never change; they hold ids, quantities, times and a salted hash of the name, so that erasing the
    person (blanking `name` and `salt`) breaks neither digest nor signature.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("有效")
        REVOKED = "revoked", _("已撤销")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="certificates")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    serial = models.PositiveIntegerField()  # within the class
    number = models.CharField(max_length=48, unique=True)  # "SMX-2017-00001"
    name = models.CharField(
        max_length=50, blank=True
    )  # as printed; a later correction of the person's name does not reach it
    salt = models.CharField(max_length=32, blank=True)
    facts = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 over the facts
    signature = models.JSONField()  # {"algorithm": "Ed25519", "key_id": …, "value": base64}
    state = models.CharField(max_length=8, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revocation_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "serial"], name="certificate_serial_once"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=models.Q(state="issued"), name="one_valid_certificate"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["training_class", "state"], name="certificate_class_state")]


class IssueRun(models.Model):
    """One order to issue: how far it has come. `failed` says why it stopped, for the class manager."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="issue_runs")
    ordered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    total = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)
