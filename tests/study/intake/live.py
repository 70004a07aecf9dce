"""A person's time with the intake, POST by POST, and what the ledger then holds: entries in memory, judged by the real code."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from factories.beats import KEY

from yanxiu.core.beats import Beat, SessionFacts
from yanxiu.core.credit.flags_v1 import Flag
from yanxiu.core.credit.presence_v1 import Miss
from yanxiu.core.credit.traces import PersonCredit
from yanxiu.study.digest.gathering import Gathered
from yanxiu.study.intake.actions import accept
from yanxiu.study.intake.sessions import Lesson, Terms, open_session
from yanxiu.study.ports import Entry, Fact, Stored

MINUTE = 60_000
STEP = 15_000
JUNE = 1_496_246_400_000  # 2017-06-01T00:00+08:00


class Memory:
    """A ledger without a disk: what `accept` and the desk need of one."""

    def __init__(self) -> None:
        self.held: list[Entry] = []
        self.presence: dict[int, list[Entry]] = {}  # of each person, as the ledger's index has it
        self.seqs: set[tuple[str, int]] = set()

    def append(self, facts: SessionFacts, beats: Sequence[Beat], received_ms: int, more: Sequence[Fact] = ()) -> Stored:
        def add(kind: str, seq: int, body: Any) -> None:
            raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
            self.held.append(Entry(len(self.held) + 1, kind, facts.person_id, facts.sid, seq, received_ms, raw))
            if kind in {"session", "challenge", "proof"}:
                self.presence.setdefault(facts.person_id, []).append(self.held[-1])

        for beat in beats:
            if (facts.sid, -1) not in self.seqs:
                add("session", -1, facts)
            if (facts.sid, beat.seq) not in self.seqs:
                add("beat", beat.seq, {"spans": beat.spans, "device": beat.device_ms})
            self.seqs |= {(facts.sid, -1), (facts.sid, beat.seq)}
        for kind, body in more:
            add(kind, -1, body)
        return Stored(-1, len(self.held), ())

    def presence_of(self, person_id: int, limit: int) -> list[Entry]:
        return self.presence.get(person_id, [])[::-1][:limit]

    def kinds(self, kind: str) -> list[Entry]:
        return [entry for entry in self.held if entry.kind == kind]


@dataclass
class Page:
    """One session of a player that knows the wire. `answers`: does it answer a challenge, and after how many ms?"""

    memory: Memory
    desk: Any
    opened: int
    person: int = 7
    lesson: int = 4
    minutes: int = 40
    policy: str = "standard@1"
    sid: str = ""
    seq: int = 0
    said: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lesson = Lesson(self.person + 1000, self.person, 3, self.lesson, 1, "video", self.minutes * MINUTE)
        terms = Terms(self.policy, 1.5, STEP, "Asia/Shanghai")
        self.facts, self.token = open_session(lesson, terms, self.opened, KEY)

    def beat(self, t0: int, t1: int, p0: int) -> dict[str, Any]:
        self.seq += 1
        return {"seq": self.seq - 1, "spans": [[t0, t1, p0, p0 + t1 - t0]]}

    def post(self, at: int, *beats: dict[str, Any], **more: Any) -> dict[str, Any]:
        body = msgspec.json.encode({"token": self.token, "beats": beats} | more)
        status, answer = accept(body, at, KEY, self.memory, desk=self.desk)  # type: ignore[arg-type]  # all it needs
        assert status == 200, answer
        self.said = msgspec.json.decode(answer)
        assert self.said["refused"] == []
        return self.said

    def play(
        self, start: int, until: int, media: int = 0, *, answer: Callable[[dict[str, Any]], int | None] = lambda _: None
    ) -> Iterator[dict[str, Any]]:
        """Plays from `start` to `until` (ms since it opened), a POST each cadence; `answer` says after how many ms a question is
        answered, and that goes with the next POST.
        """
        waiting: list[dict[str, Any]] = []
        asked: set[str] = set()
        for t0 in range(start, until, STEP):
            t1 = min(t0 + STEP, until)
            due = [p for p in waiting if p["t"] <= t1]
            waiting = [p for p in waiting if p["t"] > t1]
            said = self.post(self.opened + t1 + 120, self.beat(t0, t1, media + t0 - start), proofs=due)
            question = said.get("challenge")
            if question and question["id"] not in asked:
                asked.add(question["id"])
                after = answer(question)
                if after is not None:
                    waiting.append({"id": question["id"], "t": t1 + 120 + after})
            yield said

    def watch(self, start: int, until: int, media: int = 0, **more: Any) -> list[dict[str, Any]]:
        return list(self.play(start, until, media, **more))


@dataclass(frozen=True)
class Outcome:
    credit: PersonCredit
    misses: list[Miss]
    flags: list[Flag]


def digested(memory: Memory) -> Outcome:
    """As the digest computes it, with no window of any class."""
    gathered = Gathered()
    for entry in memory.held:
        gathered.take(entry)
    misses = gathered.missed()
    return Outcome(gathered.credit({}, misses), misses, gathered.flags(misses))


def somewhen(seed: int) -> tuple[int, int]:
    """A person and an instant of 2017, at random."""
    rng = random.Random(seed)
    return rng.randrange(1, 10**6), JUNE + rng.randrange(200 * 24 * 60) * MINUTE + rng.randrange(MINUTE)
