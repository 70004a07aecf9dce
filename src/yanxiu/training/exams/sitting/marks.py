"""Marking essays and releasing an exam; part of the room's `actions`."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.people.models import Person
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.rules import can_manage, can_tutor, class_taking_facts, local_text, require
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt, Question
from yanxiu.training.exams.rules import last_close
from yanxiu.training.exams.sitting.attempts import note, score_of

__all__ = ["mark_essay", "release_exam"]


def _answer(actor: Viewer, answer: ExamAnswer) -> ExamAnswer:
    rows = ExamAnswer.objects.select_for_update().select_related(
        "attempt__enrolment", "attempt__exam__training_class", "question__question"
    )
    stored = rows.filter(pk=answer.pk).first()
    if stored is None:
        raise NotVisible
    exam = stored.attempt.exam
    require(can_tutor, actor, exam.training_class)
    class_taking_facts(exam.training_class_id)
    if stored.question.question.kind != Question.Kind.ESSAY or stored.attempt.state != ExamAttempt.State.SUBMITTED:
        raise NotVisible
    if exam.released_at is not None:
        raise Refused("wrong_state", _("成绩已经发布，不能再改分。"))
    return stored


@transaction.atomic
def mark_essay(
    actor: Viewer, answer: ExamAnswer, *, points: int, remark: str = "", seen: datetime | None = None
) -> ExamAnswer:
    """Points and a comment for one essay; may be changed until the exam is released. The last one makes the score final.

    `seen`: when the answer was last marked as far as the marker's page knew; another's mark meanwhile is not lost unseen.
    """
    stored = _answer(actor, answer)
    if stored.marked_at != seen:
        message = _("另一位老师刚给这份答案评了 %(mark)s 分，请看过以后再决定是否改分。")
        raise Refused("conflict", message % {"mark": stored.mark}, field="points")
    if not 0 <= points <= stored.question.points:
        message = _("得分应是 0 到 %(most)d 的整数。") % {"most": stored.question.points}
        raise Refused("bad_points", message, field="points")
    before = stored.mark
    stored.mark, stored.marked_at = points, clock.now()
    stored.remark = clean_body(remark, field="remark", label=_("评语"), limit=2_000, required=False)
    stored.marked_by = Person.objects.filter(pk=actor.person_id or 0).first()
    stored.save(update_fields=["mark", "remark", "marked_by", "marked_at"])
    attempt = stored.attempt
    attempt.score = score_of(attempt, attempt.exam)
    attempt.save(update_fields=["score"])
    details = {"num": stored.question.num, "points": points, "points_before": before, "score": attempt.score}
    note(actor, attempt, "mark_essay", attempt.state, **details)
    return stored


@transaction.atomic
def release_exam(actor: Viewer, exam: Exam) -> Exam:
    """发布成绩: every submitted paper is marked and nobody sits the exam any more; marks are fixed from now on."""
    require(can_manage, actor, exam.training_class)
    training_class = class_taking_facts(exam.training_class_id)
    stored, at = Exam.objects.select_for_update().get(pk=exam.pk), clock.now()
    if stored.released_at is not None:
        return stored
    last = last_close(stored, stored.deferrals.aggregate(last=Max("closes_at"))["last"])
    if at < last:
        message = _("考试（含补考、缓考）到 %(at)s 才全部结束，结束以后才能发布成绩。")
        raise Refused("wrong_state", message % {"at": local_text(last, training_class.zone)})
    waiting = stored.attempts.filter(state=ExamAttempt.State.SUBMITTED, score=None).count()
    if waiting:
        raise Refused("wrong_state", _("还有 %(n)d 份答卷的简答题没有批完，批完以后才能发布成绩。") % {"n": waiting})
    stored.released_at = at
    stored.save(update_fields=["released_at"])
    audit.record(
        "release_exam", "exam", stored.pk, actor_id=actor.person_id, class_id=training_class.pk,
        from_state="scheduled", to_state="released",
    )  # fmt: skip
    return stored
