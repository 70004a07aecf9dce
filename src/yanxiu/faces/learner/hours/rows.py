"""Credited and not credited time of one learner, as sums of the same cells by lesson and by day: exact to the ms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanxiu.study.integrity.queries import AppealRow
from yanxiu.study.integrity.wording import REASONS, UNKNOWN_REASON, ReasonWords
from yanxiu.training.courses.queries import ClassLesson

__all__ = ["CourseHours", "DayHours", "Hours", "KindHours", "LessonHours", "Lost", "Span", "hours_of"]

KINDS: tuple[tuple[str, str | Promise], ...] = (
    ("compulsory", _("必修课")),
    ("elective", _("选修课")),
    ("self_study", _("自修课")),
    ("", _("已不在教学计划中")),
)
SHOWN = 1_000  # what is less than a second is kept and summed up, never shown as a loss of its own
Credited = Iterable[tuple[int, date, int]]
Uncounted = Iterable[tuple[int, date, str, int]]


@dataclass(frozen=True, slots=True)
class Lost:
    """Not counted for one reason, somewhere."""

    reason: str
    words: ReasonWords
    ms: int


@dataclass(frozen=True, slots=True)
class Span:
    """Not counted for one reason in one lesson on one day: what can be appealed. `appeal`: the latest one made."""

    lost: Lost
    appeal: AppealRow | None

    @property
    def is_shown(self) -> bool:
        return self.lost.ms >= SHOWN or self.appeal is not None

    @property
    def may_appeal(self) -> bool:
        return self.appeal is None or self.appeal.state in {"rejected", "withdrawn"}


@dataclass
class LessonHours:
    """A lesson, in the whole class or on one day."""

    lesson_id: int
    title: str
    course: str
    duration_ms: int
    is_online: bool = True
    credited_ms: int = 0
    lost: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spans: list[Span] = field(default_factory=list)

    @property
    def lost_ms(self) -> int:
        return sum(self.lost.values())

    @property
    def shows_loss(self) -> bool:
        return self.lost_ms >= SHOWN

    @property
    def reasons(self) -> list[Lost]:
        return _losses(self.lost)


@dataclass
class CourseHours:
    title: str
    lessons: list[LessonHours]

    @property
    def credited_ms(self) -> int:
        return sum(lesson.credited_ms for lesson in self.lessons)


@dataclass
class KindHours:
    """A part of the curriculum."""

    name: str | Promise
    courses: list[CourseHours]

    @property
    def credited_ms(self) -> int:
        return sum(course.credited_ms for course in self.courses)

    @property
    def lost_ms(self) -> int:
        return sum(lesson.lost_ms for course in self.courses for lesson in course.lessons)


@dataclass
class DayHours:
    day: date
    lessons: list[LessonHours]

    @property
    def credited_ms(self) -> int:
        return sum(lesson.credited_ms for lesson in self.lessons)

    @property
    def lost_ms(self) -> int:
        return sum(lesson.lost_ms for lesson in self.lessons)

    @property
    def shows_loss(self) -> bool:
        return self.lost_ms >= SHOWN


@dataclass
class Hours:
    """Both views of the same cells; their sums are equal because the cells are."""

    kinds: list[KindHours]
    days: list[DayHours]
    reasons: list[Lost]

    @property
    def credited_ms(self) -> int:
        return sum(kind.credited_ms for kind in self.kinds)

    @property
    def lost_ms(self) -> int:
        return sum(lost.ms for lost in self.reasons)

    @property
    def shows_loss(self) -> bool:
        return self.lost_ms >= SHOWN

    @property
    def in_person_ms(self) -> int:
        """Of the credited time, what was attended in a room."""
        lessons = (lesson for kind in self.kinds for course in kind.courses for lesson in course.lessons)
        return sum(lesson.credited_ms for lesson in lessons if not lesson.is_online)


def _losses(lost: Mapping[str, int]) -> list[Lost]:
    rows = [Lost(reason, REASONS.get(reason, UNKNOWN_REASON), ms) for reason, ms in lost.items()]
    return sorted(rows, key=lambda row: (-row.ms, row.reason))


def hours_of(
    lessons: Iterable[ClassLesson], credited: Credited, uncounted: Uncounted, appeals: Iterable[AppealRow]
) -> Hours:
    """Days come latest first; lessons in the order of the curriculum, then those that have left it."""
    known = {lesson.lesson_id: lesson for lesson in lessons}
    latest: dict[tuple[int, date, str], AppealRow] = {}
    for row in appeals:  # latest first
        latest.setdefault((row.lesson_id, row.day, row.reason), row)
    whole: dict[int, LessonHours] = {pk: _lesson(pk, known) for pk in known}
    by_day: dict[date, dict[int, LessonHours]] = defaultdict(dict)
    total: dict[str, int] = defaultdict(int)

    def both(pk: int, day: date) -> tuple[LessonHours, LessonHours]:
        return (
            whole.setdefault(pk, _lesson(pk, known)),
            by_day[day].setdefault(pk, _lesson(pk, known)),
        )

    for pk, day, ms in credited:
        for there in both(pk, day):
            there.credited_ms += ms
    for pk, day, reason, ms in uncounted:
        for there in both(pk, day):
            there.lost[reason] += ms
        total[reason] += ms
    for day, found in by_day.items():
        for pk, there in found.items():
            there.spans = [Span(lost, latest.get((pk, day, lost.reason))) for lost in there.reasons]
    order = {pk: place for place, pk in enumerate(whole)}
    days = [
        DayHours(day, sorted(found.values(), key=lambda one: order[one.lesson_id]))
        for day, found in sorted(by_day.items(), reverse=True)
    ]
    return Hours(_by_kind(whole, known), days, _losses(total))


def _lesson(pk: int, known: Mapping[int, ClassLesson]) -> LessonHours:
    lesson = known.get(pk)
    if lesson is None:
        return LessonHours(pk, f"{pk}", "", 0)
    return LessonHours(pk, lesson.lesson_title, lesson.course_title, lesson.duration_ms, lesson.is_online)


def _by_kind(whole: Mapping[int, LessonHours], known: Mapping[int, ClassLesson]) -> list[KindHours]:
    courses: dict[str, dict[str, list[LessonHours]]] = {kind: {} for kind, _name in KINDS}
    for pk, there in whole.items():
        kind = known[pk].kind if pk in known else ""
        courses[kind].setdefault(there.course, []).append(there)
    return [
        KindHours(name, [CourseHours(title, rows) for title, rows in courses[kind].items()])
        for kind, name in KINDS
        if courses[kind]
    ]
