"""Reports and what they froze."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import TrainingClass

__all__ = ["FrozenFigure", "Report"]


class Report(models.Model):
    """A close-out report of a class. A frozen one never changes; a correction is revision n+1 that cites it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        REVIEW = "review", _("待核稿")
        FROZEN = "frozen", _("已冻结")

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="reports")
    revision = models.PositiveSmallIntegerField(default=1)
    corrects = models.ForeignKey("self", models.PROTECT, null=True)
    template = models.CharField(max_length=12)  # "jianbao" (简报) or "gongwen" (公文)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    frontmatter = models.JSONField(default=dict)  # org, number, sign date, 报 送 发 抄送 …
    narrative = models.TextField()  # Markdown with figure placeholders
    note = models.TextField(blank=True)  # reasoned note, e.g. for a rate above 100 %
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    frozen_at = models.DateTimeField(null=True)
    audit_position = models.BigIntegerField(null=True)
    ledger_position = models.BigIntegerField(null=True)
    tree = models.JSONField(null=True)  # the document tree as frozen
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 over tree and figures.json
    signature = models.JSONField(null=True)  # {"algorithm": "Ed25519", "key_id": …, "value": base64}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "revision"], name="report_revision_once")
        ]


class FrozenFigure(models.Model):
    """One figure of a frozen report together with the very rows it was measured over."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    key = models.CharField(max_length=40)
    definition = models.JSONField()
    display = models.CharField(max_length=24)  # exactly the characters printed
    evidence = models.BinaryField()  # zlib of the canonical JSON rows
    evidence_digest = models.CharField(max_length=64)
    evidence_count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "key"], name="frozen_once")]
