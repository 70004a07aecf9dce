"""Sitting exams: the server starts and ends the clock, whatever the browser says; with the setting of `setting`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import can_manage, class_taking_facts, local_text, require, require_own_registration
from yanxiu.training.exams.marking import KeyedQuestion, is_possible, points_of
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt, ExamQuestion
from yanxiu.training.exams.rules import require_exam_window, require_own_attempt
from yanxiu.training.exams.setting import add_question, create_bank, schedule_exam

__all__ = [
    "SavedAnswer",
    "add_question",
    "create_bank",
    "expire_attempts",
    "save_answer",
    "schedule_exam",
    "start_attempt",
    "submit_attempt",
]


def _record(actor: Viewer, attempt: ExamAttempt, action: str, before: str, **details: int) -> None:
    audit.record(
        action, "attempt", attempt.pk, actor_id=actor.person_id, class_id=attempt.enrolment.training_class_id,
        from_state=before, to_state=attempt.state if attempt.state != before else "", **details,
    )  # fmt: skip


def _expire(actor: Viewer, attempt: ExamAttempt) -> None:
    attempt.state = ExamAttempt.State.EXPIRED
    attempt.save(update_fields=["state"])
    _record(actor, attempt, "expire_attempt", ExamAttempt.State.STARTED)


@transaction.atomic
def start_attempt(actor: Viewer, exam: Exam, enrolment: Enrolment) -> ExamAttempt:
    """A new attempt, or the running one again (a lost connection loses no attempt, and wins no time)."""
    own = require_own_registration(actor, enrolment)
    stored = Exam.objects.filter(pk=exam.pk, training_class_id=own.training_class_id).first()
    if stored is None:
        raise NotVisible
    training_class, at = class_taking_facts(own.training_class_id, studying=True), clock.now()
    require_exam_window(stored, training_class, at)
    attempts = list(stored.attempts.select_for_update().filter(enrolment=own).select_related("enrolment"))
    for attempt in attempts:
        if attempt.state == ExamAttempt.State.STARTED:
            if at < attempt.deadline_at:
                return attempt
            _expire(actor, attempt)
    if len(attempts) >= stored.max_attempts:
        message = _("本次考试最多作答 %(most)d 次，您的次数已用完。") % {"most": stored.max_attempts}
        raise Refused("attempts_used_up", message)
    deadline = min(at + timedelta(minutes=stored.duration_minutes), stored.closes_at)
    attempt = ExamAttempt.objects.create(
        exam=stored, enrolment=own, num=len(attempts) + 1, started_at=at, deadline_at=deadline
    )
    _record(actor, attempt, "start_attempt", "", num=attempt.num)
    return attempt


def _running(actor: Viewer, attempt: ExamAttempt) -> tuple[ExamAttempt, datetime]:
    """The attempt, locked, its own learner's and still in time by the server's clock."""
    stored = (
        ExamAttempt.objects.select_for_update()
        .select_related("enrolment__training_class")
        .filter(pk=attempt.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    require_own_attempt(actor, stored)
    training_class, at = class_taking_facts(stored.enrolment.training_class_id), clock.now()
    if stored.state == ExamAttempt.State.EXPIRED or (
        stored.state == ExamAttempt.State.STARTED and at >= stored.deadline_at
    ):
        ended = local_text(stored.deadline_at, training_class.zone)
        message = _("本次作答已于 %(at)s 到时，不能再保存或交卷；如有剩余次数可重新开始。") % {"at": ended}
        raise Refused("attempt_over", message)
    return stored, at


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What a learner gets back: their own choice, never the key."""

    num: int
    choice: tuple[int, ...]
    saved_at: datetime


@transaction.atomic
def save_answer(actor: Viewer, attempt: ExamAttempt, *, num: int, choice: Sequence[int]) -> SavedAnswer:
    """The choice for one question; the same choice again changes nothing, an empty one clears it."""
    stored, at = _running(actor, attempt)
    if stored.state == ExamAttempt.State.SUBMITTED:
        raise Refused("already_submitted", _("已经交卷，不能再修改答案。"))
    question = ExamQuestion.objects.select_related("question").filter(exam_id=stored.exam_id, num=num).first()
    if question is None:
        raise Refused("no_such_question", _("试卷中没有第 %(num)d 题。") % {"num": num}, field="num")
    if not is_possible(question.question.kind, len(question.question.options), choice):
        raise Refused("bad_choice", _("选项不存在，或单选题、判断题选了多项。"), field="choice")
    chosen = sorted(choice)
    answer = ExamAnswer.objects.filter(attempt=stored, question=question).first()
    if answer is None or answer.choice != chosen:
        # Saved by hand: the attempt is locked, so nothing can come between the read above and this write.
        answer = answer or ExamAnswer(attempt=stored, question=question)
        answer.choice, answer.saved_at = chosen, at
        answer.save()
        _record(actor, stored, "save_answer", stored.state, num=num)
    return SavedAnswer(num, tuple(chosen), answer.saved_at)


def _score(attempt: ExamAttempt) -> int:
    paper = [
        KeyedQuestion(num, kind, tuple(key), points)
        for num, kind, key, points in ExamQuestion.objects.filter(exam_id=attempt.exam_id).values_list(
            "num", "question__kind", "question__key", "points"
        )
    ]
    return points_of(paper, dict(attempt.answers.values_list("question__num", "choice")))


@transaction.atomic
def submit_attempt(actor: Viewer, attempt: ExamAttempt) -> int:
    """交卷: mark what was saved, once. A repeated submit gets the same score and changes nothing."""
    stored, at = _running(actor, attempt)
    if stored.state == ExamAttempt.State.SUBMITTED and stored.score is not None:
        return stored.score
    score = _score(stored)
    stored.state, stored.submitted_at, stored.score = ExamAttempt.State.SUBMITTED, at, score
    stored.save(update_fields=["state", "submitted_at", "score"])
    _record(actor, stored, "submit_attempt", ExamAttempt.State.STARTED, score=score)
    return score


@transaction.atomic
def expire_attempts(actor: Viewer, exam: Exam) -> int:
    """Close every attempt whose time ran out unsubmitted; how many there were."""
    require(can_manage, actor, exam.training_class)
    class_taking_facts(exam.training_class_id)
    overdue = ExamAttempt.objects.select_for_update().filter(
        exam=exam, state=ExamAttempt.State.STARTED, deadline_at__lte=clock.now()
    )
    expired = 0
    for attempt in overdue.select_related("enrolment"):
        _expire(actor, attempt)
        expired += 1
    return expired
