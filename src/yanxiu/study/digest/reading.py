"""From the ledger's entries of one person to their credit. Reads no credit row: the ledger is the only source."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from yanxiu.core.credit.traces import CountingWindow
from yanxiu.study.digest.gathering import Gathered
from yanxiu.study.digest.ports import enrolment_windows
from yanxiu.study.ports import Ledger

__all__ = ["CreditRow", "FlagRow", "PersonStudy", "UncountedRow", "Windows", "person_study"]

FEW = 500  # persons named in one statement


class CreditRow(NamedTuple):
    """One credit cell, as in study.models.CreditCell."""

    class_id: int
    enrolment_id: int
    person_id: int
    lesson_id: int
    lesson_version: int
    day: date
    credited_ms: int


class UncountedRow(NamedTuple):
    """One uncounted cell, as in study.models.UncountedCell."""

    class_id: int
    enrolment_id: int
    person_id: int
    lesson_id: int
    day: date
    reason: str
    uncounted_ms: int


class FlagRow(NamedTuple):
    """One flag, as in study.models.IntegrityFlag."""

    class_id: int
    enrolment_id: int
    person_id: int
    kind: str
    incident: str
    from_ms: int
    until_ms: int
    quantities: dict[str, int]


class PersonStudy(NamedTuple):
    """The rows of one person."""

    credited: list[CreditRow]
    uncounted: list[UncountedRow]
    flags: list[FlagRow]


class Windows:
    """Counting windows of classes, each class asked once: for these persons where they are few, else for everybody."""

    def __init__(self, persons: Sequence[int] = ()) -> None:
        self._persons = persons if 0 < len(persons) <= FEW else None
        self._of_class: dict[int, dict[int, CountingWindow]] = {}

    def of(self, class_ids: Iterable[int]) -> Mapping[int, CountingWindow]:
        """By enrolment id, for all these classes: a view, as one person's study asks for a handful of a huge class's."""
        asked = list(class_ids)
        for class_id in asked:
            if class_id not in self._of_class:
                self._of_class[class_id] = {
                    w.enrolment_id: CountingWindow(w.counts_from_ms, w.counts_until_ms)
                    for w in enrolment_windows(class_id, self._persons)
                }
        return ChainMap(*(self._of_class[class_id] for class_id in asked))


def person_study(ledger: Ledger, person_id: int, up_to: int, windows: Windows, *, flagged: bool = True) -> PersonStudy:
    """What one person has studied, recomputed from every entry up to a position; flags where they are wanted."""
    gathered = Gathered()
    for entry in ledger.of_person(person_id, up_to):
        gathered.take(entry)
    misses, class_of = gathered.missed(), gathered.classes()
    credit = gathered.credit(windows.of(sorted(set(class_of.values()))), misses)
    credited = [
        CreditRow(class_of[enrolment], enrolment, person_id, lesson, version, day, ms)
        for (enrolment, lesson, version, day), ms in sorted(credit.cells.items())
    ]
    uncounted = [
        UncountedRow(class_of[enrolment], enrolment, person_id, lesson, day, reason, ms)
        for (enrolment, lesson, day, reason), ms in sorted(credit.uncounted.items())
    ]
    flags = [
        FlagRow(
            f.facts.class_id, f.facts.enrolment_id, person_id, f.kind, f.incident, f.from_ms, f.until_ms, dict(f.quantities)
        )
        for f in (gathered.flags(misses) if flagged else ())
    ]  # fmt: skip
    return PersonStudy(credited, uncounted, flags)
