"""The action `import_roster`."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from yanxiu.kit import audit
from yanxiu.people.actions import create_people
from yanxiu.people.models import Person
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.learners import nominate_each, require_enrolling
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.roster.checking import Checked, RosterError, Wanted, check_roster
from yanxiu.training.classes.roster.files import parse_roster
from yanxiu.training.classes.roster.limits import ERRORS_SHOWN
from yanxiu.training.classes.rules import can_manage, require

__all__ = ["RosterOutcome", "import_roster"]


@dataclass(frozen=True, slots=True)
class RosterOutcome:
    """What was found and done. `rows_ok` rows have no fault; `already` of them name somebody already in the class.

    `errors` are at most ERRORS_SHOWN of the `error_count` there are, in row order; `error_rows` rows have any.
    """

    rows_ok: int
    errors: tuple[RosterError, ...]
    error_count: int
    error_rows: int
    already: int
    enrolled: int
    dry_run: bool


def _enrol(actor: Viewer, stored: TrainingClass, wanted: Sequence[Wanted]) -> None:
    unknown = [
        Person(name=w.row.name, phone=w.phone, organisation=w.organisation, post_title=w.row.post_title)
        for w in wanted
        if w.person is None
    ]
    by_phone = {person.phone: person for person in create_people(actor, unknown)}
    nominate_each(actor, stored, ((w.person or by_phone[w.phone], w.organisation) for w in wanted))


def _outcome(checked: Checked, enrolled: int, *, dry_run: bool) -> RosterOutcome:
    return RosterOutcome(
        rows_ok=len(checked.wanted) + checked.already,
        errors=checked.errors[:ERRORS_SHOWN],
        error_count=len(checked.errors),
        error_rows=len({error.row for error in checked.errors}),
        already=checked.already,
        enrolled=enrolled,
        dry_run=dry_run,
    )


def import_roster(
    actor: Viewer, training_class: TrainingClass, file: bytes, filename: str, dry_run: bool, *, only_valid: bool = False
) -> RosterOutcome:
    """Nominate everybody in a roster file: all of them, or nobody if any row has a fault.

    With `only_valid` the rows without fault are taken (先导入其余各行). The same file twice enrols nobody again. A file that
    cannot be read at all raises Refused. The file is read before the transaction begins.
    """
    require(can_manage, actor, training_class)
    parsed = parse_roster(file, filename)
    with transaction.atomic():
        stored = require_enrolling(training_class)
        checked = check_roster(stored, parsed)
        if dry_run or (checked.errors and not only_valid) or not checked.wanted:
            return _outcome(checked, 0, dry_run=dry_run)
        _enrol(actor, stored, checked.wanted)
        audit.record(
            "import_roster", "class", stored.pk, actor_id=actor.person_id, class_id=stored.pk,
            enrolled=len(checked.wanted), already=checked.already, rows_with_errors=len({e.row for e in checked.errors}),
        )  # fmt: skip
    return _outcome(checked, len(checked.wanted), dry_run=False)
