"""A confirmed mark put right: one member of staff proposes it with the reason, another confirms; the ledger keeps both entries."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.classes.rules import can_manage, can_view_data, require, require_two_staff
from yanxiu.training.participation.attendance.books.decisions import decide, require_undecided
from yanxiu.training.participation.attendance.confirming import finish
from yanxiu.training.participation.attendance.marking import Mark, checked_mark
from yanxiu.training.participation.attendance.models import Attendance, AttendanceCorrection, InPersonSession
from yanxiu.training.participation.attendance.planning import stored_session

__all__ = [
    "CorrectionRow", "confirm_correction", "corrections_of", "decline_correction", "open_corrections", "propose_correction",
]  # fmt: skip

_Step = AttendanceCorrection.Step
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    correction_id: int
    session_uuid: str
    session: str
    person_id: int
    name: str
    before: str
    after: str
    arrived_at: datetime | None
    left_at: datetime | None
    reason: str
    step: str
    step_label: str
    proposed_by: str
    proposed_by_id: int
    second: str
    decided_at: datetime | None


def _row(found: AttendanceCorrection) -> CorrectionRow:
    mark = found.attendance
    return CorrectionRow(
        found.pk, str(mark.session.uuid), mark.session.lesson.title, mark.enrolment.person_id, mark.enrolment.person.name,
        str(found.get_before_display()) if found.before else _("没有登记"), str(found.get_state_display()),
        found.arrived_at, found.left_at, found.reason, found.step, str(found.get_step_display()), found.proposed_by.name,
        found.proposed_by_id, found.second.name if found.second else "", found.decided_at,
    )  # fmt: skip


_RELATED = ("attendance__session__lesson", "attendance__enrolment__person", "proposed_by", "second")


def corrections_of(session: InPersonSession, *, enrolment: Enrolment | None = None) -> list[CorrectionRow]:
    """The newest first; of one learner where it is named."""
    found = AttendanceCorrection.objects.filter(attendance__session=session).select_related(*_RELATED)
    if enrolment is not None:
        found = found.filter(attendance__enrolment=enrolment)
    return [_row(each) for each in found.order_by("-pk")[:MOST_SHOWN]]


def open_corrections(class_id: int) -> list[CorrectionRow]:
    """What waits for a second person, the oldest first."""
    waiting = AttendanceCorrection.objects.filter(
        attendance__session__training_class_id=class_id, step=_Step.PROPOSED
    ).select_related(*_RELATED)
    return [_row(each) for each in waiting.order_by("pk")[:MOST_SHOWN]]


def _recorded(
    action: str, found: AttendanceCorrection, actor: Viewer, class_id: int, before: str
) -> AttendanceCorrection:
    audit.record(
        action, "attendance_correction", found.pk, actor_id=actor.person_id, class_id=class_id, from_state=before,
        to_state=found.step, attendance=found.attendance_id, mark=found.state,
    )  # fmt: skip
    return found


@transaction.atomic
def propose_correction(
    actor: Viewer, session: InPersonSession, *, enrolment_id: int, mark: Mark, reason: str
) -> AttendanceCorrection:
    """By a manager of the class, never about oneself. Somebody who was not on the sheet may be added in the same way."""
    require(can_manage, actor, session.training_class)
    stored = stored_session(session, InPersonSession.State.CONFIRMED)
    found = (
        Attendance.objects.select_related("enrolment__person").filter(session=stored, enrolment_id=enrolment_id).first()
    )
    if found is None:
        learner = counted_enrolments(stored.training_class_id).select_related("person").filter(pk=enrolment_id).first()
        if learner is None:
            raise NotVisible
        found = Attendance(session=stored, enrolment=learner)
    if found.enrolment.person_id == actor.person_id:
        raise Refused("own_study", _("不能更正自己的考勤。"))
    wanted = checked_mark(stored, mark, found.enrolment.person.name)
    if found.position is not None and wanted == Mark(found.state, found.arrived_at, found.left_at):
        raise Refused("unchanged", _("与现在的登记一样，不用更正。"), field="state")
    words = line(reason, field="reason", label=_("更正理由"), limit=300)
    found.save()
    try:
        with transaction.atomic():
            made = AttendanceCorrection.objects.create(
                attendance=found, before=found.state, state=wanted.state, arrived_at=wanted.arrived_at,
                left_at=wanted.left_at, reason=words, proposed_by_id=actor.person_id or 0, proposed_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused("proposed", _("这位学员的考勤已有一件更正在等复核。")) from None
    return _recorded("propose_attendance", made, actor, stored.training_class_id, "")


def _stored(training_class: TrainingClass, correction_id: int) -> AttendanceCorrection:
    """Still open, locked with its session."""
    corrections = AttendanceCorrection.objects.select_for_update().filter(
        pk=correction_id, attendance__session__training_class=training_class
    )
    found = corrections.select_related("attendance__enrolment__person").first()
    if found is None:
        raise NotVisible
    session = InPersonSession.objects.get(pk=found.attendance.session_id)
    found.attendance.session = stored_session(session, InPersonSession.State.CONFIRMED)
    if found.step != _Step.PROPOSED:
        words = {"step": found.get_step_display()}
        raise Refused("decided", _("这件更正已经是“%(step)s”，请刷新页面再看。") % words)
    require_undecided(found)
    return found


def _require_second(actor: Viewer, found: AttendanceCorrection, training_class: TrainingClass) -> None:
    require(can_view_data, actor, training_class)
    if actor.person_id in {None, found.attendance.enrolment.person_id}:
        raise Refused("own_study", _("不能更正自己的考勤。"))
    if actor.person_id == found.proposed_by_id:
        raise Refused("second_person", _("更正考勤须由另一人复核，不能由同一人办理。"))
    require_two_staff(found.proposed_by_id, actor.person_id or 0, training_class.pk)


def confirm_correction(actor: Viewer, training_class: TrainingClass, correction_id: int) -> AttendanceCorrection:
    """The second signature: the entry is reversed, the right one entered, and the learner told."""
    with transaction.atomic():
        found = _stored(training_class, correction_id)
        _require_second(actor, found, training_class)
        key = decide(found, actor.person_id or 0)
    finish(key)
    found.refresh_from_db()
    return found


@transaction.atomic
def decline_correction(actor: Viewer, training_class: TrainingClass, correction_id: int) -> AttendanceCorrection:
    """The second person does not sign, or who proposed it takes it back: everything stays as it was."""
    found = _stored(training_class, correction_id)
    if actor.person_id != found.proposed_by_id:
        _require_second(actor, found, training_class)
    found.step, found.second_id, found.decided_at = _Step.DECLINED, actor.person_id, clock.now()
    found.save(update_fields=["step", "second", "decided_at"])
    return _recorded("decline_attendance", found, actor, training_class.pk, _Step.PROPOSED)
