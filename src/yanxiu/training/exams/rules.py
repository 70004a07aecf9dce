"""Who may set exams and who may sit them, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import manages_any_class
from yanxiu.training.classes.rules import can_manage, can_tutor, local_text
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamDeferral

__all__ = [
    "SittingWindow", "can_mark", "can_schedule", "can_see_results", "is_exam_open", "is_review_open", "last_close",
    "require_attempt_left", "require_exam_window", "require_own_attempt", "require_setter", "windows_of",
]  # fmt: skip

can_schedule = can_manage
can_see_results = can_tutor
can_mark = can_tutor


@dataclass(frozen=True, slots=True)
class SittingWindow:
    """When attempts of one sitting may start: [opens_at, closes_at), at most `most` of them."""

    sitting: str
    opens_at: datetime
    closes_at: datetime
    most: int

    def is_open(self, at: datetime) -> bool:
        return self.opens_at <= at < self.closes_at


def windows_of(exam: Exam, deferral: ExamDeferral | None = None) -> tuple[SittingWindow, ...]:
    """正考, one's own 缓考, 补考: those there are, in the order in which they are tried."""
    kinds = ExamAttempt.Sitting
    windows = [SittingWindow(kinds.FIRST, exam.opens_at, exam.closes_at, exam.max_attempts)]
    if deferral is not None:
        windows.append(SittingWindow(kinds.DEFERRED, deferral.opens_at, deferral.closes_at, exam.max_attempts))
    if exam.resit_opens_at is not None and exam.resit_closes_at is not None:
        windows.append(SittingWindow(kinds.RESIT, exam.resit_opens_at, exam.resit_closes_at, exam.resit_attempts))
    return tuple(windows)


def is_exam_open(exam: Exam, at: datetime) -> bool:
    """In the window that everybody has: from opens_at to just before closes_at."""
    return exam.opens_at <= at < exam.closes_at


def require_exam_window(windows: Sequence[SittingWindow], training_class: TrainingClass, at: datetime) -> SittingWindow:
    """The window that is open; refuses a start outside of all of them, with the next or the last time."""
    for window in windows:
        if window.is_open(at):
            return window
    ahead = [window.opens_at for window in windows if at < window.opens_at]
    if ahead:
        opens = local_text(min(ahead), training_class.zone)
        raise Refused("window_not_open", _("考试 %(at)s 开始，请届时再进入。") % {"at": opens})
    closes = local_text(max(window.closes_at for window in windows), training_class.zone)
    raise Refused("window_closed", _("考试已于 %(at)s 结束，不能再作答。") % {"at": closes})


def require_attempt_left(window: SittingWindow, attempts: Sequence[ExamAttempt], exam: Exam) -> None:
    """Refuses one attempt too many, and a resit that is not needed or not yet known to be."""
    kinds, is_resit = ExamAttempt.Sitting, window.sitting == ExamAttempt.Sitting.RESIT
    used = [a for a in attempts if (a.sitting == kinds.RESIT) == is_resit]
    best = max((a.score for a in attempts if a.score is not None), default=None)
    if is_resit and best is not None and best >= exam.pass_mark:
        message = _("您已得 %(best)d 分，达到合格线 %(mark)d 分，不需要补考。")
        raise Refused("resit_not_needed", message % {"best": best, "mark": exam.pass_mark})
    if is_resit and any(a.state == ExamAttempt.State.SUBMITTED and a.score is None for a in attempts):
        raise Refused("still_marking", _("您的答卷还在批阅，成绩出来以后才能决定是否补考。"))
    if len(used) >= window.most:
        message = _("本次考试最多作答 %(most)d 次，您的次数已用完。") % {"most": window.most}
        raise Refused("attempts_used_up", message)


def last_close(exam: Exam, deferred_until: datetime | None = None) -> datetime:
    """The end of the last window of anybody; `deferred_until`: the latest deferral's."""
    ends = (exam.closes_at, exam.resit_closes_at, deferred_until)
    return max(end for end in ends if end is not None)


def is_review_open(exam: Exam, last: datetime, at: datetime) -> bool:
    """May the key leave the server? Never while anybody may still sit this exam (`last`: see last_close)."""
    if exam.review == Exam.Review.NEVER or at < last:
        return False
    return exam.review == Exam.Review.AFTER_CLOSE or exam.released_at is not None


def require_own_attempt(viewer: Viewer, attempt: ExamAttempt) -> None:
    """NotVisible for anybody but the one who sits it."""
    if viewer.person_id is None or attempt.enrolment.person_id != viewer.person_id:
        raise NotVisible


def require_setter(actor: Viewer) -> None:
    """Banks serve many classes: an organiser, or somebody who manages a class."""
    is_organiser = any(fact.role == "organiser" for fact in actor.region_roles)
    if not (actor.is_system or is_organiser or manages_any_class(actor)):
        raise Refused("not_allowed", _("只有班主任和组织管理者可以命题。"))
