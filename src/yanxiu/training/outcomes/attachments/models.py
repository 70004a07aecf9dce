"""A file beside an outcome."""

from django.db import models

from yanxiu.training.outcomes.models import Outcome

__all__ = ["Attachment"]


class Attachment(models.Model):
    """附件. The bytes are in the data directory under their SHA-256, once however many pieces carry them."""

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8)  # key of tasks.kinds.KINDS
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_at = models.DateTimeField()
