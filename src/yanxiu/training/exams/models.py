"""Question banks, exams and their blueprints, attempts, answers."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models import Person, Region
from yanxiu.training.classes.models import Enrolment, TrainingClass

__all__ = [
    "Exam", "ExamAnswer", "ExamAttempt", "ExamDeferral", "ExamQuestion", "ExamSection", "Question", "QuestionBank",
]  # fmt: skip


class QuestionBank(models.Model):
    """Belongs to a region and everything below it; without one, to the whole installation."""

    name = models.CharField(max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")


class Question(models.Model):
    """`options` is a list of texts; `key` a sorted list of the right indexes, of a fill-in the list of accepted texts.

    The key never leaves the server before the exam's review policy allows it, nor does `guide`, which is for those who mark
    an essay. A question that stands in any paper is not edited: a new version takes its place in the bank.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("单选题")
        MULTIPLE = "multiple", _("多选题")
        TRUE_FALSE = "true_false", _("判断题")
        FILL_IN = "fill_in", _("填空题")
        ESSAY = "essay", _("简答题")

    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="questions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stem = models.TextField()
    options = models.JSONField()
    key = models.JSONField()
    tag = models.CharField(max_length=40, blank=True, default="")
    guide = models.TextField(blank=True, default="")
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    is_current = models.BooleanField(default=True)  # a replaced one is drawn no more

    class Meta:
        indexes: ClassVar = [models.Index(fields=["bank", "is_current", "kind", "tag"], name="question_drawing")]


class Exam(models.Model):
    """Attempts start inside a window and last `duration_minutes`, never beyond the window's end.

    The paper is common (rows of `paper` without an attempt), or every attempt has its own: drawn from `sections`, or the
    common one in an order of its own (`is_shuffled`).
    """

    class Partial(models.TextChoices):
        NONE = "none", _("多选、少选、错选均不得分")
        HALF = "half", _("少选且无错选，得一半分")
        SHARE = "share", _("少选且无错选，按选对的比例得分")

    class Review(models.TextChoices):
        NEVER = "never", _("不公布")
        AFTER_CLOSE = "after_close", _("全部考试时间结束后")
        AFTER_MARKING = "after_marking", _("考试结束并发布成绩后")

    class Role(models.TextChoices):
        FINAL = "final", _("结业考试")
        MIDTERM = "midterm", _("期中考试")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="exams")
    title = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    duration_minutes = models.PositiveSmallIntegerField()
    max_attempts = models.PositiveSmallIntegerField(default=2)
    resit_opens_at = models.DateTimeField(null=True)
    resit_closes_at = models.DateTimeField(null=True)
    resit_attempts = models.PositiveSmallIntegerField(default=1)
    pass_mark = models.PositiveSmallIntegerField(default=60)  # from here on nobody needs the resit
    is_shuffled = models.BooleanField(default=False)
    redraws = models.BooleanField(default=True)  # a second attempt gets a paper of its own
    partial = models.CharField(max_length=8, choices=Partial.choices, default=Partial.NONE)
    expired_counts = models.BooleanField(default=False)  # what was saved is handed in at the deadline
    review = models.CharField(max_length=16, choices=Review.choices, default=Review.NEVER)
    released_at = models.DateTimeField(null=True)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.FINAL)


class ExamSection(models.Model):
    """One line of a blueprint: so many questions of a kind, from a bank, with a tag or any."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="sections")
    num = models.PositiveSmallIntegerField()
    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Question.Kind.choices)
    tag = models.CharField(max_length=40, blank=True, default="")
    count = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["exam", "num"], name="section_num_in_exam")]


class ExamDeferral(models.Model):
    """缓考: a window of one learner's own, granted by the class manager."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="deferrals")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["exam", "enrolment"], name="one_deferral")]


class ExamAttempt(models.Model):
    """One sitting. The server starts and ends the clock; `score` (0…100 points) stays empty while essays are being marked."""

    class State(models.TextChoices):
        STARTED = "started", _("作答中")
        SUBMITTED = "submitted", _("已交卷")
        EXPIRED = "expired", _("超时未交")

    class Sitting(models.TextChoices):
        FIRST = "first", _("正考")
        RESIT = "resit", _("补考")
        DEFERRED = "deferred", _("缓考")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    num = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    sitting = models.CharField(max_length=8, choices=Sitting.choices, default=Sitting.FIRST)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    seed = models.CharField(max_length=32, blank=True, default="")  # of the paper's drawing; "" = the common paper
    is_auto = models.BooleanField(default=False)  # handed in by the server at the deadline
    digest = models.CharField(max_length=64, blank=True, default="")  # of the answers as handed in

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exam", "enrolment", "num"], name="attempt_num"),
            models.UniqueConstraint(
                fields=["exam", "enrolment"], condition=models.Q(state="started"), name="one_attempt_at_a_time"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "deadline_at"], name="attempt_overdue")]


class ExamQuestion(models.Model):
    """A question of a paper: of the exam's common one, or of the one drawn for an attempt.

    `order[i]` is the index of the option shown at place i; empty = as they stand.
    """

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="paper")
    attempt = models.ForeignKey(ExamAttempt, models.PROTECT, null=True, related_name="own_paper")
    question = models.ForeignKey(Question, models.PROTECT)
    num = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()
    order = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exam", "num"], condition=models.Q(attempt=None), name="question_num_in_exam"
            ),
            models.UniqueConstraint(fields=["attempt", "num"], name="question_num_in_attempt"),
        ]


class ExamAnswer(models.Model):
    """The answer to one question. `choice` holds indexes of the bank's options, whatever order they were shown in."""

    attempt = models.ForeignKey(ExamAttempt, models.PROTECT, related_name="answers")
    question = models.ForeignKey(ExamQuestion, models.PROTECT)
    choice = models.JSONField()  # sorted list of chosen indexes
    text = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)  # one more with every change
    made_at = models.DateTimeField(null=True)  # when the learner made it; an older one never replaces it
    saved_at = models.DateTimeField()
    mark = models.PositiveSmallIntegerField(null=True)  # of an essay
    remark = models.TextField(blank=True, default="")
    marked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["attempt", "question"], name="one_answer_a_question")]
