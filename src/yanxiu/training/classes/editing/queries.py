"""A class as its organiser changes it, and who changed it last."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Person
from yanxiu.training.classes.editing.rules import Plan
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Change", "closed_since", "last_change", "plan_of"]

_CHANGES = ("change_class", "pin_scheme", "change_rules")


@dataclass(frozen=True, slots=True)
class Change:
    name: str  # of who made it
    at: datetime


def plan_of(training_class: TrainingClass) -> Plan:
    """What the class says of itself now."""
    c = training_class
    return Plan(c.name, c.short_name, c.session_no, c.starts_on, c.ends_on, c.zone)


def last_change(training_class: TrainingClass) -> Change | None:
    """The newest change of its data, rules or seats."""
    mine = AuditEntry.objects.filter(class_id=training_class.pk, action__in=(*_CHANGES, "allot_quota"))
    found = mine.order_by("-position").values_list("actor_id", "at").first()
    if found is None:
        return None
    name = Person.objects.filter(pk=found[0] or 0).values_list("name", flat=True).first()
    return Change(name or "", found[1])


def closed_since(training_class: TrainingClass) -> datetime | None:
    """When the class came into the state it is in; None where nobody moved it."""
    moves = AuditEntry.objects.filter(object_type="class", object_id=training_class.pk, to_state=training_class.state)
    return moves.order_by("-position").values_list("at", flat=True).first()
