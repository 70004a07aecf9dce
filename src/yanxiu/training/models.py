"""Every table of the wing, by room."""

from yanxiu.training.classes.models import ClassRole, Enrolment, QuotaAllocation, TrainingClass, TrainingProgram
from yanxiu.training.courses.models import Course, CurriculumItem, Field, Lecturer, Lesson
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt, ExamQuestion, Question, QuestionBank
from yanxiu.training.notices.models import (
    Announcement,
    AnnouncementReceipt,
    Delivery,
    FanOut,
    MutedChannel,
    Notice,
)
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, OutcomeVersion, ThoughtReport

__all__ = [
    "Announcement",
    "AnnouncementReceipt",
    "ClassRole",
    "Course",
    "CurriculumItem",
    "Delivery",
    "DiscussionRound",
    "Enrolment",
    "Exam",
    "ExamAnswer",
    "ExamAttempt",
    "ExamQuestion",
    "FanOut",
    "Field",
    "Lecturer",
    "Lesson",
    "MutedChannel",
    "Notice",
    "Outcome",
    "OutcomeComment",
    "OutcomeVersion",
    "Post",
    "Question",
    "QuestionBank",
    "QuotaAllocation",
    "ThoughtReport",
    "TrainingClass",
    "TrainingProgram",
]  # fmt: skip
