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

__all__ = ["AsOf", "Measured", "evidence", "figure_value", "figure_values", "measured", "profile_of", "shown_values"]

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


def shown_values(class_: TrainingClass) -> dict[str, FigureValue]:
    """All figures as a page shows them: tallied over the same rows by the same statements, but the rows are not put together
    and have no digest ("").
    """
    with snapshot():
        tallies = _Tallies(Scope(class_), profile_of(class_), lines=False)
        return {key: _measure(tallies, each).value for key, each in profile_of(class_).items()}


def figure_value(class_: TrainingClass, key: str, *, most: int) -> FigureValue:
    """One figure; its evidence has a digest where it is at most that many rows, else "". KeyError for an unknown figure."""
    with snapshot():
        wanted = profile_of(class_)[key]
        shown = _measure(_Tallies(Scope(class_), {key: wanted}, lines=False), wanted).value
        if shown.evidence_count > most:
            return shown
        return _measure(_Tallies(Scope(class_), {key: wanted}, lines=True), wanted).value


def measured(class_: TrainingClass, *, as_of: AsOf | None = None) -> dict[str, Measured]:
    """All figures with the rows they were measured over: what a freeze stores."""
    with snapshot():
        tallies = _Tallies(Scope(class_, as_of), profile_of(class_), lines=True)
        return {key: _measure(tallies, each) for key, each in profile_of(class_).items()}


class _Tallies:
    """The sources of some figures, each asked once; with the lines of their rows where a digest is wanted."""

    def __init__(self, scope: Scope, known: Mapping[str, FigureDefinition], *, lines: bool) -> None:
        self.scope, self.lines = scope, lines
        self._distinct = {name for d in known.values() if d.measure == "count_distinct" for name in PARTS[d.key][0]}
        self._parts: dict[str, _Part] = {}

    def of(self, name: str) -> _Part:
        if name not in self._parts:
            self._parts[name] = _part(self.scope, name, distinct=name in self._distinct, lines=self.lines)
        return self._parts[name]


def _measure(tallies: _Tallies, wanted: FigureDefinition) -> Measured:
    if wanted.rounding_stage == "per_row":
        rows = rows_of(tallies.scope, wanted.key)
        return Measured(figure_of_rows(wanted, rows), canonical(rows))
    over, under = ([tallies.of(name) for name in names] for names in PARTS[wanted.key])
    body = b""
    if tallies.lines:
        body = canonical_lines([("numerator", p.lines) for p in over] + [("denominator", p.lines) for p in under])
    seal = hashlib.sha256(body).hexdigest() if tallies.lines else ""
    return Measured(figure(wanted, [p.tally for p in over], [p.tally for p in under], evidence_digest=seal), body)


def _part(scope: Scope, name: str, *, distinct: bool, lines: bool) -> _Part:
    if scope.as_of is None:
        return _Part(*run(_statement(_shape(scope), name, distinct=distinct, lines=lines), _USING))
    rows = source(scope, name)
    if isinstance(rows, tuple):
        opening = len('["numerator",')
        return _Part(tally(rows), "\n".join(line[opening:] for line in canonical(rows).decode().splitlines()))
    return _Part(*run(statement(rows, distinct=distinct, lines=lines), _USING))


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
def _statement(shape: _Shape, name: str, *, distinct: bool, lines: bool) -> Statement | None:
    """The SQL of a source, kept: for a class of a hundred, building it takes longer than running it."""
    class_ = TrainingClass(pk=shape.class_id, starts_on=shape.starts_on, ends_on=shape.ends_on, zone=shape.zone)
    rounds = [DiscussionRound(pk=pk, opens_on=opens, closes_on=closes) for pk, opens, closes in shape.rounds]
    rows = source(Scope(class_, known_rounds=rounds), name)
    assert isinstance(rows, QuerySet)
    return statement(rows, distinct=distinct, lines=lines)
