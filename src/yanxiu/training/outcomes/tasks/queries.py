"""Reads of the tasks of a class."""

from dataclasses import dataclass
from datetime import date

from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.rules import due_day, is_past

__all__ = ["TaskRow", "task_of", "task_rows"]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as shown; `is_set` is False for a kind the class asks nothing particular of."""

    kind: str
    kind_label: str
    is_set: bool
    title: str
    requirements: str
    min_characters: int
    max_characters: int
    pieces: int
    due_on: date
    own_due_on: date | None  # the task's own, None where the class's end holds
    file_kinds: tuple[str, ...]
    file_count: int
    file_megabytes: int
    peers_comment: bool
    is_homework: bool = False
    is_over: bool = False  # nothing more is taken, unless the manager opens make-up study


def task_of(class_id: int, kind: str) -> WritingTask | None:
    """The task of a class for a kind, for the room's own actions; None = the class asks for nothing more."""
    return WritingTask.objects.filter(training_class_id=class_id, kind=kind).first()


def _row(training_class: TrainingClass, kind: str, task: WritingTask | None, enrolment: Enrolment | None) -> TaskRow:
    label = str(WritingTask.Kind(kind).label)
    held = task or WritingTask(kind=kind, title=label, pieces=0)
    return TaskRow(
        kind, label, task is not None, held.title, held.requirements, held.min_characters, held.max_characters, held.pieces,
        due_day(training_class, task, enrolment), held.due_on, held.kinds_of_files, held.file_count, held.file_megabytes,
        held.peers_comment, held.is_homework, is_past(training_class, task, enrolment, clock.now()),
    )  # fmt: skip


def task_rows(viewer: Viewer, training_class: TrainingClass, enrolment: Enrolment | None = None) -> dict[str, TaskRow]:
    """What the class asks for, by kind: every kind, set or not. With an enrolment, deadlines are that learner's."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    stored = {task.kind: task for task in WritingTask.objects.filter(training_class=training_class)}
    return {kind: _row(training_class, kind, stored.get(kind), enrolment) for kind in WritingTask.Kind.values}
