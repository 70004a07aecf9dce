"""How much, how many and until when: asked by every submission."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from yanxiu.core.time.windows import window
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import require_class_window
from yanxiu.training.outcomes.tasks.models import WritingTask

__all__ = ["due_day", "is_past", "require_in_time", "require_length"]


def due_day(training_class: TrainingClass, task: WritingTask | None, enrolment: Enrolment | None = None) -> date:
    """The last day of handing in: the task's, else the class's; an extension granted to the learner (延期) moves it."""
    last = training_class.ends_on if task is None or task.due_on is None else task.due_on
    if enrolment is not None and enrolment.extended_to is not None:
        last = max(last, enrolment.extended_to)
    return last


def is_past(training_class: TrainingClass, task: WritingTask | None, enrolment: Enrolment | None, at: datetime) -> bool:
    """After the end of the last day; never while the class is in make-up study."""
    last = due_day(training_class, task, enrolment)
    return at >= window(last, last, training_class.zone)[1] and training_class.state != TrainingClass.State.MAKEUP


def require_in_time(
    training_class: TrainingClass, task: WritingTask | None, enrolment: Enrolment, at: datetime
) -> None:
    """Inside the class's days and before the end of the task's last one; make-up study (补学) lifts both ends."""
    require_class_window(training_class, at, enrolment)
    if is_past(training_class, task, enrolment, at):
        message = _("这项任务已于 %(day)s 24:00 截止，没有提交；文字还在草稿里。需要补交请联系班主任。")
        raise Refused("late", message % {"day": due_day(training_class, task, enrolment)})


def require_length(task: WritingTask | None, characters: int) -> None:
    """字数 within what the task asks for; never nothing but punctuation."""
    if not characters:
        raise Refused("empty", _("正文没有一个字，写好以后再提交。"), field="body")
    if task is None:
        return
    numbers = {"now": characters, "least": task.min_characters, "most": task.max_characters}
    if characters < task.min_characters:
        message = _("要求不少于 %(least)d 字，现有 %(now)d 字，没有提交；写够以后再提交。")
        raise Refused("too_short", message % numbers, field="body")
    if task.max_characters and characters > task.max_characters:
        message = _("要求不超过 %(most)d 字，现有 %(now)d 字，没有提交；精简以后再提交。")
        raise Refused("too_long", message % numbers, field="body")
