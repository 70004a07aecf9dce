"""An assessment scheme (考核方案) as data: items that earn points, gates that must hold, how grades follow."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from typing import Any

__all__ = ["BadScheme", "Band", "Excellent", "Gate", "Item", "Scheme", "parse"]

Amount = int | str  # a number, or the name of a parameter of the class ("rounds", "sessions", …)
MEASURES = {"sum", "count", "best", "stages", "courses", "required_courses"}
PICKS = {"sum", "best", "last"}
COURSE_RULES = {"time", "exam", "time_and_exam"}


class BadScheme(ValueError):
    """The data of a scheme cannot be understood; the message names the place."""


@dataclass(frozen=True)
class _Taking:
    """What both items and gates say about which facts they take.

    `deadline` is an instant in ms since 1970 UTC or the name of a parameter holding one; from it on a fact counts
    `late_factor` times (0: not at all). Facts of the make-up window count only where `makeup` says so.
    """

    key: str
    label_zh: str
    metrics: tuple[str, ...] = ()
    min_characters: int = 0
    max_characters: int | None = None
    max_attempts: int | None = None
    deadline: Amount | None = None
    late_factor: Fraction = Fraction(0)
    makeup: bool = False
    label_en: str = ""


@dataclass(frozen=True)
class Item(_Taking):
    """Points of an item: per fact quantity ÷ unit × unit_score (+ bonus), then caps per day, stage and in all, × weight.

    `pick`: "sum" adds the facts up, "best" and "last" take one of them (resits). `resit_cap` bounds the points of any
    attempt after the first, `makeup_cap` those of a fact in the make-up window. `unit_zh` as for a gate.
    """

    unit: Amount = 1
    unit_score: Fraction = Fraction(1)
    weight: Fraction = Fraction(1)
    pick: str = "sum"
    featured_bonus: Fraction = Fraction(0)
    cap_per_day: Fraction | None = None
    cap_per_stage: Fraction | None = None
    cap_total: Fraction | None = None
    resit_cap: Fraction | None = None
    makeup_cap: Fraction | None = None
    unit_zh: str = ""


@dataclass(frozen=True)
class Gate(_Taking):
    """A condition that must hold whatever the score. `unit_zh` says what is counted ("分钟" shows ms as minutes)."""

    measure: str = "count"
    at_least: Amount | None = None
    at_most: Amount | None = None
    per_stage: int = 1
    unit_zh: str = "次"


@dataclass(frozen=True)
class Band:
    """A grade by score, e.g. 良好 from 80."""

    key: str
    label_zh: str
    at_least: Fraction


@dataclass(frozen=True)
class Excellent:
    """An award among those who passed: a floor and a quota of the roster (ratio or head count), perhaps by nomination."""

    floor: Fraction
    quota_ratio: Fraction | None = None
    quota_count: int | None = None
    nominated: bool = False


@dataclass(frozen=True)
class Scheme:
    """`id` with version ("seed-2017@1"). `pass_score` None: gates alone decide. Dates are ISO texts, `source` where seen.

    `exam_after`: keys of gates that must be met before the examination opens to a learner.
    """

    id: str
    label_zh: str
    effective_from: str
    source: str
    label_en: str = ""
    effective_to: str = ""
    items: tuple[Item, ...] = ()
    gates: tuple[Gate, ...] = ()
    bands: tuple[Band, ...] = ()
    pass_score: Fraction | None = None
    course_rule: str = "time"
    course_pass_score: int = 60
    excellent: Excellent | None = None
    exam_after: tuple[str, ...] = ()
    params: Mapping[str, int] = field(default_factory=dict)


def _build(kind: type[Any], data: Mapping[str, Any], place: str) -> Any:
    known = {f.name: f for f in fields(kind)}
    if strange := data.keys() - known.keys():
        raise BadScheme(f"{place}：不认识 {'、'.join(sorted(strange))}")
    values: dict[str, Any] = {}
    for name, value in data.items():
        wants_fraction = "Fraction" in str(known[name].type)
        if wants_fraction and isinstance(value, int):
            values[name] = Fraction(value)
        else:
            values[name] = tuple(value) if isinstance(value, list) else value
    try:
        return kind(**values)
    except TypeError as error:
        raise BadScheme(f"{place}：{error}") from None


def parse(text: str) -> Scheme:
    """A scheme from TOML. BadScheme names what is wrong and where."""
    data: dict[str, Any] = tomllib.loads(text, parse_float=Fraction)
    items = tuple(_build(Item, each, f"item {n}") for n, each in enumerate(data.pop("item", []), 1))
    gates = tuple(_build(Gate, each, f"gate {n}") for n, each in enumerate(data.pop("gate", []), 1))
    bands = tuple(_build(Band, each, f"band {n}") for n, each in enumerate(data.pop("band", []), 1))
    award = data.pop("excellent", None)
    excellent = None if award is None else _build(Excellent, award, "excellent")
    rest = {"items": items, "gates": gates, "bands": bands, "excellent": excellent}
    scheme: Scheme = _build(Scheme, data | rest, "scheme")
    _check(scheme)
    return scheme


def _check(scheme: Scheme) -> None:
    keys = [each.key for each in (*scheme.items, *scheme.gates)]
    if len(set(keys)) != len(keys):
        raise BadScheme("item 与 gate 的 key 不能重复")
    for item in scheme.items:
        if item.pick not in PICKS or not item.metrics:
            raise BadScheme(f"item {item.key}：pick 或 metrics 不对")
    for gate in scheme.gates:
        if gate.measure not in MEASURES:
            raise BadScheme(f"gate {gate.key}：不认识 measure {gate.measure}")
        if gate.at_least is None and gate.at_most is None and gate.measure != "required_courses":
            raise BadScheme(f"gate {gate.key}：缺 at_least 或 at_most")
    if scheme.course_rule not in COURSE_RULES:
        raise BadScheme(f"course_rule 不对：{scheme.course_rule}")
    if strange := set(scheme.exam_after) - {gate.key for gate in scheme.gates}:
        raise BadScheme(f"exam_after：没有 gate {'、'.join(sorted(strange))}")
    if scheme.pass_score is not None and not scheme.items:
        raise BadScheme("有 pass_score 就要有 item")
