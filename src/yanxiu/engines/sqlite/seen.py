"""What the writer remembers of the sessions it writes, so that a beat needs no read: always a copy of what is stored."""

from collections.abc import Iterable

import pysqlite3

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

    def get(self, connection: pysqlite3.Connection, sid: str) -> Seen:
        seen = self._sessions.get(sid)
        if seen is None:
            if len(self._sessions) >= MOST_SESSIONS:
                self._sessions.clear()
            # the condition in the words of the partial index "once": SQLite's planner does not see kind = 'beat' in it
            found = connection.execute(
                "SELECT seq FROM entry WHERE kind IN ('beat', 'session') AND sid = ? ORDER BY seq", (sid,)
            )
            seqs = [seq for (seq,) in found]
            seen = self._sessions[sid] = Seen(-1 in seqs, (seq for seq in seqs if seq >= 0))
        return seen

    def forget(self) -> None:
        self._sessions.clear()
