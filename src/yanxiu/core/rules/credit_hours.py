"""Credit hours (学时) from study: what an hour is worth is a rule with a version and dates, never a constant. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

__all__ = ["CreditHourBand", "CreditHourRule", "credit_hours", "in_force", "read_rules"]

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class CreditHourBand:
    """A finished lesson of at least (or, with `longer_than`, more than) so many minutes is worth so many hours."""

    minutes: int
    hours: Fraction
    longer_than: bool = False


@dataclass(frozen=True, slots=True)
class CreditHourRule:
    """`kind`: "minutes" (credited time ÷ minutes_an_hour), "bands" (by length of a finished lesson) or "in_person"."""

    rule_id: str  # "minutes-45@1"
    kind: str
    label_zh: str
    article: str
    source_url: str
    effective_from: date | None
    effective_to: date | None  # the last day; None = still in force
    minutes_an_hour: int = 0
    step: Fraction = Fraction(1, 10)  # hours come in whole multiples of this, cut off, never rounded up
    bands: tuple[CreditHourBand, ...] = ()
    hours_a_test: Fraction = Fraction(0)
    hours_a_day: int = 0
    hours_a_half_day: int = 0


def _rule(row: Mapping[str, Any]) -> CreditHourRule:
    fractions = {name: Fraction(row[name]) for name in ("step", "hours_a_test") if name in row}
    bands = tuple(
        CreditHourBand(band["minutes"], Fraction(band["hours"]), band.get("longer_than", False))
        for band in row.get("bands", ())
    )
    dates = {name: row.get(name) for name in ("effective_from", "effective_to")}
    return CreditHourRule(**{**row, **dates, **fractions, "bands": bands})


def read_rules(table: Mapping[str, Any]) -> dict[str, CreditHourRule]:
    """The rules of a parsed TOML file by id; a second one of the same id is an error of the file."""
    rules = [_rule(row) for row in table["rule"]]
    if len({rule.rule_id for rule in rules}) != len(rules):
        raise ValueError("a credit-hour rule_id appears twice")
    return {rule.rule_id: rule for rule in rules}


def in_force(rule: CreditHourRule, day: date) -> bool:
    """Does the rule hold on that day?"""
    return (rule.effective_from is None or rule.effective_from <= day) and (
        rule.effective_to is None or day <= rule.effective_to
    )


def _banded(bands: Sequence[CreditHourBand], duration_ms: int) -> Fraction:
    reached = [
        band.hours
        for band in bands
        if duration_ms > band.minutes * MINUTE_MS or (duration_ms == band.minutes * MINUTE_MS and not band.longer_than)
    ]
    return max(reached, default=Fraction(0))


def credit_hours(
    rule: CreditHourRule,
    *,
    credited_ms: int = 0,
    duration_ms: int = 0,
    tests: int = 0,
    half_days: int = 0,
    hours: int = 0,
) -> Fraction:
    """Hours one lesson (or, for "minutes", any sum of credited time; for "in_person", an attendance) is worth.

    A rule by bands gives nothing for a lesson that is not finished: credited at least its length. In person, whole days
    come as two half days; single `hours` count one each, at most a day's.
    """
    if rule.kind == "minutes":
        exact = Fraction(credited_ms, rule.minutes_an_hour * MINUTE_MS)
        return exact // rule.step * rule.step
    if rule.kind == "bands":
        is_finished = duration_ms > 0 and credited_ms >= duration_ms
        return (_banded(rule.bands, duration_ms) if is_finished else Fraction(0)) + tests * rule.hours_a_test
    days, rest = divmod(half_days, 2)
    return Fraction(days * rule.hours_a_day + rest * rule.hours_a_half_day + min(hours, rule.hours_a_day))
