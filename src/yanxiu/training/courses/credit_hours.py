"""The credit-hour rules of this installation (credit_hours.toml), by id; the arithmetic is in core."""

import tomllib
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from yanxiu.core.rules import credit_hours as core

__all__ = ["credit_hour_rules", "credit_hours", "rules_in_force"]


@cache
def credit_hour_rules() -> dict[str, core.CreditHourRule]:
    """Every version of every rule."""
    file = Path(__file__).with_name("credit_hours.toml")
    return core.read_rules(tomllib.loads(file.read_text(encoding="utf-8")))


def rules_in_force(day: date) -> list[core.CreditHourRule]:
    """The rules a class starting on that day may choose from."""
    return [rule for rule in credit_hour_rules().values() if core.in_force(rule, day)]


def credit_hours(rule_id: str, credited_ms: int, duration_ms: int = 0) -> Fraction:
    """Hours of credited study under a rule, exactly; KeyError for an unknown rule."""
    return core.credit_hours(credit_hour_rules()[rule_id], credited_ms=credited_ms, duration_ms=duration_ms)
