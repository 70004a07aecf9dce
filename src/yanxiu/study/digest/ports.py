"""What the digest asks of the wing that knows classes, without knowing that wing; config.wiring plugs the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["EnrolmentWindow", "enrolment_windows", "plug_correctors", "plug_windows", "require_correctors"]


@dataclass(frozen=True, slots=True)
class EnrolmentWindow:
    """From when until when study of an enrolment counts; None = no such limit."""

    enrolment_id: int
    person_id: int
    counts_from_ms: int | None = None
    counts_until_ms: int | None = None


Provider = Callable[[int, Sequence[int] | None], Sequence[EnrolmentWindow]]
_plugged: list[Provider] = []


def plug_windows(provider: Provider) -> None:
    """`provider(class_id, persons)` names every enrolment the class ever had, withdrawn ones too; of these persons, or (None) of all."""
    _plugged[:] = [provider]


def enrolment_windows(class_id: int, persons: Sequence[int] | None = None) -> Sequence[EnrolmentWindow]:
    """All enrolments of a class, or those of some persons. RuntimeError when nothing is plugged: without it, study after a withdrawal would count."""
    if not _plugged:
        raise RuntimeError("no enrolment windows plugged: config.wiring.plug_engines() comes first")
    return _plugged[0](class_id, persons)


Correctors = Callable[[int, int, int], None]
_correctors: list[Correctors] = []


def plug_correctors(check: Correctors) -> None:
    """`check(person_id, second_person_id, class_id)` raises Refused or NotVisible where one of the two may not."""
    _correctors[:] = [check]


def require_correctors(person_id: int, second: int, class_id: int) -> None:
    """Both of them may correct study in the class. Nothing plugged: nobody may (RuntimeError)."""
    if not _correctors:
        raise RuntimeError("no rule of correctors plugged: config.wiring.plug_engines() comes first")
    _correctors[0](person_id, second, class_id)
