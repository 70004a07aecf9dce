"""The entries of one person, sorted into what credit and flags are computed from."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from yanxiu.core.beats import SessionFacts
from yanxiu.core.credit.credit_v3 import credit_person, missed
from yanxiu.core.credit.flags_v1 import Flag, SessionLog, flags
from yanxiu.core.credit.presence_v1 import Answered, Asked, Miss
from yanxiu.core.credit.traces import Attended, Correction, CountingWindow, Grant, PersonCredit, SessionTrace, Span
from yanxiu.study.intake.presence import ChallengeBody, ProofBody
from yanxiu.study.policies.presets import policies
from yanxiu.study.ports import Entry

__all__ = ["AttendanceBody", "CorrectionBody", "Gathered"]


class BeatBody(msgspec.Struct):
    """What of a stored beat credit and flags depend on."""

    spans: list[Span]
    device: int = 0


class CorrectionBody(msgspec.Struct, omit_defaults=True):
    """A reversing entry: an interval that does not count; or one in which, for a reason and a lesson, nothing is subtracted (`grants`);
    or (`reverses`) the end of such an entry, by its position.
    """

    reason: str  # a code, no words
    actor: int  # person ids; the second person is somebody else
    second: int
    from_ms: int = 0
    until_ms: int = 0
    enrolment_id: int | None = None
    reverses: int | None = None
    grants: str = ""  # a reason of core.credit
    lesson_id: int | None = None


class AttendanceBody(msgspec.Struct, omit_defaults=True):
    """One learner at one session in person (core.attendance): of those of an enrolment and lesson the latest stands."""

    class_id: int
    enrolment_id: int
    lesson_id: int
    lesson_version: int
    state: str
    from_ms: int
    until_ms: int
    duration_ms: int
    zone: str
    actor: int  # person id of who confirmed the sheet
    key: str = ""  # of the decision it came from (none before 0.4)


_facts = msgspec.json.Decoder(SessionFacts).decode
_beat = msgspec.json.Decoder(BeatBody).decode
_correction = msgspec.json.Decoder(CorrectionBody).decode
_attendance = msgspec.json.Decoder(AttendanceBody).decode
_challenge = msgspec.json.Decoder(ChallengeBody).decode
_proof = msgspec.json.Decoder(ProofBody).decode


class Gathered:
    """Takes entries in position order; asks nothing of anybody."""

    def __init__(self) -> None:
        self.facts: dict[str, SessionFacts] = {}
        self.spans: defaultdict[str, list[Span]] = defaultdict(list)
        self.receipts: defaultdict[str, list[int]] = defaultdict(list)
        self.beats: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self.devices: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self.conflicts: defaultdict[str, int] = defaultdict(int)
        self.corrections: dict[int, CorrectionBody] = {}
        self.attendance: dict[int, AttendanceBody] = {}
        self.asked: list[Asked] = []
        self.answers: list[Answered] = []

    def take(self, entry: Entry) -> None:
        """Conflicts and steps of the clock are evidence for people; they change no credit."""
        kind = entry.kind
        if kind == "beat":
            self._beat(entry)
        elif kind == "session":
            self.facts[entry.sid] = _facts(entry.body)
        elif kind == "challenge":
            asked = _challenge(entry.body)
            grace = policies()[asked.policy].contact_grace_ms
            self.asked.append(Asked(asked.id, entry.received_ms, asked.answer_by, grace))
        elif kind == "proof":
            proof = _proof(entry.body)
            self.answers.append(Answered(proof.id, proof.at, entry.received_ms))
        elif kind == "conflict":
            self.conflicts[entry.sid] += 1
        elif kind == "correction":
            self._correction(entry)
        elif kind == "attendance":
            self.attendance[entry.position] = _attendance(entry.body)

    def _beat(self, entry: Entry) -> None:
        body = _beat(entry.body)
        self.spans[entry.sid] += body.spans
        self.receipts[entry.sid].append(entry.received_ms)
        self.beats[entry.sid].append((entry.seq, entry.received_ms))
        if body.device and body.spans:
            self.devices[entry.sid].append((body.spans[-1][1], body.device))

    def _correction(self, entry: Entry) -> None:
        body = _correction(entry.body)
        if body.reverses is None:
            self.corrections[entry.position] = body
        else:
            self.corrections.pop(body.reverses, None)
            self.attendance.pop(body.reverses, None)

    def attended(self) -> list[Attended]:
        latest = {(body.enrolment_id, body.lesson_id): body for body in self.attendance.values()}
        return [
            Attended(b.enrolment_id, b.lesson_id, b.lesson_version, b.from_ms, b.until_ms, b.duration_ms, b.zone)
            for b in latest.values()
        ]

    def classes(self) -> dict[int, int]:
        """The class of every enrolment anything is known of."""
        entries: list[SessionFacts | AttendanceBody] = [*self.facts.values(), *self.attendance.values()]
        return {entry.enrolment_id: entry.class_id for entry in entries}

    def traces(self) -> list[SessionTrace]:
        return [SessionTrace(f, self.spans[sid], self.receipts[sid]) for sid, f in self.facts.items()]

    def missed(self) -> list[Miss]:
        return missed(self.traces(), policies(), self.asked, self.answers)

    def credit(self, windows: Mapping[int, CountingWindow], misses: list[Miss]) -> PersonCredit:
        entries = self.corrections.values()
        corrections = [Correction(c.from_ms, c.until_ms, c.enrolment_id) for c in entries if not c.grants]
        grants = [
            Grant(c.from_ms, c.until_ms, c.enrolment_id, c.lesson_id, c.grants)
            for c in entries
            if c.grants and c.enrolment_id is not None and c.lesson_id is not None
        ]
        return credit_person(
            self.traces(), policies(), windows, corrections, missed=misses, grants=grants, attended=self.attended()
        )

    def flags(self, misses: list[Miss]) -> list[Flag]:
        logs = []
        for sid, facts in self.facts.items():
            opened = facts.opened_at_ms
            stretches = [(opened + t0, opened + t1) for t0, t1, _, _ in self.spans[sid]]
            logs.append(SessionLog(facts, stretches, self.beats[sid], self.devices[sid], self.conflicts[sid]))
        return flags(logs, misses)
