"""One group commit: many requests, one transaction, one link of the chain."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pysqlite3

from yanxiu.core.beats import Beat, SessionFacts
from yanxiu.core.time import clock
from yanxiu.engines.sqlite.chain import GENESIS, Row, link
from yanxiu.engines.sqlite.file import read_back
from yanxiu.engines.sqlite.seen import SeenSessions
from yanxiu.study.ports import Stored

__all__ = ["GroupWriter", "Request", "beat_request", "fact_request"]

CLOCK_STEP_MS = 1000  # a jump of the wall clock beyond this is a fact
MOST_CONFLICTS = 8  # kept of one (sid, seq): evidence enough, and no way to fill the disk
_LARGEST = 2**63 - 1
_encode = msgspec.json.encode


@dataclass(slots=True, eq=False)
class Request:
    """What one caller wants stored, already encoded, so that nothing in it can poison the group. Answered as a whole."""

    received_ms: int
    person_id: int
    sid: str
    facts: bytes  # b"" where the request is a single fact
    entries: Sequence[tuple[str, int, bytes]]  # kind, seq, body
    answer: "Future[Stored]" = field(default_factory=Future)

    def __post_init__(self) -> None:
        numbers = (self.received_ms, self.person_id, *(seq for _, seq, _ in self.entries))
        if not all(type(n) is int and -1 <= n <= _LARGEST for n in numbers):
            raise ValueError("a number beyond what the ledger holds")
        self.sid.encode()  # UnicodeEncodeError (a ValueError) for lone surrogates
        self.answer.set_running_or_notify_cancel()  # whoever stops waiting cannot cancel what is under way


def beat_request(facts: SessionFacts, beats: Sequence[Beat], received_ms: int) -> Request:
    if any(beat.seq < 0 for beat in beats):
        raise ValueError("seq counts from 0")
    entries = [("beat", beat.seq, _beat_body(beat)) for beat in beats]
    return Request(received_ms, facts.person_id, facts.sid, _encode(facts), entries)


def fact_request(kind: str, person_id: int, body: bytes, received_ms: int) -> Request:
    if kind not in {"clock", "correction", "attendance"}:
        raise ValueError(f"not a kind of fact: {kind}")
    return Request(received_ms, person_id, "", b"", [(kind, -1, bytes(body))])


def _beat_body(beat: Beat) -> bytes:
    return _encode(
        {
            "spans": [(span.t0, span.t1, span.p0, span.p1) for span in beat.spans],
            "rate": beat.rate,
            "why": beat.why,
            "visible": beat.visible,
            "focused": beat.focused,
            "muted": beat.muted,
            "device": beat.device_ms,
        }
    )


class GroupWriter:
    """Writes groups on one connection. Used by one thread only."""

    def __init__(self, connection: pysqlite3.Connection) -> None:
        self.connection = connection
        self.durability = read_back(connection)
        self._seen = SeenSessions()
        self._head: tuple[int, str] | None = None
        self._wall_step = 0  # of this process's wall clock, as far as recorded

    def write(self, group: Sequence[Request]) -> list[Stored]:
        """All of them in one durable commit, or an error and nothing. IMMEDIATE: the head read is the head extended."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            head = _head(self.connection)
            if head != self._head:  # another process wrote, or we are new here
                self._seen.forget()
            rows: list[Row] = []
            step = self._clock_fact(head[0], rows)
            answers = [self._place(request, head[0], rows) for request in group]
            if rows:
                self.connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
                hash_ = link(head[1], rows)
                execute("INSERT INTO batch VALUES (?, ?, ?)", (rows[-1][0], head[1], hash_))
                head = (rows[-1][0], hash_)
            execute("COMMIT")
        except BaseException:
            self._abandon()
            raise
        self._head = head
        self._wall_step = step
        return [Stored(durable, head[0], conflicts) for durable, conflicts in answers]

    def _abandon(self) -> None:
        self._seen.forget()  # it may hold what was rolled back
        self._head = None
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _clock_fact(self, head: int, rows: list[Row]) -> int:
        step = clock.wall_step_ms()
        if abs(step - self._wall_step) <= CLOCK_STEP_MS:
            return self._wall_step
        body = _encode({"step_ms": step - self._wall_step, "since_start_ms": step})
        rows.append((head + len(rows) + 1, "clock", 0, "", -1, clock.now_ms(), body))
        return step

    def _place(self, request: Request, head: int, rows: list[Row]) -> tuple[int, tuple[int, ...]]:
        """Append to `rows` what of the request is new; its durable seq and conflicts."""
        common = (request.person_id, request.sid)
        if not request.facts:
            for kind, seq, body in request.entries:
                rows.append((head + len(rows) + 1, kind, *common, seq, request.received_ms, body))
            return -1, ()
        seen = self._seen.get(self.connection, request.sid)
        conflicts: list[int] = []
        for kind, seq, body in request.entries:
            if seq in seen:
                if self._stored_body(request.sid, seq, rows) != body:
                    conflicts.append(seq)
                    self._note_conflict(request, seq, body, head, rows)
                continue
            if not seen.has_facts:
                rows.append((head + len(rows) + 1, "session", *common, -1, request.received_ms, request.facts))
                seen.has_facts = True
            rows.append((head + len(rows) + 1, kind, *common, seq, request.received_ms, body))
            seen.add(seq)
        return seen.durable, tuple(conflicts)

    def _stored_body(self, sid: str, seq: int, rows: list[Row]) -> bytes:
        sql = "SELECT body FROM entry WHERE kind = 'beat' AND sid = ? AND seq = ?"
        found: Any = self.connection.execute(sql, (sid, seq)).fetchone()
        if found is not None:
            return bytes(found[0])
        return next(
            row[6] for row in rows if row[1] == "beat" and row[3] == sid and row[4] == seq
        )  # in this very group

    def _note_conflict(self, request: Request, seq: int, body: bytes, head: int, rows: list[Row]) -> None:
        """The integrity event; the same other content sent again adds nothing."""
        sql = "SELECT body FROM entry WHERE kind = 'conflict' AND sid = ? AND seq = ?"
        known = [bytes(other) for (other,) in self.connection.execute(sql, (request.sid, seq))]
        known += [row[6] for row in rows if row[1] == "conflict" and row[3] == request.sid and row[4] == seq]
        if body not in known and len(known) < MOST_CONFLICTS:
            rows.append(
                (head + len(rows) + 1, "conflict", request.person_id, request.sid, seq, request.received_ms, body)
            )


def _head(connection: pysqlite3.Connection) -> tuple[int, str]:
    found: tuple[int, str] | None = connection.execute(
        "SELECT last_position, hash FROM batch ORDER BY last_position DESC LIMIT 1"
    ).fetchone()
    return found or (0, GENESIS)
