"""What the learner's page shows of lessons and exams: rows of several rooms, put side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yanxiu.training.courses.queries import ClassLesson
from yanxiu.training.exams.queries import AttemptRow, ExamRow

__all__ = ["CourseBlock", "ExamState", "LessonProgress", "course_blocks", "exam_states"]

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class LessonProgress:
    title: str
    credited_minutes: int
    duration_minutes: int


@dataclass(frozen=True, slots=True)
class CourseBlock:
    """One course of the curriculum with the learner's minutes; `kind` compulsory, elective or self_study."""

    title: str
    lecturer: str
    kind: str
    credited_minutes: int
    lessons: tuple[LessonProgress, ...]


def course_blocks(lessons: Iterable[ClassLesson], credited: Mapping[int, int]) -> list[CourseBlock]:
    """Lessons come in curriculum order; minutes are cut off, of a course after adding up."""
    courses: dict[int, list[ClassLesson]] = {}
    for lesson in lessons:
        courses.setdefault(lesson.course_id, []).append(lesson)
    return [
        CourseBlock(
            group[0].course_title, group[0].lecturer, group[0].kind,
            sum(credited.get(one.lesson_id, 0) for one in group) // MINUTE_MS,
            tuple(
                LessonProgress(
                    one.lesson_title, credited.get(one.lesson_id, 0) // MINUTE_MS, -(-one.duration_ms // MINUTE_MS)
                )
                for one in group
            ),
        )
        for group in courses.values()
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExamState:
    """An exam and where the learner stands: `best` of the submitted attempts, None without one."""

    title: str
    opens_at: datetime
    closes_at: datetime
    is_open: bool
    attempts: int
    max_attempts: int
    is_running: bool
    best: int | None


def exam_states(exams: Iterable[ExamRow], attempts: Sequence[AttemptRow]) -> list[ExamState]:
    """One row an exam, in its order."""
    rows = []
    for exam in exams:
        mine = [attempt for attempt in attempts if attempt.exam_id == exam.exam_id]
        scores = [attempt.score for attempt in mine if attempt.score is not None]
        is_running = any(attempt.state == "started" for attempt in mine)
        rows.append(
            ExamState(
                exam.title, exam.opens_at, exam.closes_at, exam.is_open, len(mine), exam.max_attempts, is_running,
                max(scores, default=None),
            )
        )  # fmt: skip
    return rows
