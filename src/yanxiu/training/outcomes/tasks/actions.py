"""The class manager sets what the class asks for."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import body, line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require
from yanxiu.training.outcomes.tasks.kinds import KINDS
from yanxiu.training.outcomes.tasks.models import WritingTask

__all__ = ["set_task"]

LONGEST_TEXT, MOST_PIECES, MOST_FILES, MOST_MEGABYTES = 50_000, 20, 10, 20


def _within(number: int, most: int, *, field: str, label: str, least: int = 0) -> int:
    if not least <= number <= most:
        message = _("%(label)s应在 %(least)d 到 %(most)d 之间。")
        raise Refused("out_of_range", message % {"label": label, "least": least, "most": most}, field=field)
    return number


def _require_day(training_class: TrainingClass, due_on: date | None) -> None:
    if due_on is not None and not training_class.starts_on <= due_on <= training_class.ends_on:
        message = _("截止日期应在班级起止日期之内（%(first)s 至 %(last)s）；不填就是班级最后一天。")
        numbers = {"first": training_class.starts_on, "last": training_class.ends_on}
        raise Refused("bad_day", message % numbers, field="due_on")


@transaction.atomic
def set_task(
    actor: Viewer,
    training_class: TrainingClass,
    *,
    kind: str,
    title: str,
    requirements: str = "",
    min_characters: int = 0,
    max_characters: int = 0,
    pieces: int = 1,
    due_on: date | None = None,
    file_kinds: tuple[str, ...] = (),
    file_count: int = 3,
    file_megabytes: int = 10,
    peers_comment: bool = True,
    is_homework: bool = False,
) -> WritingTask:
    """Set or change the task of a kind. Pieces handed in before stay as they are."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if kind not in WritingTask.Kind.values:
        raise Refused("bad_kind", _("没有这种写作任务。"), field="kind")
    _within(min_characters, LONGEST_TEXT, field="min_characters", label=_("最少字数"))
    _within(max_characters, LONGEST_TEXT, field="max_characters", label=_("最多字数"))
    if max_characters and max_characters < min_characters:
        raise Refused("out_of_range", _("最多字数比最少字数还少，请改正。"), field="max_characters")
    _require_day(stored, due_on)
    task = WritingTask.objects.filter(training_class=stored, kind=kind).first()
    before = "set" if task else ""
    task = task or WritingTask(training_class=stored, kind=kind)
    task.title = line(title, field="title", label=_("任务名称"))
    task.requirements = body(requirements, field="requirements", label=_("要求"), limit=5_000, required=False)
    task.min_characters, task.max_characters, task.due_on = min_characters, max_characters, due_on
    task.pieces = _within(pieces, MOST_PIECES, field="pieces", label=_("篇数"), least=1)
    is_private = kind == WritingTask.Kind.THOUGHT_REPORT
    task.file_kinds = "" if is_private else ",".join(known for known in KINDS if known in file_kinds)
    task.file_count = _within(file_count, MOST_FILES, field="file_count", label=_("附件个数"), least=1)
    task.file_megabytes = _within(
        file_megabytes, MOST_MEGABYTES, field="file_megabytes", label=_("附件大小（MB）"), least=1
    )
    task.peers_comment = peers_comment and not is_private
    task.is_homework = is_homework and not is_private  # a thought report is never marked
    task.save()
    audit.record(
        "set_writing_task", "writing_task", task.pk, actor_id=actor.person_id, class_id=stored.pk, from_state=before,
        to_state="set", kind=kind, min_characters=min_characters, max_characters=max_characters, pieces=pieces,
        due_on=str(due_on or ""), file_kinds=task.file_kinds, peers_comment=task.peers_comment,
        is_homework=task.is_homework,
    )  # fmt: skip
    return task
