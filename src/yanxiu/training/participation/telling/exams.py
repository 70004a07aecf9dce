"""Exams: results released, a deferral granted, a resit opened for those who have not passed. No score is in a notice."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import local_day
from yanxiu.kit.models import AuditEntry
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.classes.rules import STUDY_STATES, local_text
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamDeferral
from yanxiu.training.notices.inbox.actions import fan_out, notify
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["tell_deferred", "tell_of_resits", "tell_released"]


def tell_released(entry: AuditEntry) -> int:
    """Whoever handed a paper in."""
    exam = Exam.objects.filter(pk=entry.object_id).select_related("training_class").first()
    if exam is None:
        return 0
    sat = ExamAttempt.objects.filter(exam=exam, state=ExamAttempt.State.SUBMITTED)
    words = Words(
        say(_("成绩已发布：%(title)s"), title=exam.title), say(_("点开查看分数和评语。")), f"exams/{exam.uuid}"
    )
    persons = sat.values_list("enrolment__person_id", flat=True)
    return notify(persons, "grade", f"exam-released:{exam.pk}", words, exam.training_class)


def tell_deferred(entry: AuditEntry) -> int:
    """缓考 granted without having been asked for in the app, where the answer is told; moved, it is told again."""
    related = ("exam__training_class", "enrolment")
    deferral = ExamDeferral.objects.filter(pk=entry.object_id).select_related(*related).first()
    if deferral is None or entry.details.get("leave"):
        return 0
    exam, zone = deferral.exam, deferral.exam.training_class.zone
    times = {"opens": local_text(deferral.opens_at, zone), "closes": local_text(deferral.closes_at, zone)}
    words = Words(
        say(_("已准予缓考：%(title)s"), title=exam.title),
        say(_("您的考试时间：%(opens)s 至 %(closes)s。"), **times),
        f"exams/{exam.uuid}",
    )
    key = f"exam-deferred:{deferral.pk}:{clock.to_ms(deferral.closes_at)}"
    return notify([deferral.enrolment.person_id], "decision", key, words, exam.training_class)


def _not_passed(exam: Exam) -> Iterable[int]:
    """Persons who may sit the resit, asked for when somebody wants them: no paper at or above the pass mark, and none that is still being marked."""
    handed = ExamAttempt.objects.filter(exam=exam, enrolment=OuterRef("pk"), state=ExamAttempt.State.SUBMITTED)
    learners = counted_enrolments(exam.training_class_id).filter(
        ~Exists(handed.filter(score__gte=exam.pass_mark)), ~Exists(handed.filter(score=None))
    )
    return learners.values_list("person_id", flat=True)


def tell_of_resits() -> int:
    """Those who have not passed, when the resit opens; looked at again every day, for who was still being marked then."""
    now, made = clock.now(), 0
    open_ = Exam.objects.filter(
        resit_opens_at__lte=now, resit_closes_at__gt=now, training_class__state__in=STUDY_STATES
    ).select_related("training_class")
    for exam in open_:
        cls, opens, closes = exam.training_class, exam.resit_opens_at, exam.resit_closes_at
        if opens is None or closes is None:
            continue
        words = Words(
            say(_("补考开始了：%(title)s"), title=exam.title),
            say(_("您还没有合格，请在 %(closes)s 以前参加补考。"), closes=local_text(closes, cls.zone)),
            f"exams/{exam.uuid}",
        )
        key, day = f"resit:{exam.pk}:{clock.to_ms(opens)}", local_day(clock.to_ms(now), cls.zone)
        made += fan_out(cls, "resit", key, words, _not_passed(exam), again=f"@{day:%Y%m%d}") or 0
    return made
