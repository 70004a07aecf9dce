"""What tutors mark and a scheme weighs apart – homework, a mid-term – as one learner stands: row by row, and why there is no mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yanxiu.core.rules.scheme import Scheme
from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.exams.models import Exam
from yanxiu.training.exams.reading.learner import LearnerExam, learner_exams
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.rules import due_day

__all__ = ["Marked", "marked"]

HANDED_IN = frozenset({"submitted", "resubmitted", "accepted"})


@dataclass(frozen=True, slots=True)
class Marked:
    """`item`: key of the scheme's item; `kind` homework or midterm. `state`: marked (with its `score`), unmarked, returned,
    asked, ahead, missed, unplanned; `until` where something can still be done; `ref` the uuid of the piece or the exam.
    """

    item: str
    kind: str
    state: str
    title: str = ""
    score: int | None = None
    until: datetime | None = None
    ref: str = ""


def _piece(item: str, piece: Outcome, last: datetime) -> Marked:
    if piece.score is not None and piece.state in HANDED_IN | {"returned"}:
        return Marked(item, "homework", "marked", piece.title, piece.score, None, str(piece.uuid))
    state = "unmarked" if piece.state in HANDED_IN else "returned" if piece.state == "returned" else "asked"
    if state == "asked" and clock.now() >= last:
        state = "missed"
    return Marked(item, "homework", state, piece.title, None, last, str(piece.uuid))


def _homework(item: str, class_: TrainingClass, enrolment: Enrolment) -> Iterator[Marked]:
    tasks = {task.kind: task for task in WritingTask.objects.filter(training_class=class_, is_homework=True)}
    if not tasks:
        yield Marked(item, "homework", "unplanned")
        return
    pieces = list(enrolment.outcomes.filter(kind__in=tasks).exclude(state="withdrawn").order_by("pk"))
    for kind, task in tasks.items():
        day = due_day(class_, task, enrolment)
        last = window(day, day, class_.zone)[1]
        mine = [piece for piece in pieces if piece.kind == kind]
        yield from (_piece(item, piece, last) for piece in mine)
        if not mine:
            over = clock.now() >= last and class_.state != TrainingClass.State.MAKEUP
            yield Marked(item, "homework", "missed" if over else "asked", task.title, None, last)


def _sitting(item: str, row: LearnerExam) -> Marked:
    ref, title = str(row.exam.uuid), row.exam.title
    if row.best is not None:
        return Marked(item, "midterm", "marked", title, row.best, None, ref)
    if row.being_marked:
        return Marked(item, "midterm", "unmarked", title, None, None, ref)
    until = row.window.closes_at if row.window else row.ahead.opens_at if row.ahead else None
    state = {"open": "asked", "running": "asked", "ahead": "ahead"}.get(row.state, "missed")
    return Marked(item, "midterm", state, title, None, until, ref)


def marked(class_: TrainingClass, rule: Scheme, enrolment: Enrolment) -> list[Marked]:
    """Nothing where the scheme weighs neither."""
    found: list[Marked] = []
    for item in rule.items:
        if "homework" in item.metrics:
            found += _homework(item.key, class_, enrolment)
        if "midterm" in item.metrics:
            rows = [row for row in learner_exams(class_, enrolment) if row.exam.role == Exam.Role.MIDTERM]
            found += [_sitting(item.key, row) for row in rows] or [Marked(item.key, "midterm", "unplanned")]
    return found
