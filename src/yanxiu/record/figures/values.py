"""Values of the figures and the rows under them: one statement a source, tallied by the database, in one snapshot."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import QuerySet

from yanxiu.core.evidence import EvidenceRow, canonical, canonical_lines
from yanxiu.core.figures import FigureDefinition, FigureValue, Tally, figure, figure_of_rows, tally
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.figures.profiles import definitions
from yanxiu.record.figures.sources import PARTS, AsOf, Scope, rows_of, source
from yanxiu.record.figures.sql import Statement, run, statement
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.discussion.models import DiscussionRound

__all__ = ["AsOf", "Measured", "evidence", "figure_values", "measured", "profile_of"]

_USING = "snapshot"  # the alias every read of a snapshot goes through


@dataclass(frozen=True)
class Measured:
    """A figure together with the canonical form of the very rows it was measured over."""

    value: FigureValue
    canonical: bytes


@dataclass(frozen=True)
class _Part:
    """One source, tallied and put together by the database in one statement."""

    tally: Tally
    lines: str  # canonical lines without their opening part


def profile_of(class_: TrainingClass) -> Mapping[str, FigureDefinition]:
    """The fifteen definitions the class is reported by, in printed order."""
    return definitions(class_.figure_profile)


def evidence(class_: TrainingClass, key: str, *, as_of: AsOf | None = None) -> list[EvidenceRow]:
    """Every row under a figure. KeyError for an unknown figure."""
    with snapshot():
        return rows_of(Scope(class_, as_of), key)


def figure_values(class_: TrainingClass, *, as_of: AsOf | None = None) -> dict[str, FigureValue]:
    """All figures of the class, in printed order, from one state of the database."""
    return {key: each.value for key, each in measured(class_, as_of=as_of).items()}


def measured(class_: TrainingClass, *, as_of: AsOf | None = None) -> dict[str, Measured]:
    """All figures with the rows they were measured over: what a freeze stores."""
    with snapshot():
        scope, known = Scope(class_, as_of), profile_of(class_)
        distinct = {name for d in known.values() if d.measure == "count_distinct" for name in PARTS[d.key][0]}
        parts: dict[str, _Part] = {}
        return {key: _measure(scope, each, parts, distinct) for key, each in known.items()}


def _measure(scope: Scope, wanted: FigureDefinition, parts: dict[str, _Part], distinct: set[str]) -> Measured:
    if wanted.rounding_stage == "per_row":
        rows = rows_of(scope, wanted.key)
        return Measured(figure_of_rows(wanted, rows), canonical(rows))
    over_names, under_names = PARTS[wanted.key]
    for name in (*over_names, *under_names):
        if name not in parts:
            parts[name] = _part(scope, name, distinct=name in distinct)
    body = canonical_lines(
        [("numerator", parts[name].lines) for name in over_names]
        + [("denominator", parts[name].lines) for name in under_names]
    )
    value = figure(
        wanted,
        [parts[name].tally for name in over_names],
        [parts[name].tally for name in under_names],
        evidence_digest=hashlib.sha256(body).hexdigest(),
    )
    return Measured(value, body)


def _part(scope: Scope, name: str, *, distinct: bool) -> _Part:
    if scope.as_of is None:
        return _Part(*run(_statement(_shape(scope), name, distinct=distinct), _USING))
    rows = source(scope, name)
    if isinstance(rows, tuple):
        opening = len('["numerator",')
        return _Part(tally(rows), "\n".join(line[opening:] for line in canonical(rows).decode().splitlines()))
    return _Part(*run(statement(rows, distinct=distinct), _USING))


@dataclass(frozen=True)
class _Shape:
    """All that the statements of a class depend on."""

    class_id: int
    starts_on: date
    ends_on: date
    zone: str
    rounds: tuple[tuple[int, date, date], ...]


def _shape(scope: Scope) -> _Shape:
    class_ = scope.training_class
    rounds = tuple((each.pk, each.opens_on, each.closes_on) for each in scope.rounds())
    return _Shape(class_.pk, class_.starts_on, class_.ends_on, class_.zone, rounds)


@lru_cache(maxsize=2048)
def _statement(shape: _Shape, name: str, *, distinct: bool) -> Statement | None:
    """The SQL of a source, kept: for a class of a hundred, building it takes longer than running it."""
    class_ = TrainingClass(pk=shape.class_id, starts_on=shape.starts_on, ends_on=shape.ends_on, zone=shape.zone)
    rounds = [DiscussionRound(pk=pk, opens_on=opens, closes_on=closes) for pk, opens, closes in shape.rounds]
    rows = source(Scope(class_, known_rounds=rounds), name)
    assert isinstance(rows, QuerySet)
    return statement(rows, distinct=distinct)
