"""Every table of the wing, by room."""

from yanxiu.training.classes.models import ClassRole, Enrolment, QuotaAllocation, TrainingClass, TrainingProgram
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.courses.media.models import Conversion, LessonFile, LessonText, MediaFile
from yanxiu.training.courses.models import Course, CurriculumItem, Field, Lecturer, Lesson
from yanxiu.training.discussion.models import DiscussionRound, Post, PostReport, PostVersion
from yanxiu.training.exams.models import (
    Exam,
    ExamAnswer,
    ExamAttempt,
    ExamDeferral,
    ExamQuestion,
    ExamSection,
    Question,
    QuestionBank,
)
from yanxiu.training.notices.models import (
    Announcement,
    AnnouncementReceipt,
    Delivery,
    FanOut,
    MutedChannel,
    Notice,
)
from yanxiu.training.outcomes.attachments.models import Attachment
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, OutcomeVersion, ThoughtReport, WorkingCopy
from yanxiu.training.outcomes.similarity.models import Fingerprint, FingerprintBand, SimilarityCheck, SimilarityMatch
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.participation.attendance.models import (
    Attendance,
    AttendanceCorrection,
    AttendanceDecision,
    InPersonSession,
)
from yanxiu.training.participation.models import LeaveRequest, Survey, SurveyAnswer, SurveyReceipt

__all__ = [
    "Announcement",
    "AnnouncementReceipt",
    "Attachment",
    "Attendance",
    "AttendanceCorrection",
    "AttendanceDecision",
    "ClassRole",
    "Conversion",
    "Course",
    "CurriculumItem",
    "Delivery",
    "DiscussionRound",
    "ElectiveChoice",
    "ElectiveWindow",
    "Enrolment",
    "Exam",
    "ExamAnswer",
    "ExamAttempt",
    "ExamDeferral",
    "ExamQuestion",
    "ExamSection",
    "FanOut",
    "Field",
    "Fingerprint",
    "FingerprintBand",
    "InPersonSession",
    "LeaveRequest",
    "Lecturer",
    "Lesson",
    "LessonFile",
    "LessonText",
    "MediaFile",
    "MutedChannel",
    "Notice",
    "Outcome",
    "OutcomeComment",
    "OutcomeVersion",
    "Post",
    "PostReport",
    "PostVersion",
    "Question",
    "QuestionBank",
    "QuotaAllocation",
    "SimilarityCheck",
    "SimilarityMatch",
    "Survey",
    "SurveyAnswer",
    "SurveyReceipt",
    "ThoughtReport",
    "TrainingClass",
    "TrainingProgram",
    "WorkingCopy",
    "WritingTask",
]  # fmt: skip
