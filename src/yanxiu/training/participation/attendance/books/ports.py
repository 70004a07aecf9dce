"""How a confirmed sheet gets into the ledger of study, without this wing knowing that one; config.wiring plugs the answer."""

from collections.abc import Sequence
from typing import Protocol

from yanxiu.core.attendance.facts import AttendanceFact

__all__ = ["Books", "books", "plug_books"]


class Books(Protocol):
    """Both return once what they enter is on disk."""

    def enter(self, actor_id: int, facts: Sequence[AttendanceFact], *, key: str) -> list[int]:
        """All in one commit; their positions. What is there under that key already is not entered again."""

    def correct(self, fact: AttendanceFact, *, reverses: int, proposed_by: int, second: int, key: str) -> int:
        """Reverse the entry at that position and enter what is right; the new position, also where it is there under that key
        already. Refused for one person alone.
        """


_plugged: list[Books] = []


def plug_books(found: Books) -> None:
    """The books of this process."""
    _plugged[:] = [found]


def books() -> Books:
    """RuntimeError when nothing is plugged: attendance that is nowhere entered would count for nothing."""
    if not _plugged:
        raise RuntimeError("no books of attendance plugged: config.wiring.plug_engines() comes first")
    return _plugged[0]
