"""The corpus as fingerprints, and the checks with what they found."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.training.outcomes.models import Outcome, OutcomeVersion

__all__ = ["Fingerprint", "FingerprintBand", "SimilarityCheck", "SimilarityMatch"]


class Fingerprint(models.Model):
    """A piece in the corpus: its newest handed-in version. Rebuildable from the pieces at any time."""

    outcome = models.OneToOneField(Outcome, models.CASCADE)
    version = models.ForeignKey(OutcomeVersion, models.CASCADE)
    algorithm = models.PositiveIntegerField()  # fingerprints of different algorithms are never compared


class FingerprintBand(models.Model):
    """One band of the MinHash signature, as a 63-bit key: equal keys make candidates."""

    fingerprint = models.ForeignKey(Fingerprint, models.CASCADE, related_name="bands")
    key = models.BigIntegerField(db_index=True)


class SimilarityCheck(models.Model):
    """One check of one version: asked for by the author (at most three a draft) or made when the piece was handed in."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("比对中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")

    version = models.ForeignKey(OutcomeVersion, models.CASCADE, related_name="checks")
    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="checks")
    by_author = models.BooleanField()
    round = models.PositiveSmallIntegerField()  # of the author: how often the piece had been returned before
    num = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    per_mille = models.PositiveSmallIntegerField(default=0)
    characters = models.PositiveIntegerField(default=0)  # that took part; quotations did not
    spans = models.JSONField(default=list)  # [start, end] of the version's text that others have too

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["outcome", "by_author", "round", "num"], name="similarity_check_once")
        ]


class SimilarityMatch(models.Model):
    """Another piece that shares passages with the checked version. Never shown to the author of either."""

    similarity_check = models.ForeignKey(SimilarityCheck, models.CASCADE, related_name="matches")
    other = models.ForeignKey(OutcomeVersion, models.CASCADE, related_name="+")
    per_mille = models.PositiveSmallIntegerField()
    runs = models.JSONField()  # [number of the passage, start, end, start there, end there]
