"""Who is to be asked whether they are there: the desk of one process, over facts that are the ledger's.

The desk remembers of each person the last proof and the last challenge, read from the ledger when it does not know them. What
it remembers decides when to ask, never what counts: that is computed from the facts (core.credit.presence_v1).
"""

import threading
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from yanxiu.core.beats import Beat, SessionFacts
from yanxiu.core.credit.presence_v1 import Answered, Asked, moment_of, stood
from yanxiu.core.policy import Policy
from yanxiu.core.presence import QUIET_MS, challenge_id, due_of, next_due
from yanxiu.core.time.intervals import Interval
from yanxiu.study.intake.wire import Challenge, Proof, Proven
from yanxiu.study.policies.presets import policies
from yanxiu.study.ports import Entry, Fact, Ledger

__all__ = ["ChallengeBody", "Desk", "Met", "ProofBody"]

MOST_PEOPLE = 20_000
MOST_STRETCHES = 200  # of one answer time that are remembered
LOOKED_BACK = 12  # newest presence facts of a person that are read when the desk does not know them


class ChallengeBody(Struct):
    """Body of an entry "challenge"; its receipt is the moment of issue, its sid the session that was told."""

    id: str
    due: int
    answer_by: int
    policy: str


class ProofBody(Struct):
    """Body of an entry "proof". `at`: the moment the page says it was given, on the server's clock."""

    id: str
    at: int


class Met(Struct, frozen=True):
    """What the desk has to say to one POST: facts to store with it, and what the answer tells."""

    more: tuple[Fact, ...] = ()
    challenge: Challenge | None = None
    proofs: tuple[Proven, ...] = ()


NOTHING = Met()
_challenge_body = msgspec.json.Decoder(ChallengeBody).decode
_proof_body = msgspec.json.Decoder(ProofBody).decode
_facts_body = msgspec.json.Decoder(SessionFacts).decode


class _Standing:
    """One person. `asked` is the last challenge, None once it is answered or nothing was asked since the last proof."""

    __slots__ = (
        "answered_due",
        "asked",
        "beyond",
        "due",
        "heard",
        "issued",
        "lost",
        "next_due",
        "presence",
        "proved",
        "quiet_until",
        "unanswered",
    )

    def __init__(self) -> None:
        self.proved = 0
        self.issued = 0  # the last challenge, answered or not
        self.asked: Asked | None = None
        self.due = 0
        self.next_due = 0  # 0: to be computed
        self.quiet_until = 0  # until then, without news, there is nothing to ask or to tell
        self.answered_due = 0  # of the latest challenge that was answered: it and all before it are used up
        self.unanswered = 0  # in a row
        self.lost = False  # an earlier one of them was missed
        self.presence: list[Interval] = []  # reported since the challenge
        self.heard: list[int] = []
        self.beyond = 0  # ms of study reported after the answer time

    def prove(self, at: int) -> None:
        if at > self.proved:
            self.proved = at
            self.next_due = self.quiet_until = 0
        if self.asked is not None and at >= self.asked.issued_ms:
            self.asked = None
            self.unanswered = 0
            self.lost = False

    def ask(self, asked: Asked, due: int) -> None:
        self.lost = self.is_missed(asked.issued_ms)
        self.unanswered += 1
        self.asked, self.due, self.issued = asked, due, asked.issued_ms
        self.next_due = self.quiet_until = 0
        self.presence, self.heard, self.beyond = [], [], 0

    def notice(self, facts: SessionFacts, beats: Sequence[Beat], received_ms: int) -> None:
        """Remember what decides whether the question stood before a page; only while it is open."""
        asked = self.asked
        if asked is None or self.lost:
            return
        if received_ms <= asked.answer_by_ms:
            self.heard.append(received_ms)
        for beat in beats:
            for span in beat.spans:
                a, b = facts.opened_at_ms + span.t0, facts.opened_at_ms + span.t1
                if a < asked.answer_by_ms and b > asked.issued_ms and len(self.presence) < MOST_STRETCHES:
                    self.presence.append((a, b))
                self.beyond += max(0, b - max(a, asked.answer_by_ms))

    def is_missed(self, received_ms: int) -> bool:
        """As far as this process knows; the digest knows better."""
        asked = self.asked
        if not self.lost and asked is not None and received_ms > asked.answer_by_ms:
            twice = self.unanswered > 1 and self.beyond > asked.answer_by_ms - asked.issued_ms
            self.lost = twice or stood(asked, self.presence, self.heard)
        return self.lost


class Desk:
    """Used by one event loop, or by threads: a lock keeps a person's facts in order."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._people: dict[int, _Standing] = {}
        self._of: Ledger | None = None  # whose facts we remember
        self._lock = threading.Lock()

    def meet(
        self, facts: SessionFacts, beats: Sequence[Beat], proofs: Sequence[Proof], received_ms: int, ledger: Ledger
    ) -> Met:
        """Judge the proofs of a POST, and ask where it is time. Costs next to nothing where the policy does not challenge."""
        standing = self._people.get(facts.person_id)
        if (
            standing is not None and received_ms < standing.quiet_until and not proofs
            and facts.opened_at_ms <= standing.proved and ledger is self._of
        ):  # fmt: skip
            return NOTHING
        policy = policies().get(facts.policy_id)
        if policy is None or not policy.challenges:
            return NOTHING if not proofs else Met(proofs=tuple(Proven(p.id, "unknown") for p in proofs))
        with self._lock:
            if ledger is not self._of:
                self._of = ledger
                self._people.clear()
            standing = self._people.get(facts.person_id) or self._read(facts.person_id, ledger)
            if beats:  # with them, the opening becomes a fact
                standing.prove(facts.opened_at_ms)
            more: list[Fact] = []
            told = tuple(self._take(proof, facts, standing, received_ms, more) for proof in proofs)
            standing.notice(facts, beats, received_ms)
            self._ask(standing, facts, policy, received_ms, more, studying=any(beat.spans for beat in beats))
            return (
                Met(tuple(more), self._shown(standing, received_ms), told)
                if more or told or standing.asked
                else NOTHING
            )

    def forget(self, person_id: int) -> None:
        """What was to be stored has not been: ask the ledger again next time."""
        with self._lock:
            self._people.pop(person_id, None)

    def _take(
        self, proof: Proof, facts: SessionFacts, standing: _Standing, received_ms: int, more: list[Fact]
    ) -> Proven:
        due = due_of(self._key, facts.person_id, proof.id)
        if due is None or due > received_ms:
            return Proven(proof.id, "unknown")
        if due <= standing.answered_due:
            return Proven(proof.id, "again")
        at, asked = facts.opened_at_ms + proof.t, standing.asked
        more.append(("proof", msgspec.json.encode(ProofBody(proof.id, at))))
        standing.answered_due = due
        if asked is None or asked.id != proof.id:  # overtaken by a later challenge or by the opening of a lesson
            standing.prove(min(at, received_ms))
            return Proven(proof.id, "late")
        moment = moment_of(asked, Answered(proof.id, at, received_ms))
        standing.prove(moment)
        return Proven(proof.id, "in_time" if moment <= asked.answer_by_ms else "late")

    def _ask(
        self, standing: _Standing, facts: SessionFacts, policy: Policy, received_ms: int, more: list[Fact], *,
        studying: bool,
    ) -> None:  # fmt: skip
        since = max(standing.proved, standing.issued)
        if not studying:
            return
        if received_ms < since + QUIET_MS:
            standing.quiet_until = 0 if standing.asked else since + QUIET_MS
            return
        if not standing.next_due:
            standing.next_due = next_due(
                self._key, facts.person_id, since + QUIET_MS, facts.zone, policy.challenge_every_ms
            )
        due = standing.next_due
        if received_ms < due:
            standing.quiet_until = 0 if standing.asked else due
            return
        id_ = challenge_id(self._key, facts.person_id, due)
        answer_by = received_ms + policy.challenge_answer_ms
        more.append(("challenge", msgspec.json.encode(ChallengeBody(id_, due, answer_by, policy.id))))
        standing.ask(Asked(id_, received_ms, answer_by, policy.contact_grace_ms), due)

    @staticmethod
    def _shown(standing: _Standing, received_ms: int) -> Challenge | None:
        asked = standing.asked
        if asked is None:
            return None
        missed = standing.is_missed(received_ms)
        return Challenge(asked.id, standing.due, asked.answer_by_ms, missed, standing.proved)

    def _read(self, person_id: int, ledger: Ledger) -> _Standing:
        standing = _Standing()
        for entry in reversed(ledger.presence_of(person_id, LOOKED_BACK)):
            _replay(standing, entry)
        if len(self._people) >= MOST_PEOPLE:
            self._people.clear()
        self._people[person_id] = standing
        return standing


def _replay(standing: _Standing, entry: Entry) -> None:
    """One stored fact, oldest first."""
    if entry.kind == "session":
        standing.prove(_facts_body(entry.body).opened_at_ms)
    elif entry.kind == "challenge":
        body = _challenge_body(entry.body)
        grace = policies()[body.policy].contact_grace_ms
        standing.ask(Asked(body.id, entry.received_ms, body.answer_by, grace), body.due)
    else:
        proof = _proof_body(entry.body)
        asked = standing.asked
        standing.answered_due = max(standing.answered_due, int(proof.id.partition("-")[0], 16))
        if asked is not None and asked.id == proof.id:
            standing.prove(moment_of(asked, Answered(proof.id, proof.at, entry.received_ms)))
