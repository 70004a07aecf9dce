"""Starting an attempt, and what becomes of one whose time is over; part of the room's `actions`."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from yanxiu.core.rules.marking import GivenAnswer, KeyedQuestion, points_of
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible
from yanxiu.people.queries import SYSTEM, Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import (
    CLOSED_STATES,
    can_manage,
    class_taking_facts,
    require,
    require_own_registration,
)
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamDeferral, Question
from yanxiu.training.exams.papers.dealing import deal_paper, paper_of
from yanxiu.training.exams.rules import require_attempt_left, require_exam_window, windows_of

__all__ = ["close_overdue", "expire_attempts", "hand_in", "note", "score_of", "settle", "start_attempt"]

State = ExamAttempt.State


def note(actor: Viewer, attempt: ExamAttempt, action: str, before: str, **details: object) -> None:
    """One audit entry of an attempt."""
    audit.record(
        action, "attempt", attempt.pk, actor_id=actor.person_id, class_id=attempt.enrolment.training_class_id,
        from_state=before, to_state=attempt.state if attempt.state != before else "", **details,
    )  # fmt: skip


def _accepted(kind: str, key: list[object]) -> tuple[str, ...]:
    return tuple(str(text) for text in key) if kind == Question.Kind.FILL_IN else ()


def _indexes(kind: str, key: list[int]) -> tuple[int, ...]:
    return () if kind == Question.Kind.FILL_IN else tuple(key)


def score_of(attempt: ExamAttempt, exam: Exam) -> int | None:
    """Points of what was saved; None while an essay waits for its mark."""
    rows = paper_of(attempt).values_list("num", "question__kind", "question__key", "points")
    paper = [
        KeyedQuestion(num, kind, _indexes(kind, key), points, _accepted(kind, key)) for num, kind, key, points in rows
    ]
    answers = attempt.answers.values_list("question__num", "choice", "text", "mark")
    given = {num: GivenAnswer(tuple(choice), text, mark) for num, choice, text, mark in answers}
    return points_of(paper, given, exam.partial)


def _digest(attempt: ExamAttempt, at: datetime) -> str:
    """Of who handed in what and when: number of question, its id, the choice in the bank's order, the text."""
    rows = attempt.answers.order_by("question__num").values_list(
        "question__num", "question__question_id", "choice", "text"
    )
    fact = [str(attempt.uuid), clock.to_ms(at), [list(row) for row in rows]]
    return hashlib.sha256(json.dumps(fact, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def hand_in(actor: Viewer, attempt: ExamAttempt, at: datetime, *, is_auto: bool = False) -> None:
    """Turns a running attempt, locked by the caller, into a submitted one."""
    attempt.state, attempt.submitted_at, attempt.is_auto = State.SUBMITTED, at, is_auto
    attempt.score, attempt.digest = score_of(attempt, attempt.exam), _digest(attempt, at)
    attempt.save(update_fields=["state", "submitted_at", "is_auto", "score", "digest"])
    details = {"score": attempt.score} if attempt.score is not None else {"to_mark": True}
    note(actor, attempt, "auto_submit_attempt" if is_auto else "submit_attempt", State.STARTED, **details)


def _end(actor: Viewer, attempt: ExamAttempt) -> None:
    """An attempt whose time is over: what was saved is handed in, or the attempt expires, as the exam says."""
    if attempt.exam.expired_counts:
        hand_in(actor, attempt, attempt.deadline_at, is_auto=True)
        return
    attempt.state = State.EXPIRED
    attempt.save(update_fields=["state"])
    note(actor, attempt, "expire_attempt", State.STARTED)


def _overdue(at: datetime) -> dict[str, Any]:
    return {"state": State.STARTED, "deadline_at__lte": at}


def settle(actor: Viewer, attempt_id: int) -> bool:
    """Ends one attempt if its time is over; was it? In a frozen class nothing changes any more."""
    waiting = ExamAttempt.objects.filter(pk=attempt_id, **_overdue(clock.now()))
    return waiting.exists() and _settled(actor, waiting)


@transaction.atomic
def _settled(actor: Viewer, waiting: QuerySet[ExamAttempt]) -> bool:
    stored = waiting.select_for_update().select_related("enrolment", "exam").first()
    if stored is None:
        return False
    training_class = TrainingClass.objects.select_for_update().get(pk=stored.enrolment.training_class_id)
    if training_class.state in CLOSED_STATES:
        return False
    _end(actor, stored)
    return True


def close_overdue() -> int:
    """Ends every attempt whose time is over, each in a transaction of its own; how many."""
    overdue = ExamAttempt.objects.filter(**_overdue(clock.now())).exclude(
        enrolment__training_class__state__in=CLOSED_STATES
    )
    return sum(settle(SYSTEM, pk) for pk in list(overdue.order_by("deadline_at").values_list("pk", flat=True)[:1000]))


@transaction.atomic
def expire_attempts(actor: Viewer, exam: Exam) -> int:
    """收卷: ends every attempt of the exam whose time is over; how many there were."""
    require(can_manage, actor, exam.training_class)
    class_taking_facts(exam.training_class_id)
    overdue = list(
        exam.attempts.select_for_update().filter(**_overdue(clock.now())).select_related("enrolment", "exam")
    )
    for attempt in overdue:
        _end(actor, attempt)
    return len(overdue)


@transaction.atomic
def start_attempt(actor: Viewer, exam: Exam, enrolment: Enrolment) -> ExamAttempt:
    """A new attempt, or the running one again (a lost connection loses no attempt, and wins no time)."""
    own = require_own_registration(actor, enrolment)
    stored = Exam.objects.filter(pk=exam.pk, training_class_id=own.training_class_id).first()
    if stored is None:
        raise NotVisible
    training_class, at = class_taking_facts(own.training_class_id, studying=True), clock.now()
    deferral = ExamDeferral.objects.filter(exam=stored, enrolment=own).first()
    window = require_exam_window(windows_of(stored, deferral), training_class, at)
    mine = stored.attempts.select_for_update().filter(enrolment=own).select_related("enrolment", "exam")
    attempts = list(mine.order_by("num"))
    for attempt in attempts:
        if attempt.state == State.STARTED:
            if at < attempt.deadline_at:
                return attempt
            _end(actor, attempt)
    require_attempt_left(window, attempts, stored)
    attempt = ExamAttempt.objects.create(
        exam=stored, enrolment=own, num=len(attempts) + 1, started_at=at, sitting=window.sitting,
        deadline_at=min(at + timedelta(minutes=stored.duration_minutes), window.closes_at),
    )  # fmt: skip
    deal_paper(attempt, stored, attempts)
    note(actor, attempt, "start_attempt", "", num=attempt.num)
    return attempt
