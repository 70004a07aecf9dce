"""请假、缓考、延期: asked for by the learner, decided by the class manager; granting does what was asked for."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.core.time.windows import local_day, window
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.learners import extend_learner
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require, require_own_registration
from yanxiu.training.exams.actions import defer
from yanxiu.training.exams.models import Exam
from yanxiu.training.participation.models import LeaveRequest

__all__ = ["ask_leave", "decide_leave", "withdraw_leave"]

MOST_WAITING = 10
_Kind, _State = LeaveRequest.Kind, LeaveRequest.State


def _record(actor: Viewer, asked: LeaveRequest, action: str, before: str) -> None:
    audit.record(
        action, "leave", asked.pk, actor_id=actor.person_id, class_id=asked.enrolment.training_class_id,
        from_state=before, to_state=asked.state, kind=asked.kind, starts_on=str(asked.starts_on),
        ends_on=str(asked.ends_on),
    )  # fmt: skip


def _checked_days(kind: str, starts_on: date, ends_on: date, enrolment: Enrolment) -> None:
    cls = enrolment.training_class
    today = local_day(clock.now_ms(), cls.zone)
    if ends_on < starts_on:
        raise Refused("bad_dates", _("结束日期早于开始日期，请改正。"), field="ends_on")
    if (ends_on - starts_on).days > 366:
        raise Refused("bad_dates", _("时间超过一年，请核对年份。"), field="ends_on")
    if kind == _Kind.LEAVE and not (cls.starts_on <= starts_on and ends_on <= cls.ends_on):
        raise Refused("bad_dates", _("请假日期要在班级起止日期之内。"), field="starts_on")
    if kind == _Kind.EXTENSION and ends_on <= max(cls.ends_on, enrolment.extended_to or cls.ends_on):
        raise Refused(
            "bad_dates", _("延期到的日期要晚于现在的结束日期 %(day)s。") % {"day": cls.ends_on}, field="ends_on"
        )
    if ends_on < today:
        raise Refused("bad_dates", _("日期已经过去，请核对。"), field="ends_on")


def _exam_of(kind: str, exam_id: int | None, enrolment: Enrolment) -> Exam | None:
    if kind != _Kind.DEFERRAL:
        return None
    exam = Exam.objects.filter(pk=exam_id or 0, training_class_id=enrolment.training_class_id).first()
    if exam is None:
        raise Refused("no_exam", _("请选择要缓考的考试。"), field="exam")
    return exam


@transaction.atomic
def ask_leave(
    actor: Viewer, enrolment: Enrolment, *, kind: str, starts_on: date, ends_on: date, reason: str,
    exam_id: int | None = None,
) -> LeaveRequest:  # fmt: skip
    """One request; the same one while it is still waiting changes nothing (a double click asks once)."""
    own = require_own_registration(actor, enrolment)
    own.training_class = class_taking_facts(own.training_class_id)
    if kind not in _Kind.values:
        raise Refused("bad_kind", _("请选择请假、缓考或延期。"), field="kind")
    _checked_days(kind, starts_on, ends_on, own)
    words = line(reason, field="reason", label=_("事由"), limit=300)
    exam = _exam_of(kind, exam_id, own)
    waiting = LeaveRequest.objects.filter(enrolment=own, state=_State.ASKED)
    same = waiting.filter(kind=kind, exam=exam, starts_on=starts_on, ends_on=ends_on).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_WAITING:
        raise Refused("too_many", _("您已有 %(most)d 份申请等待审批，请先等班主任处理。") % {"most": MOST_WAITING})
    asked = LeaveRequest.objects.create(
        enrolment=own, kind=kind, exam=exam, starts_on=starts_on, ends_on=ends_on, reason=words, asked_at=clock.now()
    )
    _record(actor, asked, "ask_leave", "")
    return asked


def _stored(asked: LeaveRequest) -> LeaveRequest:
    stored = (
        LeaveRequest.objects.select_for_update()
        .select_related("enrolment__training_class__region", "exam")
        .filter(pk=asked.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    return stored


@transaction.atomic
def withdraw_leave(actor: Viewer, asked: LeaveRequest) -> LeaveRequest:
    """Taken back by the learner before it was decided."""
    stored = _stored(asked)
    if stored.enrolment.person_id != actor.person_id:
        raise NotVisible
    if stored.state == _State.WITHDRAWN:
        return stored
    if stored.state != _State.ASKED:
        raise Refused("wrong_state", _("申请已经审批，不能撤回；如需更改请联系班主任。"))
    stored.state = _State.WITHDRAWN
    stored.save(update_fields=["state"])
    _record(actor, stored, "withdraw_leave", _State.ASKED)
    return stored


def _grant(actor: Viewer, asked: LeaveRequest) -> None:
    cls = asked.enrolment.training_class
    if asked.kind == _Kind.EXTENSION:
        extend_learner(actor, asked.enrolment, until=asked.ends_on)
    elif asked.kind == _Kind.DEFERRAL and asked.exam is not None:
        opens, closes = window(asked.starts_on, asked.ends_on, cls.zone)
        defer(
            actor,
            asked.enrolment,
            asked.exam,
            closes,
            opens_at=max(opens, clock.now()),
            reason=asked.reason[:200],
            leave_id=asked.pk,
        )


@transaction.atomic
def decide_leave(actor: Viewer, asked: LeaveRequest, *, granted: bool, answer: str = "") -> LeaveRequest:
    """The class manager's answer; a refusal needs words. What was granted takes effect in the same transaction."""
    stored = _stored(asked)
    require(can_manage, actor, stored.enrolment.training_class)
    class_taking_facts(stored.enrolment.training_class_id)
    if stored.state != _State.ASKED:
        raise Refused("wrong_state", _("这份申请已经处理过了，请刷新页面查看结果。"))
    stored.answer = line(answer, field="answer", label=_("审批意见"), limit=300, required=not granted)
    stored.state = _State.GRANTED if granted else _State.REFUSED
    stored.decided_by_id, stored.decided_at = actor.person_id, clock.now()
    stored.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _record(actor, stored, "decide_leave", _State.ASKED)
    if granted:
        _grant(actor, stored)
    return stored
