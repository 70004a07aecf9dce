"""The action `import_questions`."""

from dataclasses import dataclass

from django.db import transaction

from yanxiu.kit import audit
from yanxiu.people.queries import Viewer
from yanxiu.training.exams.models import Question, QuestionBank
from yanxiu.training.exams.papers.sheet import SheetError, read_questions, to_questions
from yanxiu.training.exams.rules import require_setter

__all__ = ["ImportOutcome", "import_questions"]

ERRORS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """`rows_ok` rows have no fault; `already` of them stand in the bank word for word. `errors`: the first of them."""

    rows_ok: int
    already: int
    errors: tuple[SheetError, ...]
    error_rows: int
    added: int
    dry_run: bool


def import_questions(
    actor: Viewer, bank: QuestionBank, file: bytes, filename: str, dry_run: bool, *, only_valid: bool = False
) -> ImportOutcome:
    """Add the questions of a sheet: all of them, or none if any row has a fault (the faultless ones with `only_valid`).

    The same file twice adds nothing twice. The file is read before the transaction begins.
    """
    require_setter(actor)
    good, errors = to_questions(read_questions(file, filename))
    with transaction.atomic():
        held = set(bank.questions.select_for_update().filter(is_current=True).values_list("kind", "stem"))
        new: dict[tuple[str, str], Question] = {}
        for _row, question in good:
            if (question.kind, question.stem) not in held:
                new.setdefault((question.kind, question.stem), question)
        rows = list(new.values())
        stops = dry_run or not rows or (bool(errors) and not only_valid)
        if not stops:
            for question in rows:
                question.bank = bank
            Question.objects.bulk_create(rows, batch_size=500)
            audit.record(
                "import_questions", "bank", bank.pk, actor_id=actor.person_id, added=len(rows),
                already=len(good) - len(rows), rows_with_errors=len({error.row for error in errors}),
            )  # fmt: skip
    return ImportOutcome(
        len(good), len(good) - len(rows), tuple(errors[:ERRORS_SHOWN]), len({error.row for error in errors}),
        0 if stops else len(rows), dry_run,
    )  # fmt: skip
