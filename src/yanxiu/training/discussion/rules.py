"""Who may write in a discussion round, and when."""

from datetime import datetime

from django.utils.translation import gettext as _

from yanxiu.core.time.windows import window
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import enrolment_of, visible_classes
from yanxiu.training.classes.rules import STUDY_STATES, can_tutor, is_closed
from yanxiu.training.discussion.models import DiscussionRound

__all__ = ["POST_LIMIT", "has_begun", "is_round_open", "require_round_window", "why_not_now", "writes_as_learner"]

POST_LIMIT = 10_000


def is_round_open(round_: DiscussionRound, training_class: TrainingClass, at: datetime) -> bool:
    """From the first day's 00:00 to the last day's 24:00, in the class's zone."""
    opens, closes = window(round_.opens_on, round_.closes_on, training_class.zone)
    return opens <= at < closes


def has_begun(round_: DiscussionRound, training_class: TrainingClass, at: datetime) -> bool:
    return at >= window(round_.opens_on, round_.closes_on, training_class.zone)[0]


def require_round_window(round_: DiscussionRound, training_class: TrainingClass, at: datetime) -> None:
    """Refuses what comes before or after the round, with its days."""
    opens, closes = window(round_.opens_on, round_.closes_on, training_class.zone)
    if at < opens:
        message = _("本轮研讨 %(day)s 开始，开始以后才能发帖。")
        raise Refused("window_not_open", message % {"day": round_.opens_on}, field="body")
    if at >= closes:
        message = _("本轮研讨已于 %(day)s 24:00 截止，不能再发帖或回帖。")
        raise Refused("window_closed", message % {"day": round_.closes_on}, field="body")


def why_not_now(round_: DiscussionRound, training_class: TrainingClass, enrolment: Enrolment, at: datetime) -> str:
    """Why a learner cannot write in the round at this moment; "" where they can. The actions ask again."""
    if is_closed(training_class):
        return _("本班数据已冻结，研讨只能阅读，不能再发帖或回帖。")
    if training_class.state not in STUDY_STATES:
        return _("本班尚未开始学习，开班以后才能发帖。")
    if enrolment.state != Enrolment.State.REGISTERED:
        return _("您还没有在本班注册，请先完成注册。")
    try:
        require_round_window(round_, training_class, at)
    except Refused as refused:
        return refused.message
    return ""


def writes_as_learner(viewer: Viewer, training_class: TrainingClass) -> tuple[int, bool]:
    """Person id, and True for a registered learner, False for the class's tutor or manager; everybody else is refused."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    if viewer.person_id is None:
        raise Refused("not_allowed", _("只有本班学员、辅导教师和班主任可以发言。"))
    enrolment = enrolment_of(viewer, training_class)
    if enrolment is not None and enrolment.state == Enrolment.State.REGISTERED:
        return viewer.person_id, True
    if can_tutor(viewer, training_class):
        return viewer.person_id, False
    if enrolment is not None:
        raise Refused("not_registered", _("您还没有在本班注册，请先完成注册。"))
    raise Refused("not_allowed", _("只有本班学员、辅导教师和班主任可以发言。"))
