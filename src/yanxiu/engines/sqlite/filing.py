"""Filing: entries get into the index `filed` behind the head, a few thousand at a time, sorted.

Three indexes kept row by row cost more than the row: each entry changed a page of its own in every one of them, and every changed
page went to the disk with the commit. Sorted and in bulk, neighbours share their pages. Nothing but the speed of finding hangs
on it: the index can be made again from the entries, and what is not filed yet is read.
"""

import logging
from collections.abc import Sequence

import pysqlite3

from yanxiu.engines.sqlite.chain import Row

__all__ = ["FILE_AT", "Unfiled", "file_all", "file_some"]

log = logging.getLogger(__name__)
FILE_AT = 2048  # entries behind the index while the writer is busy; an idle writer files what there is
MOST_FILED = 8192  # in one transaction, so that nobody waits long for it

UP_TO = "(SELECT position FROM filed_up_to)"
_FILE = f"""
INSERT OR IGNORE INTO filed
SELECT person_id, sid, seq, CASE WHEN kind IN ('beat', 'session') THEN 0 ELSE position END, position
FROM entry WHERE position > {UP_TO} AND position <= ? AND (person_id <> 0 OR sid <> '') ORDER BY 1, 2, 3, 4, 5
"""
_EXPECTED = f"SELECT count(*) FROM entry WHERE position > {UP_TO} AND position <= ? AND (person_id <> 0 OR sid <> '')"


def file_all(connection: pysqlite3.Connection) -> None:
    """Everything there is, inside the caller's transaction."""
    _file(connection, 2**63 - 1)


def file_some(connection: pysqlite3.Connection) -> None:
    """The oldest unfiled entries, in a transaction of their own."""
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    try:
        _file(connection, execute(f"SELECT {UP_TO} + ?", (MOST_FILED,)).fetchone()[0])
        execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            execute("ROLLBACK")
        raise


def _file(connection: pysqlite3.Connection, last: int) -> None:
    execute = connection.execute
    expected = execute(_EXPECTED, (last,)).fetchone()[0]
    filed = execute(_FILE, (last,)).rowcount
    if filed != expected:  # only somebody else's program could have stored them; the first stays the one that counts
        log.error("ledger: %d entries repeat a (sid, seq) and are not filed", expected - filed)
    execute(
        "UPDATE filed_up_to SET position = coalesce((SELECT max(position) FROM entry WHERE position <= ?), 0)", (last,)
    )


class Unfiled:
    """The entries behind the index, as the one writer keeps them in mind: by session and seq, kind and body."""

    def __init__(self, connection: pysqlite3.Connection) -> None:
        self._of: dict[str, dict[int, list[tuple[str, str]]]] = {}
        self._new: list[Sequence[Row]] = []  # not sorted in yet: most are filed before anybody asks
        self.count = 0
        rows = connection.execute(
            "SELECT position, kind, person_id, sid, seq, received_ms, CAST(body AS TEXT)"
            f" FROM entry WHERE position > {UP_TO} ORDER BY position"
        )
        self.add(rows.fetchall())

    def add(self, rows: Sequence[Row]) -> None:
        self.count += len(rows)
        self._new.append(rows)

    def _sort_in(self) -> None:
        for rows in self._new:
            for _, kind, _, sid, seq, _, body in rows:
                self._of.setdefault(sid, {}).setdefault(seq, []).append((kind, body))
        self._new.clear()

    def seqs(self, sid: str) -> list[int]:
        """Of the beats and, as -1, of the facts of a session."""
        self._sort_in()
        found = self._of.get(sid, {})
        return [seq for seq, entries in found.items() if any(kind in ("beat", "session") for kind, _ in entries)]

    def bodies(self, sid: str, seq: int, kind: str) -> list[str]:
        self._sort_in()
        return [body for each, body in self._of.get(sid, {}).get(seq, ()) if each == kind]
