"""Question banks, exams, attempts."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanxiu.training.classes.models import Enrolment, TrainingClass

__all__ = ["Exam", "ExamAnswer", "ExamAttempt", "ExamQuestion", "Question", "QuestionBank"]


class QuestionBank(models.Model):
    name = models.CharField(max_length=80)


class Question(models.Model):
    """`options` is a list of texts; `key` a sorted list of the right indexes; the key never leaves the server."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("单选题")
        MULTIPLE = "multiple", _("多选题")
        TRUE_FALSE = "true_false", _("判断题")

    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="questions")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    stem = models.TextField()
    options = models.JSONField()
    key = models.JSONField()


class Exam(models.Model):
    """A paper. Attempts start inside [opens_at, closes_at) and last `duration_minutes`, never beyond closes_at."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="exams")
    title = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    duration_minutes = models.PositiveSmallIntegerField()
    max_attempts = models.PositiveSmallIntegerField(default=2)


class ExamQuestion(models.Model):
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="paper")
    question = models.ForeignKey(Question, models.PROTECT)
    num = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["exam", "num"], name="question_num_in_exam")]


class ExamAttempt(models.Model):
    """One sitting. The server starts and ends the clock; `score` (0…100 points) is fixed when it is submitted."""

    class State(models.TextChoices):
        STARTED = "started", _("作答中")
        SUBMITTED = "submitted", _("已交卷")
        EXPIRED = "expired", _("超时未交")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attempts")
    num = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exam", "enrolment", "num"], name="attempt_num"),
            models.UniqueConstraint(
                fields=["exam", "enrolment"], condition=models.Q(state="started"), name="one_attempt_at_a_time"
            ),
        ]


class ExamAnswer(models.Model):
    attempt = models.ForeignKey(ExamAttempt, models.PROTECT, related_name="answers")
    question = models.ForeignKey(ExamQuestion, models.PROTECT)
    choice = models.JSONField()  # sorted list of chosen indexes
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["attempt", "question"], name="one_answer_a_question")]
