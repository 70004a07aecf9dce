"""From the ledger's entries of one person to their credit. Reads no credit row: the ledger is the only source."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import msgspec

from yanxiu.core.beats import SessionFacts
from yanxiu.core.credit.credit_v1 import credit_person
from yanxiu.core.credit.traces import Correction, CountingWindow, PersonCredit, SessionTrace, Span
from yanxiu.study.digest.ports import enrolment_windows
from yanxiu.study.policies.queries import policies
from yanxiu.study.ports import Entry, Ledger

__all__ = ["CorrectionBody", "CreditRow", "PersonStudy", "UncountedRow", "Windows", "person_study"]


class BeatBody(msgspec.Struct):
    """What of a stored beat credit depends on."""

    spans: list[Span]


class CorrectionBody(msgspec.Struct, omit_defaults=True):
    """A reversing entry: an interval that does not count; or (`reverses`) the end of such an entry, by its position."""

    reason: str  # a code, no words
    actor: int  # person ids; the second person is somebody else
    second: int
    from_ms: int = 0
    until_ms: int = 0
    enrolment_id: int | None = None
    reverses: int | None = None


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


class PersonStudy(NamedTuple):
    """The rows of one person."""

    credited: list[CreditRow]
    uncounted: list[UncountedRow]


_facts = msgspec.json.Decoder(SessionFacts).decode
_beat = msgspec.json.Decoder(BeatBody).decode
_correction = msgspec.json.Decoder(CorrectionBody).decode


class Windows:
    """Counting windows of classes, each class asked once."""

    def __init__(self) -> None:
        self._of_class: dict[int, dict[int, CountingWindow]] = {}

    def of(self, class_ids: Iterable[int]) -> dict[int, CountingWindow]:
        """By enrolment id, for all these classes."""
        found: dict[int, CountingWindow] = {}
        for class_id in class_ids:
            if class_id not in self._of_class:
                self._of_class[class_id] = {
                    w.enrolment_id: CountingWindow(w.counts_from_ms, w.counts_until_ms)
                    for w in enrolment_windows(class_id)
                }
            found |= self._of_class[class_id]
        return found


class _Gathered:
    """The entries of one person, sorted into what credit is computed from."""

    def __init__(self) -> None:
        self.facts: dict[str, SessionFacts] = {}
        self.spans: defaultdict[str, list[Span]] = defaultdict(list)
        self.receipts: defaultdict[str, list[int]] = defaultdict(list)
        self.corrections: dict[int, CorrectionBody] = {}

    def take(self, entry: Entry) -> None:
        """Conflicts and steps of the clock are evidence for people; they change no credit."""
        if entry.kind == "beat":
            self.spans[entry.sid] += _beat(entry.body).spans
            self.receipts[entry.sid].append(entry.received_ms)
        elif entry.kind == "session":
            self.facts[entry.sid] = _facts(entry.body)
        elif entry.kind == "correction":
            self._correction(entry)

    def _correction(self, entry: Entry) -> None:
        body = _correction(entry.body)
        if body.reverses is None:
            self.corrections[entry.position] = body
        else:
            self.corrections.pop(body.reverses, None)

    def credit(self, windows: Windows) -> PersonCredit:
        traces = [SessionTrace(f, self.spans[sid], self.receipts[sid]) for sid, f in self.facts.items()]
        corrections = [Correction(c.from_ms, c.until_ms, c.enrolment_id) for c in self.corrections.values()]
        mine = windows.of(sorted({f.class_id for f in self.facts.values()}))
        return credit_person(traces, policies(), mine, corrections)


def person_study(ledger: Ledger, person_id: int, up_to: int, windows: Windows) -> PersonStudy:
    """What one person has studied, recomputed from every entry up to a position."""
    gathered = _Gathered()
    for entry in ledger.of_person(person_id, up_to):
        gathered.take(entry)
    credit = gathered.credit(windows)
    class_of = {f.enrolment_id: f.class_id for f in gathered.facts.values()}
    credited = [
        CreditRow(class_of[enrolment], enrolment, person_id, lesson, version, day, ms)
        for (enrolment, lesson, version, day), ms in sorted(credit.cells.items())
    ]
    uncounted = [
        UncountedRow(class_of[enrolment], enrolment, person_id, lesson, day, reason, ms)
        for (enrolment, lesson, day, reason), ms in sorted(credit.uncounted.items())
    ]
    return PersonStudy(credited, uncounted)
