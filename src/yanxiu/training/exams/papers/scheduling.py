"""Exams and their windows; part of the room's `actions`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from yanxiu.core.rules.blueprint import Section
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require
from yanxiu.training.exams.models import Exam, ExamDeferral, ExamQuestion, ExamSection, Question, QuestionBank
from yanxiu.training.exams.papers.dealing import draw_now, new_seed, require_enough
from yanxiu.training.exams.rules import is_review_open, last_close

__all__ = ["Terms", "cancel_exam", "defer", "schedule_exam", "set_resit"]

FULL_MARKS = 100
MOST_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters of an exam besides its paper and its window; the defaults are those of the first exams."""

    pass_mark: int = 60
    is_shuffled: bool = False
    redraws: bool = True
    partial: str = "none"
    expired_counts: bool = False
    review: str = "never"
    resit: tuple[datetime, datetime] | None = None
    resit_attempts: int = 1


STANDARD = Terms()


def _check_window(opens_at: datetime, closes_at: datetime, field: str) -> None:
    if opens_at.tzinfo is None or closes_at.tzinfo is None or closes_at <= opens_at:
        raise Refused("bad_dates", _("考试结束时间应晚于开始时间。"), field=field)


def _check_times(opens_at: datetime, closes_at: datetime, duration_minutes: int, max_attempts: int) -> None:
    _check_window(opens_at, closes_at, "closes_at")
    if not 1 <= duration_minutes <= 600:
        raise Refused("bad_duration", _("考试时长应在 1 到 600 分钟之间。"), field="duration_minutes")
    if not 1 <= max_attempts <= 10:
        raise Refused("bad_attempts", _("作答次数应在 1 到 10 次之间。"), field="max_attempts")


def _check_terms(terms: Terms, closes_at: datetime) -> None:
    if not 0 <= terms.pass_mark <= FULL_MARKS:
        raise Refused("bad_pass_mark", _("合格线应在 0 到 100 分之间。"), field="pass_mark")
    if terms.partial not in Exam.Partial.values or terms.review not in Exam.Review.values:
        raise Refused("bad_terms", _("没有这种计分或公布答案的规则。"), field="terms")
    if terms.resit is not None:
        _check_resit(closes_at, *terms.resit, terms.resit_attempts)


def _check_resit(closes_at: datetime, opens: datetime, closes: datetime, most: int) -> None:
    _check_window(opens, closes, "resit_closes_at")
    if opens < closes_at:
        raise Refused("bad_dates", _("补考应在正考结束之后开始。"), field="resit_opens_at")
    if not 1 <= most <= 10:
        raise Refused("bad_attempts", _("作答次数应在 1 到 10 次之间。"), field="resit_attempts")


def _require_full_marks(points: Sequence[int]) -> None:
    if any(each < 1 for each in points) or sum(points) != FULL_MARKS:
        message = _("各题分值应为正整数，合计应为 100 分，现为 %(total)d 分。") % {"total": sum(points)}
        raise Refused("bad_points", message, field="questions")


def _check_paper(questions: Sequence[tuple[Question, int]]) -> None:
    _require_full_marks([points for _question, points in questions])
    if len({question.pk for question, _points in questions}) != len(questions):
        raise Refused("question_twice", _("同一道题在试卷中出现了两次。"), field="questions")


def _check_blueprint(training_class: TrainingClass, sections: Sequence[Section]) -> None:
    counts = [section.count for section in sections]
    if any(count < 1 for count in counts) or sum(counts) > MOST_QUESTIONS:
        message = _("每部分至少 1 题，全卷最多 %(most)d 题。") % {"most": MOST_QUESTIONS}
        raise Refused("bad_count", message, field="sections")
    _require_full_marks([section.points for section in sections for _n in range(section.count)])
    wanted = {section.bank for section in sections}
    region = training_class.region.path
    banks = QuestionBank.objects.filter(pk__in=wanted).select_related("region")
    if len([b for b in banks if b.region is None or region.startswith(b.region.path)]) != len(wanted):
        raise NotVisible
    require_enough(sections)


def _write_paper(exam: Exam, questions: Sequence[tuple[int, int]]) -> None:
    ExamQuestion.objects.bulk_create(
        ExamQuestion(exam=exam, question_id=question, num=num, points=points)
        for num, (question, points) in enumerate(questions, start=1)
    )


def _write_sections(exam: Exam, sections: Sequence[Section], *, common: bool) -> None:
    if common:
        drawn = draw_now(sections, new_seed())
        _write_paper(exam, [(each.question, each.points) for each in drawn])
        return
    ExamSection.objects.bulk_create(
        ExamSection(exam=exam, num=num, bank_id=s.bank, kind=s.kind, tag=s.tag, count=s.count, points=s.points)
        for num, s in enumerate(sections, start=1)
    )


@transaction.atomic
def schedule_exam(
    actor: Viewer,
    training_class: TrainingClass,
    *,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    duration_minutes: int,
    questions: Sequence[tuple[Question, int]] = (),
    sections: Sequence[Section] = (),
    common: bool = False,
    max_attempts: int = 2,
    terms: Terms = STANDARD,
    role: str = Exam.Role.FINAL,
) -> Exam:
    """A paper of 100 points with its times; what it asks cannot be changed afterwards.

    `questions` is a paper as it stands; `sections` a blueprint, drawn for every attempt, or now and once with `common`.
    """
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    _check_times(opens_at, closes_at, duration_minutes, max_attempts)
    _check_terms(terms, closes_at)
    if role not in Exam.Role.values:
        raise Refused("bad_role", _("请选择是期中考试还是结业考试。"), field="role")
    if sections:
        _check_blueprint(stored, sections)
    else:
        _check_paper(questions)
    resit = terms.resit or (None, None)
    exam = Exam.objects.create(
        training_class=stored, title=line(title, field="title", label=_("考试名称")), opens_at=opens_at,
        closes_at=closes_at, duration_minutes=duration_minutes, max_attempts=max_attempts, pass_mark=terms.pass_mark,
        is_shuffled=terms.is_shuffled, redraws=terms.redraws, partial=terms.partial, expired_counts=terms.expired_counts,
        review=terms.review, resit_opens_at=resit[0], resit_closes_at=resit[1], resit_attempts=terms.resit_attempts,
        role=role,
    )  # fmt: skip
    if sections:
        _write_sections(exam, sections, common=common)
    else:
        _write_paper(exam, [(question.pk, points) for question, points in questions])
    audit.record(
        "schedule_exam", "exam", exam.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="scheduled",
        questions=len(questions) or sum(section.count for section in sections), max_attempts=max_attempts, role=role,
    )  # fmt: skip
    return exam


def _own_exam(actor: Viewer, exam: Exam) -> Exam:
    require(can_manage, actor, exam.training_class)
    class_taking_facts(exam.training_class_id)
    return Exam.objects.select_for_update().get(pk=exam.pk)


@transaction.atomic
def cancel_exam(actor: Viewer, exam: Exam) -> None:
    """Takes an exam back that nobody has begun, with its paper; that it was scheduled stays in the audit log."""
    stored = _own_exam(actor, exam)
    if stored.attempts.exists():
        raise Refused("has_attempts", _("已经有学员开始作答，不能取消；可以延长补考，或另外安排一场。"))
    audit.record(
        "cancel_exam", "exam", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        from_state="scheduled", to_state="cancelled",
        opens_ms=clock.to_ms(stored.opens_at), closes_ms=clock.to_ms(stored.closes_at),
    )  # fmt: skip
    for part in (stored.deferrals, stored.paper, stored.sections):
        part.all().delete()
    try:
        stored.delete()
    except ProtectedError as error:
        raise Refused("asked_for", _("已经有学员就这场考试申请缓考，不能取消。")) from error


def _require_keys_inside(exam: Exam) -> None:
    """Once anybody may read the key of an exam, nobody may sit it any more."""
    until = exam.deferrals.aggregate(last=Max("closes_at"))["last"]
    if is_review_open(exam, last_close(exam, until), clock.now()):
        raise Refused("wrong_state", _("本场考试的答案已可查看，不能再安排补考或缓考；请另外安排一场考试。"))


@transaction.atomic
def set_resit(actor: Viewer, exam: Exam, *, opens_at: datetime, closes_at: datetime, attempts: int = 1) -> Exam:
    """补考: a second window, for those below the pass mark. Setting it again moves it; one that has begun only ends later."""
    stored = _own_exam(actor, exam)
    _check_resit(stored.closes_at, opens_at, closes_at, attempts)
    _require_keys_inside(stored)
    before = stored.resit_opens_at
    if before is not None and before <= clock.now() and (opens_at != before or closes_at < clock.now()):
        raise Refused("wrong_state", _("补考已经开始，只能延后结束时间。"), field="resit_opens_at")
    stored.resit_opens_at, stored.resit_closes_at, stored.resit_attempts = opens_at, closes_at, attempts
    stored.save(update_fields=["resit_opens_at", "resit_closes_at", "resit_attempts"])
    audit.record(
        "set_resit", "exam", stored.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        opens_ms=clock.to_ms(opens_at), closes_ms=clock.to_ms(closes_at), attempts=attempts,
    )  # fmt: skip
    return stored


@transaction.atomic
def defer(
    actor: Viewer,
    enrolment: Enrolment,
    exam: Exam,
    until: datetime,
    *,
    opens_at: datetime | None = None,
    reason: str = "",
    leave_id: int | None = None,
) -> ExamDeferral:
    """缓考: one learner may sit the exam from `opens_at` (at once) to `until`, whatever its own window; again to change it.

    The attempts are those of the first window; a deferred one is no resit. `leave_id`: of the request it answers.
    """
    stored, at = _own_exam(actor, exam), clock.now()
    if enrolment.training_class_id != stored.training_class_id:
        raise NotVisible
    starts = opens_at or at
    _check_window(starts, until, "until")
    if until <= at:
        raise Refused("bad_dates", _("缓考的截止时间已经过去，请重新填写。"), field="until")
    _require_keys_inside(stored)
    words = line(reason, field="reason", label=_("缓考原因"), limit=200, required=False)
    deferral, _created = ExamDeferral.objects.update_or_create(
        exam=stored, enrolment=enrolment, defaults={"opens_at": starts, "closes_at": until, "reason": words}
    )
    audit.record(
        "defer_exam", "exam_deferral", deferral.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        to_state="granted", exam=stored.pk, enrolment=enrolment.pk, opens_ms=clock.to_ms(starts), until_ms=clock.to_ms(until),
        leave=leave_id or 0,
    )  # fmt: skip
    return deferral
