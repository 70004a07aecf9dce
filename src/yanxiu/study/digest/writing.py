"""What a digest changes: only the rows that differ, found before anybody is made to wait, written in few statements.

A round may be about everybody of a huge class at once (a confirmed sheet, an evening's beats), and while it writes, nobody else
can. So the stored rows are read and compared outside the transaction; inside are a few deletions and insertions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

from yanxiu.core.credit.credit_v3 import ALGORITHM
from yanxiu.core.time import clock
from yanxiu.study.digest.reading import PersonStudy
from yanxiu.study.models import CreditCell, IntegrityFlag, UncountedCell

__all__ = ["Changes", "changes", "strangers"]

MOST_BOUND = 500  # values bound in one statement
BATCH = 1000  # rows put together for one insertion
T = TypeVar("T")
_CELL = ("class_id", "enrolment_id", "person_id", "lesson_id", "lesson_version", "day", "credited_ms", "algorithm")
_UNCOUNTED = ("class_id", "enrolment_id", "person_id", "lesson_id", "day", "reason", "uncounted_ms")
_FLAG = ("class_id", "enrolment_id", "person_id", "kind", "incident", "from_ms", "until_ms", "quantities")


@dataclass
class Changes:
    """Rows to delete and rows to write, by table; `apply` belongs inside the transaction that moves the mark."""

    gone: list[tuple[QuerySet[Any], list[int]]] = field(default_factory=list)
    cells: list[CreditCell] = field(default_factory=list)
    uncounted: list[UncountedCell] = field(default_factory=list)
    flags: list[IntegrityFlag] = field(default_factory=list)

    def apply(self) -> None:
        for rows, ids in self.gone:
            for some in _chunks(ids):
                rows.filter(pk__in=some).delete()
        CreditCell.objects.bulk_create(self.cells, batch_size=BATCH)
        UncountedCell.objects.bulk_create(self.uncounted, batch_size=BATCH)
        IntegrityFlag.objects.bulk_create(
            self.flags,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["person_id", "kind", "incident"],
            update_fields=["class_id", "enrolment_id", "from_ms", "until_ms", "quantities"],
        )


def _chunks(rows: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(rows)
    while some := list(islice(rest, MOST_BOUND)):
        yield some


def _stored(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for pk, *values in rows.order_by("pk").values_list("pk", *columns):
        yield pk, tuple(values)


def _differing(
    stored: Iterable[tuple[int, tuple[Any, ...]]], wanted: Iterable[tuple[Any, ...]]
) -> tuple[list[int], list[tuple[Any, ...]]]:
    """Ids of stored rows nobody wants, and wanted rows nobody stored; a row stored twice is wanted once."""
    left = dict.fromkeys(wanted)
    gone: list[int] = []
    for pk, row in stored:
        if row in left:
            del left[row]
        else:
            gone.append(pk)
    return gone, list(left)


def changes(studies: Mapping[int, PersonStudy]) -> Changes:
    """From what is stored of these persons to what their entries say."""
    found = Changes()
    for some in _chunks(studies):
        mine = [studies[person] for person in some]
        _cells(some, mine, found)
        _uncounted(some, mine, found)
        _flags(some, mine, found)
    return found


def _cells(persons: list[int], studies: list[PersonStudy], into: Changes) -> None:
    stored = _stored(CreditCell.objects.filter(person_id__in=persons), _CELL)
    gone, new = _differing(stored, ((*row, ALGORITHM) for study in studies for row in study.credited))
    into.gone.append((CreditCell.objects.all(), gone))
    into.cells += [CreditCell(**dict(zip(_CELL, row, strict=True))) for row in new]


def _uncounted(persons: list[int], studies: list[PersonStudy], into: Changes) -> None:
    stored = _stored(UncountedCell.objects.filter(person_id__in=persons), _UNCOUNTED)
    gone, new = _differing(stored, (tuple(row) for study in studies for row in study.uncounted))
    into.gone.append((UncountedCell.objects.all(), gone))
    into.uncounted += [UncountedCell(**dict(zip(_UNCOUNTED, row, strict=True))) for row in new]


def _flags(persons: list[int], studies: list[PersonStudy], into: Changes) -> None:
    """One row an incident, whose id and first date stay; a flag that late evidence has explained goes."""
    wanted = {(row.person_id, row.kind, row.incident): tuple(row) for study in studies for row in study.flags}
    gone: list[int] = []
    for pk, row in _stored(IntegrityFlag.objects.filter(person_id__in=persons), _FLAG):
        incident = (row[2], row[3], row[4])
        if incident not in wanted:
            gone.append(pk)
        elif wanted[incident] == row:
            del wanted[incident]
    now = clock.now()
    into.gone.append((IntegrityFlag.objects.all(), gone))
    into.flags += [IntegrityFlag(**dict(zip(_FLAG, row, strict=True)), raised_at=now) for row in wanted.values()]


def strangers(known: Mapping[int, object]) -> dict[int, PersonStudy]:
    """Persons with rows of whom the ledger says nothing: nothing is what they should have."""
    tables: tuple[QuerySet[Any], ...] = (
        CreditCell.objects.all(), UncountedCell.objects.all(), IntegrityFlag.objects.all(),
    )  # fmt: skip
    found = {person for rows in tables for person in rows.order_by().values_list("person_id", flat=True).distinct()}
    return {person: PersonStudy([], [], []) for person in found - known.keys()}
