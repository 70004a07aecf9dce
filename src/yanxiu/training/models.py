"""Every table of the wing, by room."""

from yanxiu.training.classes.models import ClassRole, Enrolment, QuotaAllocation, TrainingClass, TrainingProgram
from yanxiu.training.courses.models import Course, CurriculumItem, Field, Lecturer, Lesson
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt, ExamQuestion, Question, QuestionBank
from yanxiu.training.notices.models import Announcement
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, OutcomeVersion, ThoughtReport

__all__ = [
    "Announcement", "ClassRole", "Course", "CurriculumItem", "DiscussionRound", "Enrolment", "Exam", "ExamAnswer",
    "ExamAttempt", "ExamQuestion", "Field", "Lecturer", "Lesson", "Outcome", "OutcomeComment", "OutcomeVersion", "Post",
    "Question", "QuestionBank", "QuotaAllocation", "ThoughtReport", "TrainingClass", "TrainingProgram",
]  # fmt: skip
