"""The action `import_roster`."""

from dataclasses import dataclass

from django.db import transaction

from yanxiu.kit import audit
from yanxiu.people.actions import create_person
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.learners import nominate, require_enrolling
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


def _enrol(actor: Viewer, stored: TrainingClass, wanted: Wanted) -> None:
    person = wanted.person or create_person(
        actor, name=wanted.row.name, phone=wanted.phone, organisation=wanted.organisation,
        post_title=wanted.row.post_title,
    )  # fmt: skip
    nominate(actor, stored, person, wanted.organisation)


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
        for wanted in checked.wanted:
            _enrol(actor, stored, wanted)
        audit.record(
            "import_roster", "class", stored.pk, actor_id=actor.person_id, class_id=stored.pk,
            enrolled=len(checked.wanted), already=checked.already, rows_with_errors=len({e.row for e in checked.errors}),
        )  # fmt: skip
    return _outcome(checked, len(checked.wanted), dry_run=False)
