"""Lessons as the learner's list shows them: what is counted, what is missing, what comes next."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from yanxiu.training.courses.queries import ClassLesson

__all__ = ["CourseRows", "KindRows", "LessonRow", "by_kind", "next_lesson"]


@dataclass(frozen=True, slots=True)
class LessonRow:
    """`counts`: not an elective left out of the learner's choice."""

    lesson: ClassLesson
    credited_ms: int
    is_done: bool
    counts: bool = True

    @property
    def missing_ms(self) -> int:
        return max(0, self.lesson.duration_ms - self.credited_ms)


@dataclass(frozen=True, slots=True)
class CourseRows:
    course_id: int
    title: str
    lecturer: str
    rows: tuple[LessonRow, ...]

    @property
    def counts(self) -> bool:
        return all(row.counts for row in self.rows)


@dataclass(frozen=True, slots=True)
class KindRows:
    """One part of the curriculum: compulsory, elective or self_study."""

    kind: str
    courses: tuple[CourseRows, ...]

    @property
    def rows(self) -> list[LessonRow]:
        return [row for course in self.courses for row in course.rows]

    @property
    def done(self) -> int:
        return sum(row.is_done for row in self.rows)

    @property
    def credited_ms(self) -> int:
        return sum(row.credited_ms for row in self.rows)

    @property
    def duration_ms(self) -> int:
        return sum(row.lesson.duration_ms for row in self.rows)


def by_kind(
    lessons: Iterable[ClassLesson],
    credited: Mapping[int, int],
    complete_ratio: float,
    chosen: Container[int] | None = None,
) -> list[KindRows]:
    """Lessons come in the order of the curriculum; kinds in the order of their weight. `chosen`: the electives' courses, None
    where a class chooses nothing.
    """
    groups: dict[str, dict[int, list[LessonRow]]] = {"compulsory": {}, "elective": {}, "self_study": {}}
    for lesson in lessons:
        ms = credited.get(lesson.lesson_id, 0)
        counts = chosen is None or lesson.kind != "elective" or lesson.course_id in chosen
        row = LessonRow(lesson, ms, ms >= lesson.duration_ms * complete_ratio, counts)
        groups[lesson.kind].setdefault(lesson.course_id, []).append(row)
    return [
        KindRows(
            kind,
            tuple(
                CourseRows(course_id, rows[0].lesson.course_title, rows[0].lesson.lecturer, tuple(rows))
                for course_id, rows in courses.items()
            ),
        )
        for kind, courses in groups.items()
        if courses
    ]


def next_lesson(kinds: Iterable[KindRows]) -> LessonRow | None:
    """Where to go on: the one begun and not done, else the first not begun; compulsory ones first."""
    open_rows = [row for kind in kinds for row in kind.rows if row.counts and not row.is_done]
    return next((row for row in open_rows if row.credited_ms), open_rows[0] if open_rows else None)
