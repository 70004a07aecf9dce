"""Writes of the room: those of `papers` (setting) and of `sitting`."""

from yanxiu.training.exams.papers.banks import add_question, create_bank, edit_question
from yanxiu.training.exams.papers.importing import ImportOutcome, import_questions
from yanxiu.training.exams.papers.scheduling import Terms, cancel_exam, defer, schedule_exam, set_resit
from yanxiu.training.exams.sitting.answers import Given, SavedAnswer, save_answer, save_answers, submit_attempt
from yanxiu.training.exams.sitting.attempts import close_overdue, expire_attempts, settle, start_attempt
from yanxiu.training.exams.sitting.marks import mark_essay, release_exam

__all__ = [
    "Given",
    "ImportOutcome",
    "SavedAnswer",
    "Terms",
    "add_question",
    "cancel_exam",
    "close_overdue",
    "create_bank",
    "defer",
    "edit_question",
    "expire_attempts",
    "import_questions",
    "mark_essay",
    "release_exam",
    "save_answer",
    "save_answers",
    "schedule_exam",
    "set_resit",
    "settle",
    "start_attempt",
    "submit_attempt",
]
