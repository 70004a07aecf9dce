"""The audit entry: every change of state of anything, in one hash-chained, append-only log; and which of them nobody has
been told of yet.
"""

from typing import ClassVar

from django.db import models

__all__ = ["AuditEntry", "Untold"]


class AuditEntry(models.Model):
    """Who did what to which object, from which state to which, when.

    `position` is the number of the fact in the Django database: "as of position P" means every state change up to P. The
    log is also the state history of posts, comments, enrolments, outcomes, … No personal value is ever written here, only
    ids, states, quantities and times, so that erasing a person breaks no chain.
    """

    position = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # people.Person id; null = the system itself
    action = models.CharField(max_length=64)  # verb of the action: "enrol_learner"
    object_type = models.CharField(max_length=32)  # "enrolment", "post", …
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24, blank=True)
    class_id = models.BigIntegerField(null=True)  # training class, where there is one
    details = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id", "position"], name="audit_object"),
            models.Index(fields=["class_id", "position"], name="audit_class"),
            models.Index(fields=["action", "position"], name="audit_action"),
            models.Index(fields=["actor_id", "position"], name="audit_actor"),
        ]


class Untold(models.Model):
    """A deed somebody is still to be told of: written with its audit entry, gone once they are (kit.telling)."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)  # that failed
    due_at = models.DateTimeField()
