"""Reads of exams: those of `reading`, and the two that other pages use as well."""

from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.exams.papers.sheet import question_template
from yanxiu.training.exams.reading.banks import (
    BankRow,
    QuestionRow,
    bank_for,
    bank_tags,
    banks_for,
    question_for,
    questions_named,
    questions_of,
)
from yanxiu.training.exams.reading.learner import (
    LearnerExam,
    PaperQuestion,
    Receipt,
    ReviewQuestion,
    attempt_for,
    learner_exam,
    learner_exams,
    paper,
    receipt,
    review,
)
from yanxiu.training.exams.reading.rows import AttemptRow, ExamRow, attempt_row, exam_row
from yanxiu.training.exams.reading.staff import (
    SHOWS,
    EssayAnswer,
    EssayRow,
    ExamStanding,
    SitterRow,
    enrolment_in,
    essay_answer,
    essays_to_mark,
    exam_in,
    exam_standings,
    papers_handed_in,
    sitters,
)

__all__ = [
    "SHOWS",
    "AttemptRow",
    "BankRow",
    "EssayAnswer",
    "EssayRow",
    "ExamRow",
    "ExamStanding",
    "LearnerExam",
    "PaperQuestion",
    "QuestionRow",
    "Receipt",
    "ReviewQuestion",
    "SitterRow",
    "attempt_for",
    "attempt_row",
    "bank_for",
    "bank_tags",
    "banks_for",
    "enrolment_in",
    "essay_answer",
    "essays_to_mark",
    "exam_in",
    "exam_standings",
    "exams_of",
    "learner_exam",
    "learner_exams",
    "paper",
    "papers_handed_in",
    "question_for",
    "question_template",
    "questions_named",
    "questions_of",
    "receipt",
    "review",
    "sitters",
]


def exams_of(viewer: Viewer, training_class: TrainingClass) -> list[ExamRow]:
    """The exams of a class the viewer sees."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    at = clock.now()
    return [exam_row(exam, at) for exam in training_class.exams.order_by("opens_at", "pk")]
