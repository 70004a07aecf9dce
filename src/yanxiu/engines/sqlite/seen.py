"""What the writer remembers of the sessions it writes, so that a beat needs no read: always a copy of what is stored."""

from collections.abc import Iterable, Sequence

import pysqlite3

from yanxiu.engines.sqlite.chain import Row
from yanxiu.engines.sqlite.filing import Unfiled

__all__ = ["Seen", "SeenSessions"]

MOST_SESSIONS = 20_000


class Seen:
    """One session: are its facts stored, which seqs are."""

    __slots__ = ("above", "durable", "has_facts")

    def __init__(self, has_facts: bool, seqs: Iterable[int]) -> None:
        self.has_facts = has_facts
        self.durable = -1  # highest seq with no gap below it
        self.above: set[int] = set()  # stored seqs beyond the gap
        for seq in seqs:
            self.add(seq)

    def __contains__(self, seq: int) -> bool:
        return seq <= self.durable or seq in self.above

    def add(self, seq: int) -> None:
        if seq != self.durable + 1:
            self.above.add(seq)
            return
        self.durable = seq
        while self.above and self.durable + 1 in self.above:
            self.durable += 1
            self.above.remove(self.durable)


class SeenSessions:
    """Loaded from the file on a miss (a session unknown here may well be stored), forgotten after a rollback or another
    process's write.
    """

    def __init__(self) -> None:
        self._sessions: dict[str, Seen] = {}
        self._unfiled: Unfiled | None = None

    def get(self, connection: pysqlite3.Connection, person_id: int, sid: str) -> Seen:
        seen = self._sessions.get(sid)
        if seen is None:
            if len(self._sessions) >= MOST_SESSIONS:
                self._sessions.clear()
            unfiled = self.unfiled(connection).seqs(sid)  # first: another process may file between the two reads
            found = connection.execute(
                "SELECT seq FROM filed WHERE person_id = ? AND sid = ? AND nth = 0", (person_id, sid)
            )
            seqs = {seq for (seq,) in found}.union(unfiled)
            seen = self._sessions[sid] = Seen(-1 in seqs, sorted(seq for seq in seqs if seq >= 0))
        return seen

    def stored(self, connection: pysqlite3.Connection, whose: tuple[int, str], seq: int, kind: str) -> list[str]:
        """Bodies stored under this (sid, seq), each once, in the order they came."""
        unfiled = self.unfiled(connection).bodies(whose[1], seq, kind)
        sql = (
            "SELECT CAST(body AS TEXT) FROM filed JOIN entry USING (position)"
            " WHERE filed.person_id = ? AND filed.sid = ? AND filed.seq = ? AND kind = ? ORDER BY position"
        )
        found = [body for (body,) in connection.execute(sql, (*whose, seq, kind))]
        return list(dict.fromkeys(found + unfiled))

    def remember(self, connection: pysqlite3.Connection, rows: Sequence[Row]) -> None:
        """Rows just stored."""
        if self._unfiled is None:
            self._unfiled = Unfiled(connection)  # reads them too
        else:
            self._unfiled.add(rows)

    def unfiled(self, connection: pysqlite3.Connection) -> Unfiled:
        if self._unfiled is None:
            self._unfiled = Unfiled(connection)
        return self._unfiled

    @property
    def unfiled_count(self) -> int:
        """As far as it is known; asks nobody."""
        return 0 if self._unfiled is None else self._unfiled.count

    def filed(self) -> None:
        """The index has grown: what is behind it is to be read again."""
        self._unfiled = None

    def forget(self) -> None:
        self._sessions.clear()
        self._unfiled = None
