"""What is counted so far, one row an enrolment, in a small file that may be deleted at any time: the digest makes it again."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec
import pysqlite3

__all__ = ["SqliteCreditedView"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS credited (enrolment_id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS mark (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL) STRICT;
"""


class _Sums(msgspec.Struct):
    total: int
    lessons: dict[int, int]
    days: dict[date, int]


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Sums).decode


class SqliteCreditedView:
    """Written by the digest, read by the web process; opened at first use, by whichever comes first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: pysqlite3.Connection | None = None

    def of(self, enrolment_id: int, lesson_id: int, day: date) -> tuple[int, int, int, int] | None:
        sql = "SELECT body, (SELECT position FROM mark) FROM credited WHERE enrolment_id = ?"
        try:
            with self._lock:
                row = self._open().execute(sql, (enrolment_id,)).fetchone()
            if row is None:
                return None
            sums = _decode(row[0])
        except (pysqlite3.Error, msgspec.MsgspecError):
            return None  # nothing depends on it
        return sums.lessons.get(lesson_id, 0), sums.days.get(day, 0), sums.total, row[1]

    def position(self) -> int:
        with self._lock:
            row = self._open().execute("SELECT position FROM mark").fetchone()
        return -1 if row is None else int(row[0])

    def publish(self, cells: Iterable[tuple[int, int, date, int]], position: int, *, anew: bool = False) -> None:
        rows = [(enrolment, _encode(sums)) for enrolment, sums in _added_up(cells).items()]
        with self._lock:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                if anew:
                    connection.execute("DELETE FROM credited")
                connection.executemany("INSERT OR REPLACE INTO credited VALUES (?, ?)", rows)
                connection.execute("INSERT OR REPLACE INTO mark VALUES (1, ?)", (position,))
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    def _open(self) -> pysqlite3.Connection:
        if self._connection is None:
            connection = pysqlite3.connect(str(self._path), timeout=5, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(_SCHEMA)
            self._connection = connection
        return self._connection


def _added_up(cells: Iterable[tuple[int, int, date, int]]) -> dict[int, _Sums]:
    found: dict[int, _Sums] = defaultdict(lambda: _Sums(0, {}, {}))
    for enrolment, lesson, day, ms in cells:
        sums = found[enrolment]
        sums.total += ms
        sums.lessons[lesson] = sums.lessons.get(lesson, 0) + ms
        sums.days[day] = sums.days.get(day, 0) + ms
    return found
