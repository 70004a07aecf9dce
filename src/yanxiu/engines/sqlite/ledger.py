"""SqliteLedger: study.ports.Ledger over one SQLite file. One writer thread a process, group commit, FULL."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pysqlite3

from yanxiu.core.beats import Beat, SessionFacts
from yanxiu.engines.sqlite.chain import GENESIS, Row, link
from yanxiu.engines.sqlite.file import open_reader, open_writer
from yanxiu.engines.sqlite.filing import FILE_AT, UP_TO
from yanxiu.engines.sqlite.requests import Request, Settle, beat_request, encode, facts_request
from yanxiu.engines.sqlite.writing import GroupWriter
from yanxiu.study.ports import Entry, Fact, NotStored, OwnFact, Stored

__all__ = ["SqliteLedger"]

log = logging.getLogger(__name__)
MOST_IN_GROUP = 1000  # requests a commit
LONGEST_GATHERING = 0.005
IDLE_SECONDS = 0.25
MOST_WAITING = 20_000  # beyond this the honest answer is "not now"
PAGE = 2000  # entries a read; a read transaction never outlives its page, so checkpoints are not held up
_OF_THE_MACHINE = frozenset(
    getattr(pysqlite3, f"SQLITE_{name}")
    for name in ("FULL", "IOERR", "BUSY", "LOCKED", "READONLY", "CANTOPEN", "CORRUPT", "NOTADB")
)
# After one of these the old handles are given up. A failed sync is never asked for again (the kernel may call pages clean that
# never reached the disk): what was not acknowledged is written anew, through a connection that knows only what was committed.
_OF_THE_DISK = frozenset(getattr(pysqlite3, f"SQLITE_{name}") for name in ("IOERR", "CANTOPEN", "CORRUPT", "NOTADB"))
_OF_PERSON = f"""
SELECT position FROM filed WHERE person_id = ? AND position <= ?
UNION SELECT position FROM entry WHERE position > {UP_TO} AND person_id = ? AND position <= ? ORDER BY 1
"""
_COLUMNS = "position, kind, person_id, sid, seq, received_ms, body"


class SqliteLedger:
    """Safe with many threads and with several processes on one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = GroupWriter(open_writer(path))
        self._reader = open_reader(path)
        self._reading = threading.Lock()
        self._waiting: SimpleQueue[Request | None] = SimpleQueue()
        self._gate = threading.Lock()  # nothing enters the queue behind the order to stop
        self._closed = False
        self._commit_seconds = 0.0  # of the last group
        self._unfiled = 0  # entries behind the index
        self._file_at = FILE_AT
        self._stale = False  # the writer's connection is to be replaced before it writes again
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    # ---- writing

    def append(self, facts: SessionFacts, beats: Sequence[Beat], received_ms: int, more: Sequence[Fact] = ()) -> Stored:
        return self._wait(lambda settle: beat_request(facts, beats, received_ms, settle, more))

    def submit(
        self, facts: SessionFacts, beats: Sequence[Beat], received_ms: int, settle: Settle, more: Sequence[Fact] = (), *,
        wake: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self._enqueue(beat_request(facts, beats, received_ms, settle, more, wake=wake))

    def append_fact(self, kind: str, person_id: int, body: bytes, received_ms: int) -> int:
        return self.append_facts([(kind, person_id, body)], received_ms)

    def append_facts(self, facts: Sequence[OwnFact], received_ms: int) -> int:
        if not facts:
            return 0
        return self._wait(lambda settle: facts_request(facts, received_ms, settle)).position - len(facts) + 1

    def _wait(self, request: Callable[[Settle], Request]) -> Stored:
        answer: SimpleQueue[Stored | NotStored] = SimpleQueue()
        self._enqueue(request(answer.put))
        stored = answer.get()
        if isinstance(stored, NotStored):
            raise stored
        return stored

    def close(self) -> None:
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._thread.join()
        with self._reading:
            self._reader.close()

    def _enqueue(self, request: Request) -> None:
        with self._gate:
            if self._closed:
                raise NotStored("学时台账已关闭")
            if self._waiting.qsize() >= MOST_WAITING:
                raise NotStored("学时台账繁忙")
            self._waiting.put(request)

    def _run(self) -> None:
        going = True
        while going:
            group: list[Request] = []
            item = self._next()
            self._gather()
            try:
                while item is not None:
                    group.append(item)
                    if len(group) >= MOST_IN_GROUP:
                        break
                    item = self._waiting.get_nowait()
                else:
                    going = False
            except Empty:
                pass
            self._settle(group)
        self._writer.connection.close()

    def _next(self) -> Request | None:
        """The next request; meanwhile entries are filed, when there are many or there is nothing else to do."""
        if self._unfiled >= self._file_at:
            self._file()
        while self._unfiled:
            try:
                return self._waiting.get(timeout=IDLE_SECONDS)
            except Empty:
                self._file()
        return self._waiting.get()

    def _file(self) -> None:
        """A failure costs nothing but speed: tried again when the writer is idle after a commit, or with many more entries."""
        try:
            self._renew()
            self._writer.file()
        except Exception as error:  # whatever it was, the writer goes on
            log.exception("entries of the ledger could not be filed")
            self._file_at += FILE_AT
            self._doubt(error)
        else:
            self._file_at = FILE_AT
        self._unfiled = 0

    def _gather(self) -> None:
        """Where several wait already, wait for more: half as long as the last commit took.

        Without it, clients that were answered together fall into two halves, each waiting out the other's commit; on a slow
        disk that doubles the commits. One client alone is never kept waiting.
        """
        if not self._waiting.empty():
            time.sleep(min(self._commit_seconds / 2, LONGEST_GATHERING))

    def _settle(self, group: list[Request]) -> None:
        """Answer every request of the group: after the commit, or, the group rolled back, one by one."""
        if not group:
            return
        try:
            self._renew()
            started = time.perf_counter()
            answers = self._writer.write(group)
            self._commit_seconds = time.perf_counter() - started
            self._unfiled = self._writer.unfiled
        except Exception as error:  # noqa: BLE001  (whatever it was, nobody is left waiting and nothing is acknowledged)
            if len(group) > 1 and not _is_of_the_machine(error):
                for request in group:
                    self._settle([request])
                return
            self._doubt(error)
            _tell(group, [_not_stored(error)] * len(group))
            return
        _tell(group, answers)

    def _doubt(self, error: Exception) -> None:
        """After an error of the disk, or stuck in a failed transaction, this connection writes no more."""
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        self._stale = self._stale or code in _OF_THE_DISK or self._writer.connection.in_transaction

    def _renew(self) -> None:
        """A connection in doubt is replaced, as soon as the file opens again; NotStored until then."""
        if self._stale:
            fresh = open_writer(self._path)
            with suppress(pysqlite3.Error):
                self._writer.connection.close()
            self._writer = GroupWriter(fresh)
            self._stale = False

    # ---- reading

    def entries(self, after: int, limit: int) -> Sequence[Entry]:
        return self._entries("position > ? ORDER BY position LIMIT ?", (after, limit))

    def of_person(self, person_id: int, up_to: int | None = None) -> Iterator[Entry]:
        if person_id == 0:  # nobody's
            return
        last = up_to if up_to is not None else 2**63 - 1
        positions = [position for (position,) in self._rows(_OF_PERSON, (person_id, last, person_id, last))]
        for at in range(0, len(positions), PAGE):
            wanted = encode(positions[at : at + PAGE]).decode()
            yield from self._entries("position IN (SELECT value FROM json_each(?)) ORDER BY position", (wanted,))

    def presence_of(self, person_id: int, limit: int) -> Sequence[Entry]:
        # the condition in the words of the partial index
        kinds = "kind <> 'beat' AND kind IN ('session', 'challenge', 'proof')"
        return self._entries(f"{kinds} AND person_id = ? ORDER BY position DESC LIMIT ?", (person_id, limit))

    def persons(self, after: int, up_to: int) -> Sequence[int]:
        sql = "SELECT DISTINCT person_id FROM entry WHERE person_id <> 0 AND position > ? AND position <= ? ORDER BY 1"
        return [person_id for (person_id,) in self._rows(sql, (after, up_to))]

    def gaps(self) -> Iterator[tuple[str, int]]:
        yield from self._rows(
            "SELECT sid, MAX(seq) + 1 - COUNT(*) AS missing FROM entry WHERE kind = 'beat' GROUP BY sid HAVING missing > 0",
            (),
        )

    def durability(self) -> dict[str, Any]:
        """What the writer's own connection was read back to do, for `doctor`."""
        return dict(self._writer.durability)

    def head(self) -> tuple[int, str]:
        found = self._rows("SELECT position, link FROM entry WHERE link IS NOT NULL ORDER BY position DESC LIMIT 1", ())
        return found[0] if found else (0, GENESIS)

    def broken_links(self) -> Iterator[int]:
        """Entries behind the last link belong to no batch: they count as one broken batch of their own."""
        position, previous = 0, GENESIS
        batch: list[Row] = []
        columns = f"{_COLUMNS.replace('body', 'CAST(body AS TEXT)')}, link"
        while page := self._rows(
            f"SELECT {columns} FROM entry WHERE position > ? ORDER BY position LIMIT ?", (position, PAGE)
        ):
            for *row, stored in page:
                batch.append(tuple(row))
                if stored is not None:
                    if link(previous, batch) != stored:
                        yield row[0]
                    previous, batch = stored, []
            position = page[-1][0]
        if batch:
            yield batch[-1][0]

    def _entries(self, where: str, values: tuple[Any, ...]) -> list[Entry]:
        return list(map(Entry._make, self._rows(f"SELECT {_COLUMNS} FROM entry WHERE {where}", values)))

    def _rows(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        with self._reading:
            if self._closed:
                raise NotStored("学时台账已关闭")
            try:
                return self._reader.execute(sql, values).fetchall()  # type: ignore[no-any-return]  # pysqlite3 has no types
            except pysqlite3.Error as error:
                raise NotStored(f"学时台账读不出：{error}") from error


def _tell(group: Sequence[Request], answers: Sequence[Stored | NotStored]) -> None:
    wakes: list[Callable[[], None]] = []
    for request, answer in zip(group, answers, strict=True):
        try:
            request.settle(answer)
        except Exception:  # somebody else's code; the writer goes on
            log.exception("nobody heard that a request was settled")
        if request.wake is not None and (not wakes or request.wake is not wakes[-1]):
            wakes.append(request.wake)
    for wake in wakes:
        try:
            wake()
        except Exception:  # an event loop that is closed already
            log.exception("nobody woke to hear that requests were settled")


def _is_of_the_machine(error: Exception) -> bool:
    """Disk, lock, file: the same for every request of the group, so that trying them singly would only take longer."""
    return isinstance(error, NotStored) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_MACHINE


def _not_stored(error: Exception) -> NotStored:
    if isinstance(error, NotStored):
        return error
    full = getattr(error, "sqlite_errorcode", 0) & 0xFF == pysqlite3.SQLITE_FULL
    fresh = NotStored("磁盘空间不足，未能保存" if full else f"学时台账写入失败：{error}")
    fresh.__cause__ = error
    return fresh
