"""What tutors mark and a scheme weighs apart – homework, a mid-term – as one learner stands: row by row, and why there is no mark."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from yanxiu.core.rules.scheme import Item, Scheme
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
    """`item`: key of the scheme's item; `kind` homework or midterm. `state`: marked (with its `score`), late (marked, but done
    after the class's end, which the item does not count), unmarked, returned, asked, ahead, missed, unplanned; `until` where
    something can still be done (None: until the make-up study is closed); `ref` the uuid of the piece or the exam.
    """

    item: str
    kind: str
    state: str
    title: str = ""
    score: int | None = None
    until: datetime | None = None
    ref: str = ""


class _Ends:
    """When the class ends, and whether what is done afterwards still counts for an item."""

    def __init__(self, class_: TrainingClass, item: Item) -> None:
        self._class_ends = window(class_.starts_on, class_.ends_on, class_.zone)[1]
        self._late_counts = item.makeup
        self.is_lifted = item.makeup and class_.state == TrainingClass.State.MAKEUP
        self.item = item.key

    def counts(self, done: datetime | None) -> bool:
        return self._late_counts or done is None or done < self._class_ends

    def asked(self, last: datetime) -> tuple[str, datetime | None]:
        """State of what is not there yet, and until when it can be brought."""
        if self.is_lifted:
            return "asked", None
        return ("missed" if clock.now() >= last else "asked"), last


def _piece(ends: _Ends, piece: Outcome, last: datetime) -> Marked:
    ref = str(piece.uuid)
    if piece.score is not None and piece.state in HANDED_IN | {"returned"}:
        state = "marked" if ends.counts(piece.submitted_at) else "late"
        return Marked(ends.item, "homework", state, piece.title, piece.score, None, ref)
    state, until = ends.asked(last)
    state = "unmarked" if piece.state in HANDED_IN else "returned" if piece.state == "returned" else state
    return Marked(ends.item, "homework", state, piece.title, None, until, ref)


def _homework(ends: _Ends, class_: TrainingClass, enrolment: Enrolment) -> Iterator[Marked]:
    tasks = {task.kind: task for task in WritingTask.objects.filter(training_class=class_, is_homework=True)}
    if not tasks:
        yield Marked(ends.item, "homework", "unplanned")
        return
    pieces = list(enrolment.outcomes.filter(kind__in=tasks).exclude(state="withdrawn").order_by("pk"))
    for kind, task in tasks.items():
        day = due_day(class_, task, enrolment)
        last = window(day, day, class_.zone)[1]
        mine = [piece for piece in pieces if piece.kind == kind]
        yield from (_piece(ends, piece, last) for piece in mine)
        if not mine:
            state, until = ends.asked(last)
            yield Marked(ends.item, "homework", state, task.title, None, until)


def _sitting(ends: _Ends, row: LearnerExam) -> Marked:
    ref, title = str(row.exam.uuid), row.exam.title
    scores = [paper.score for paper in row.attempts if paper.score is not None and ends.counts(paper.submitted_at)]
    if scores or row.best is not None:
        best, state = (max(scores), "marked") if scores else (row.best, "late")
        return Marked(ends.item, "midterm", state, title, best, None, ref)
    if row.being_marked:
        return Marked(ends.item, "midterm", "unmarked", title, None, None, ref)
    until = row.window.closes_at if row.window else row.ahead.opens_at if row.ahead else None
    state = {"open": "asked", "running": "asked", "ahead": "ahead"}.get(row.state, "missed")
    return Marked(ends.item, "midterm", state, title, None, until, ref)


def marked(class_: TrainingClass, rule: Scheme, enrolment: Enrolment) -> list[Marked]:
    """Nothing where the scheme weighs neither."""
    found: list[Marked] = []
    for item in rule.items:
        ends = _Ends(class_, item)
        if "homework" in item.metrics:
            found += _homework(ends, class_, enrolment)
        if "midterm" in item.metrics:
            rows = [row for row in learner_exams(class_, enrolment) if row.exam.role == Exam.Role.MIDTERM]
            found += [_sitting(ends, row) for row in rows] or [Marked(item.key, "midterm", "unplanned")]
    return found
