"""Credit recomputed straight from the ledger, for `verify` and for figures as of a position."""

from yanxiu.study.digest.ports import enrolment_windows
from yanxiu.study.digest.reading import CreditRow, Windows, person_study
from yanxiu.study.ports import ledger

__all__ = ["CreditRow", "credit_as_of"]


def credit_as_of(class_id: int, ledger_position: int) -> list[CreditRow]:
    """The credit rows of a class as the ledger had them up to a position (inclusive). No stored credit row is read."""
    store = ledger()
    windows = Windows()
    rows: list[CreditRow] = []
    for person in sorted({window.person_id for window in enrolment_windows(class_id)}):
        credited = person_study(store, person, ledger_position, windows, flagged=False).credited
        rows += [row for row in credited if row.class_id == class_id]
    return rows
