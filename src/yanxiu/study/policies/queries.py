"""The presets, and which of them a class follows."""

from datetime import datetime

from yanxiu.core.policy import Policy
from yanxiu.core.time import clock
from yanxiu.study.models import ClassPolicy
from yanxiu.study.policies.presets import policies

__all__ = ["DEFAULT", "policies", "policy", "policy_of_class"]

DEFAULT = "standard@1"  # of a class for which nothing was decided


def policy(policy_id: str) -> Policy:
    """The preset of that id; KeyError for one that was never published."""
    return policies()[policy_id]


def policy_of_class(class_id: int, at: datetime | None = None) -> Policy:
    """The policy under which a session of the class opens at an instant (now)."""
    decided = ClassPolicy.objects.filter(class_id=class_id, effective_from__lte=at or clock.now())
    latest = decided.order_by("-effective_from", "-pk").values_list("policy_id", flat=True).first()
    return policy(latest or DEFAULT)
