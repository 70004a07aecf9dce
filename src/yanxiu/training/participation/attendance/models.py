"""A session in person, the mark of each learner on its sheet, and corrections of a mark once the sheet is confirmed."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanxiu.people.models import Person
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.courses.models import Lesson

__all__ = ["Attendance", "AttendanceCorrection", "AttendanceDecision", "AttendanceState", "InPersonSession"]


class AttendanceState(models.TextChoices):
    """As in core.attendance."""

    PRESENT = "present", _("到")
    LATE = "late", pgettext_lazy("attendance", "迟到")
    LEFT_EARLY = "left_early", _("早退")
    LEAVE = "leave", _("请假")
    ABSENT = "absent", _("缺勤")


class InPersonSession(models.Model):
    """One meeting of a class in a room. Its lesson, of kind in_person, is in this class's curriculum and in no other's."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待确认考勤")
        CONFIRMED = "confirmed", _("考勤已确认")
        CANCELLED = "cancelled", _("已取消")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="sessions")
    lesson = models.OneToOneField(Lesson, models.PROTECT, related_name="session")
    place = models.CharField(max_length=120)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["training_class", "starts_at"], name="session_class")]


class Attendance(models.Model):
    """A learner's line on a sheet. Study time comes from the ledger's entry at `position`; before that nothing counts."""

    session = models.ForeignKey(InPersonSession, models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    state = models.CharField(max_length=12, choices=AttendanceState.choices, blank=True)  # "" = not marked yet
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)  # 签到, by the learner
    wrong_codes = models.PositiveSmallIntegerField(default=0)  # since `wrong_since`
    wrong_since = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True)  # in the ledger, once confirmed

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["session", "enrolment"], name="marked_once_a_session")]


class AttendanceCorrection(models.Model):
    """A confirmed mark put right: proposed by one member of staff with the reason, confirmed or declined by another."""

    class Step(models.TextChoices):
        PROPOSED = "proposed", _("待复核")
        CONFIRMED = "confirmed", _("已更正")
        DECLINED = "declined", _("未同意")

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="corrections")
    before = models.CharField(max_length=12, choices=AttendanceState.choices, blank=True)
    state = models.CharField(max_length=12, choices=AttendanceState.choices)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)
    step = models.CharField(max_length=12, choices=Step.choices, default=Step.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attendance"], condition=models.Q(step="proposed"), name="one_correction_at_a_time"
            )
        ]


class AttendanceDecision(models.Model):
    """A sheet confirmed, or a correction signed twice, on its way into the ledger: written before anything is entered there, gone in
    the transaction that notes where it stands.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # its entries in the ledger bear it
    session = models.OneToOneField(InPersonSession, models.PROTECT, null=True, related_name="+")
    correction = models.OneToOneField(AttendanceCorrection, models.PROTECT, null=True, related_name="+")
    actor_id = models.BigIntegerField()  # person who confirmed or signed
    decided_at = models.DateTimeField()
    marks = models.JSONField(default=list)  # of a sheet: [enrolment id, state, arrived, left] a line
