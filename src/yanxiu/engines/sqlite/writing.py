"""One group commit: many requests, one statement, one link of the chain."""

from collections.abc import Sequence
from functools import lru_cache

import pysqlite3

from yanxiu.core.time import clock
from yanxiu.engines.sqlite.chain import GENESIS, Row, link
from yanxiu.engines.sqlite.file import read_back
from yanxiu.engines.sqlite.filing import file_some
from yanxiu.engines.sqlite.requests import Request, encode
from yanxiu.engines.sqlite.seen import SeenSessions
from yanxiu.study.ports import Stored

__all__ = ["GroupWriter"]

CLOCK_STEP_MS = 1000  # a jump of the wall clock beyond this is a fact
MOST_CONFLICTS = 8  # kept of one (sid, seq): evidence enough, and no way to fill the disk

# One statement for a whole group: every call into SQLite gives up the interpreter's lock and must win it back from a busy
# event loop, and thousands of calls a second spend more time on that than on the disk.
MOST_BOUND = 256  # rows bound as values; more than that go in as one JSON, twice as dear a row but of any number
_INSERT_JSON = """
INSERT INTO entry
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, CAST(value->>6 AS BLOB), value->>7
FROM json_each(?)
"""


@lru_cache(maxsize=MOST_BOUND)
def _insert_bound(rows: int) -> str:
    return "INSERT INTO entry VALUES " + ", ".join(["(?, ?, ?, ?, ?, ?, CAST(? AS BLOB), ?)"] * rows)


@lru_cache(maxsize=MOST_BOUND)
def _insert_beats(rows: int) -> str:
    """Position of the first, the link, then five values a beat: each value bound takes longer than a row of the table does."""
    first = "(?1 + {0}, 'beat', ?{1}, ?{2}, ?{3}, ?{4}, CAST(?{5} AS BLOB), {6})"
    values = (first.format(n, *range(5 * n + 3, 5 * n + 8), "?2" if n == rows - 1 else "NULL") for n in range(rows))
    return "INSERT INTO entry VALUES " + ", ".join(values)


def _insert(connection: pysqlite3.Connection, rows: Sequence[Row], hash_: str) -> None:
    """In table entry; the link beside the last of them."""
    if len(rows) > MOST_BOUND:
        connection.execute(_INSERT_JSON, (encode([*rows[:-1], (*rows[-1], hash_)]).decode(),))
        return
    values: list[int | str | None] = []
    if {row[1] for row in rows} == {"beat"}:
        values += rows[0][0], hash_
        for row in rows:
            values += row[2:]
        connection.execute(_insert_beats(len(rows)), values)
        return
    for row in rows:
        values += row
        values.append(None)
    values[-1] = hash_
    connection.execute(_insert_bound(len(rows)), values)


class GroupWriter:
    """Writes groups on one connection. Used by one thread only."""

    def __init__(self, connection: pysqlite3.Connection) -> None:
        self.connection = connection
        self.durability = read_back(connection)
        self._seen = SeenSessions()
        self._head: tuple[int, str] | None = None  # as far as this process knows
        self._wall_step = 0  # of this process's wall clock, as far as recorded

    def write(self, group: Sequence[Request]) -> list[Stored]:
        """All of them in one durable commit, or an error and nothing.

        First on the head we know, in a transaction of the one INSERT: if another process has extended that head, its
        positions are taken and nothing is stored. Then on the head read inside an IMMEDIATE transaction.
        """
        if self._head is not None:
            try:
                return self._extend(self._head, group)
            except pysqlite3.IntegrityError:
                self._forget()
            except BaseException:
                self._forget()
                raise
        execute, step = self.connection.execute, self._wall_step
        execute("BEGIN IMMEDIATE")
        try:
            answers = self._extend(_head(self.connection), group)
            execute("COMMIT")
        except BaseException:
            self._forget()
            self._wall_step = step
            if self.connection.in_transaction:
                execute("ROLLBACK")
            raise
        return answers

    @property
    def unfiled(self) -> int:
        """How many entries are behind the index, as far as this process knows."""
        return self._seen.unfiled_count

    def file(self) -> None:
        """File the oldest of them. Whatever fails, no entry is touched."""
        file_some(self.connection)
        self._seen.filed()

    def _forget(self) -> None:
        """What we remember may have been rolled back, or be older than what another process wrote."""
        self._seen.forget()
        self._head = None

    def _extend(self, head: tuple[int, str], group: Sequence[Request]) -> list[Stored]:
        batch = _Batch(self.connection, self._seen, head[0])
        step = self._clock_fact(batch)
        answers = [batch.place(request) for request in group]
        if batch.rows:
            hash_ = link(head[1], batch.rows)
            _insert(self.connection, batch.rows, hash_)
            head = (batch.rows[-1][0], hash_)
            self._seen.remember(self.connection, batch.rows)
        self._head = head
        self._wall_step = step
        return [Stored(durable, own or head[0], conflicts) for durable, own, conflicts in answers]

    def _clock_fact(self, batch: "_Batch") -> int:
        step = clock.wall_step_ms()
        if abs(step - self._wall_step) <= CLOCK_STEP_MS:
            return self._wall_step
        body = encode({"step_ms": step - self._wall_step, "since_start_ms": step}).decode()
        batch.add("clock", (0, ""), -1, clock.now_ms(), body)
        return step


class _Batch:
    """The rows a group adds after a head."""

    def __init__(self, connection: pysqlite3.Connection, sessions: SeenSessions, head: int) -> None:
        self.rows: list[Row] = []
        self._connection = connection
        self._sessions = sessions
        self._position = head

    def add(self, kind: str, whose: tuple[int, str], seq: int, received_ms: int, body: str) -> None:
        self._position += 1
        self.rows.append((self._position, kind, *whose, seq, received_ms, body))

    def place(self, request: Request) -> tuple[int, int, tuple[int, ...]]:
        """Add what of the request is new; its durable seq, the position of its last fact (0: no facts), its conflicts."""
        sid, received_ms = request.sid, request.received_ms
        whose = (request.person_id, sid)
        if request.facts is None:
            for person_id, (kind, seq, body) in zip(request.persons, request.entries, strict=True):
                self.add(kind, (person_id, ""), seq, received_ms, body)
            return -1, self._position, ()
        seen = self._sessions.get(self._connection, *whose)
        conflicts: list[int] = []
        for kind, seq, body in request.entries:
            if seq < 0:  # a challenge or a proof beside the beats: every one is a fact of its own
                self.add(kind, whose, seq, received_ms, body)
                continue
            if seq <= seen.durable or seq in seen.above:
                if self._stored(whose, seq, "beat")[:1] != [body]:  # what came first stands
                    conflicts.append(seq)
                    self._note_conflict(request, seq, body)
                continue
            if not seen.has_facts:
                self.add("session", whose, -1, received_ms, encode(request.facts).decode())
                seen.has_facts = True
            self._position += 1
            self.rows.append((self._position, kind, *whose, seq, received_ms, body))
            if seq == seen.durable + 1 and not seen.above:
                seen.durable = seq
            else:
                seen.add(seq)
        return seen.durable, 0, tuple(conflicts)

    def _note_conflict(self, request: Request, seq: int, body: str) -> None:
        """The integrity event; the same other content sent again adds nothing."""
        whose = (request.person_id, request.sid)
        known = self._stored(whose, seq, "conflict")
        if body not in known and len(known) < MOST_CONFLICTS:
            self.add("conflict", whose, seq, request.received_ms, body)

    def _stored(self, whose: tuple[int, str], seq: int, kind: str) -> list[str]:
        """Bodies in the file and in this very group."""
        found = self._sessions.stored(self._connection, whose, seq, kind)
        return found + [row[6] for row in self.rows if row[1] == kind and row[3] == whose[1] and row[4] == seq]


def _head(connection: pysqlite3.Connection) -> tuple[int, str]:
    """An entry behind the last link would be nobody's; the chain is not continued over it (its position is taken)."""
    found: tuple[int, str] | None = connection.execute(
        "SELECT position, link FROM entry WHERE link IS NOT NULL ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return found or (0, GENESIS)
