"""What the hot path needs from a store, whichever engine keeps it. No Django, no people."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from msgspec import Struct

from yanxiu.core.beats import Beat, SessionFacts

__all__ = [
    "CreditedView", "Entry", "Fact", "Ledger", "NotStored", "OwnFact", "Refusal", "Stored", "credited_view", "ledger", "plug",
    "plug_view", "unplug",
]  # fmt: skip


OwnFact = tuple[str, int, bytes]  # kind, person id, JSON of a fact stored on its own
Fact = tuple[str, bytes]  # kind ("challenge", "proof") and JSON of a fact stored together with beats


class NotStored(Exception):
    """Nothing of this request was stored (disk full, fsync error, closed); the sender keeps it and sends it again."""


class Refusal(Struct, frozen=True):
    """One beat not taken. `final`: sending it again can never help, so the client drops it and says so."""

    seq: int
    why: str  # "future", "too_fast", "span_too_long", "conflict", "malformed", "foreign_session", …
    final: bool


class Stored(Struct, frozen=True):
    """What the store says after its commit is on disk.

    `durable_seq`: highest seq of the session with no gap below it, counted from 0 (-1: none). `conflicts`: seqs stored
    before with other content.
    """

    durable_seq: int
    position: int
    conflicts: tuple[int, ...]


class Entry(NamedTuple):
    """One line of the ledger, as the digest and `verify` read it.

    `kind`: "session" (facts of a session, with its first beat), "beat", "conflict" (same sid and seq, other content),
    "clock" (a step of the wall clock), "correction" (reversing entry), "attendance", "challenge" (a presence challenge was
    issued), "proof" (somebody answered one). `body` is JSON text.
    """

    position: int
    kind: str
    person_id: int  # 0 where none
    sid: str
    seq: int  # -1 where none
    received_ms: int
    body: bytes


class Ledger(Protocol):
    """Append-only. `append` returns only after the batch that holds these beats is durable."""

    def append(self, facts: SessionFacts, beats: Sequence[Beat], received_ms: int, more: Sequence[Fact] = ()) -> Stored:
        """Store the session's facts with its first beat, and the beats. Raises NotStored; never stores in part.

        `more` goes into the same commit. With no beats and no more nothing is stored: the answer says what is.
        """

    def submit(
        self,
        facts: SessionFacts,
        beats: Sequence[Beat],
        received_ms: int,
        settle: "Callable[[Stored | NotStored], None]",
        more: Sequence[Fact] = (),
        *,
        wake: "Callable[[], None] | None" = None,
    ) -> None:
        """`append` without the wait, for an event loop.

        `settle` is called once, in the store's own thread, in the order of submission, with what `append` would return or
        raise; then `wake`, once for all that were settled together and name the same. Neither may block.
        Raises ValueError at once for what no store could hold, NotStored at once when closed or too busy.
        """

    def append_fact(self, kind: str, person_id: int, body: bytes, received_ms: int) -> int:
        """Store one other fact (correction, attendance, clock); its position."""

    def append_facts(self, facts: Sequence[OwnFact], received_ms: int) -> int:
        """Store many, in order, in one commit: all of them or (NotStored) none. The position of the first, 0 for none at all;
        the others follow without a gap.
        """

    def entries(self, after: int, limit: int) -> Sequence[Entry]:
        """Entries with position > after, in order, at most `limit`."""

    def of_person(self, person_id: int, up_to: int | None = None) -> Iterator[Entry]:
        """All entries of a person in position order (up to a position, inclusive)."""

    def presence_of(self, person_id: int, limit: int) -> Sequence[Entry]:
        """The newest sessions, challenges and proofs of a person, newest first, at most `limit`."""

    def persons(self, after: int, up_to: int) -> Sequence[int]:
        """Who has entries with after < position <= up_to, sorted, without 0."""

    def gaps(self) -> Iterator[tuple[str, int]]:
        """Sessions whose seqs have gaps, and how many beats are missing: a flag, never a refusal."""

    def head(self) -> tuple[int, str]:
        """Last position and the hash of the chain there; (0, genesis) when empty."""

    def broken_links(self) -> Iterator[int]:
        """Batches whose stored hash does not follow from their entries and the batch before."""

    def close(self) -> None:
        """Flush and stop; later calls raise NotStored."""


class CreditedView(Protocol):
    """What is counted so far, published by the digest for whoever must not ask the Django database. Rebuildable."""

    def of(self, enrolment_id: int, lesson_id: int, day: date) -> tuple[int, int, int, int] | None:
        """Counted ms of the lesson, of the day, of the enrolment, and the ledger position they stand for; None when unknown."""

    def position(self) -> int:
        """As of which position it was published; -1 when never."""

    def publish(self, cells: "Iterable[tuple[int, int, date, int]]", position: int, *, anew: bool = False) -> None:
        """All cells (enrolment, lesson, day, ms) of the enrolments in it; of every enrolment there is, when `anew`."""


_view: list[tuple[str, CreditedView]] = []
_plugged: list[tuple[str, Callable[[], Ledger]]] = []
_open: list[Ledger] = []
_lock = threading.Lock()


def plug(factory: Callable[[], Ledger], name: str = "") -> None:
    """config.wiring names the engine here, once a process.

    A second plug replaces the first and closes its ledger; under the same (non-empty) name it changes nothing.
    """
    with _lock:
        if name and _plugged and _plugged[-1][0] == name:
            return
    unplug()
    with _lock:
        _plugged.append((name, factory))


def unplug() -> None:
    """Close and forget the ledger of this process."""
    with _lock:
        for opened in _open:
            opened.close()
        _open.clear()
        _plugged.clear()


def ledger() -> Ledger:
    """The ledger of this process, opened at first use. RuntimeError when nothing is plugged."""
    if _open:
        return _open[0]
    with _lock:
        if not _open:
            if not _plugged:
                raise RuntimeError("no ledger engine plugged: config.wiring.plug_engines() comes first")
            _open.append(_plugged[-1][1]())
        return _open[0]


def plug_view(view: CreditedView, name: str) -> None:
    """config.wiring names the view of credited time here; under the same name it changes nothing."""
    if not _view or _view[0][0] != name:
        _view[:] = [(name, view)]


def credited_view() -> CreditedView | None:
    """The view of this process, None where there is none."""
    return _view[0][1] if _view else None
