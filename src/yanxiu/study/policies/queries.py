"""The presets, and which of them a class follows."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from yanxiu.core.policy import Policy
from yanxiu.core.time import clock
from yanxiu.study.models import ClassPolicy

__all__ = ["DEFAULT", "policies", "policy", "policy_of_class"]

DEFAULT = "standard@1"  # of a class for which nothing was decided


@cache
def policies() -> Mapping[str, Policy]:
    """Every preset, by id."""
    table = tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
    return {policy_id: Policy(id=policy_id, **_tuples(fields)) for policy_id, fields in table.items()}


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}


def policy(policy_id: str) -> Policy:
    """The preset of that id; KeyError for one that was never published."""
    return policies()[policy_id]


def policy_of_class(class_id: int, at: datetime | None = None) -> Policy:
    """The policy under which a session of the class opens at an instant (now)."""
    decided = ClassPolicy.objects.filter(class_id=class_id, effective_from__lte=at or clock.now())
    latest = decided.order_by("-effective_from", "-pk").values_list("policy_id", flat=True).first()
    return policy(latest or DEFAULT)
