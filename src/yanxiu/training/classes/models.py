"""Programmes, classes, quotas, enrolments, class roles."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Organisation, Person, Region

__all__ = ["ClassRole", "Enrolment", "QuotaAllocation", "TrainingClass", "TrainingProgram"]


class TrainingProgram(models.Model):
    """项目: a commissioned programme, one or many classes."""

    name = models.CharField(max_length=120)
    sponsor_org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organizer_org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")


class TrainingClass(models.Model):
    """班级: one cohort with dates, roster, curriculum and scheme."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        APPROVED = "approved", _("已批准")
        ENROLLING = "enrolling", _("报名中")
        RUNNING = "running", _("学习中")
        MAKEUP = "makeup", _("补学中")
        FROZEN = "frozen", _("已冻结")
        REPORTED = "reported", _("已结班")
        ARCHIVED = "archived", _("已归档")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=40, unique=True)  # "smx-2017", in addresses and commands
    program = models.ForeignKey(TrainingProgram, models.PROTECT)
    region = models.ForeignKey(Region, models.PROTECT)  # scope of the class
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    session_no = models.PositiveSmallIntegerField(default=1)  # 第×期
    starts_on = models.DateField()
    ends_on = models.DateField()  # the whole last day belongs to the class
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    scheme_id = models.CharField(max_length=40)  # assessment scheme "seed-2017@1", pinned
    figure_profile = models.CharField(max_length=40, default="enaea-2017")
    frozen_audit_position = models.BigIntegerField(null=True)  # facts closed at these positions
    frozen_ledger_position = models.BigIntegerField(null=True)
    edition = models.PositiveIntegerField(default=0)  # rises with every change of the class's own data and rules


class QuotaAllocation(models.Model):
    """名额: seats allotted to a nominating unit; their sum is the denominator of the registration rate."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="quotas")
    nominating_org = models.ForeignKey(Organisation, models.PROTECT)
    seats = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "nominating_org"], name="quota_once_a_unit")
        ]


class Enrolment(models.Model):
    """A learner's place in a class (person × class)."""

    class State(models.TextChoices):
        NOMINATED = "nominated", _("已提名")
        REGISTERED = "registered", _("已注册")
        WITHDRAWN = "withdrawn", _("已退班")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    nominating_org = models.ForeignKey(Organisation, models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOMINATED)
    registered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)
    extended_to = models.DateField(null=True)  # 延期: this learner's own last day, where one was granted

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["training_class", "person"], name="enrolled_once")]
        indexes: ClassVar = [
            models.Index(fields=["training_class", "state"], name="enrolment_class_state"),
            # who counts in a figure, without reading the rows: asked under each of the fifteen
            models.Index(fields=["training_class", "state", "registered_at", "person"], name="enrolment_counted"),
        ]


class ClassRole(models.Model):
    """A staff role inside one class (learners have an Enrolment instead)."""

    class Role(models.TextChoices):
        CLASS_MANAGER = "class_manager", _("班主任")
        TUTOR = "tutor", _("辅导教师")
        AUDITOR = "auditor", _("督学")

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="roles")
    person = models.ForeignKey(Person, models.PROTECT, related_name="class_roles")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["training_class", "person", "role"], name="class_role_once")
        ]
