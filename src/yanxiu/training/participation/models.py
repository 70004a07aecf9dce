"""Requests of a learner, and the closing survey."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.exams.models import Exam

__all__ = ["LeaveRequest", "Survey", "SurveyAnswer", "SurveyReceipt"]


class LeaveRequest(models.Model):
    """请假 (days away), 缓考 (an exam later), 延期 (a later last day); decided by the class manager, with words."""

    class Kind(models.TextChoices):
        LEAVE = "leave", _("请假")
        DEFERRAL = "deferral", _("缓考")
        EXTENSION = "extension", _("延期")

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="leave_requests")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    exam = models.ForeignKey(Exam, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day of the leave, of the later exam window, of the extension
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)


class Survey(models.Model):
    """结业问卷. `questions`: [{"kind": "scale"|"choice"|"text", "words": …, "options": […]}], fixed once it was published."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField()
    questions = models.JSONField()


class SurveyReceipt(models.Model):
    """That somebody has answered; not what, and not when."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="receipts")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "enrolment"], name="answered_once")]


class SurveyAnswer(models.Model):
    """What somebody answered; not who, and not when. The key is random."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    answers = models.JSONField()  # in the order of the questions: 1…5, an index, a text; null = left out
