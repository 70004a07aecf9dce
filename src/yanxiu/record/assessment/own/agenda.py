"""What a class asks of one learner, each with its window and where they stand; and the one thing to do now.

In codes: the faces put them into words. Reads the learner's own rows only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from yanxiu.core.rules.scheme import Scheme
from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.study.queries import cells_of, credited_by_lesson
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.courses.queries import ClassLesson, class_lessons
from yanxiu.training.discussion.models import Post
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.outcomes.models import Outcome, ThoughtReport

__all__ = ["Agenda", "Due", "NextLesson", "agenda", "now_to_do"]

HANDED_IN = frozenset({"submitted", "returned", "resubmitted", "accepted"})
SOON = timedelta(days=2)  # what closes by then comes before study


@dataclass(frozen=True, slots=True)
class Due:
    """One thing asked for. `kind`: round, outcome, thought_report, exam; `state`: ahead, open, running (an exam being sat),
    done, missed; `note`: what the writing stands at ("draft", "returned", …). `number`: of the round.
    """

    kind: str
    state: str
    title: str
    opens_at: datetime
    closes_at: datetime
    number: int = 0
    ref: str = ""
    have: int = 0
    need: int = 1
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in {"open", "running"}


@dataclass(frozen=True, slots=True)
class NextLesson:
    """The lesson to go on with; `course_done_ms` and the kind's sum say what finishing it brings."""

    lesson: ClassLesson
    place: int  # its number in the whole curriculum, from 1
    credited_ms: int
    kind_ms: int  # credited in all lessons of its kind
    is_started: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """`phase`: ahead, running, makeup, over (past its last day, not yet frozen), closed."""

    phase: str
    dues: tuple[Due, ...]
    lesson: NextLesson | None
    has_lessons: bool


def _phase(class_: TrainingClass, at: datetime) -> str:
    opens, closes = window(class_.starts_on, class_.ends_on, class_.zone)
    if is_closed(class_):
        return "closed"
    if class_.state == TrainingClass.State.MAKEUP:
        return "makeup"
    if at < opens or class_.state != TrainingClass.State.RUNNING:
        return "ahead"
    return "running" if at < closes else "over"


def _state(at: datetime, opens: datetime, closes: datetime, *, done: bool) -> str:
    if done:
        return "done"
    return "ahead" if at < opens else "open" if at < closes else "missed"


def _rounds(class_: TrainingClass, enrolment: Enrolment, at: datetime) -> Iterator[Due]:
    mine = Post.objects.filter(
        author_id=enrolment.person_id, round__training_class=class_, state=Post.State.VISIBLE, parent=None
    )
    numbers = list(mine.values_list("round_id", flat=True))
    for each in class_.rounds.order_by("num"):
        opens, closes = window(each.opens_on, each.closes_on, class_.zone)
        have, need = numbers.count(each.pk), max(1, each.required_posts)
        state = _state(at, opens, closes, done=have >= need)
        yield Due("round", state, each.theme, opens, closes, each.num, have=have, need=need)


def _wanted(rule: Scheme) -> set[str]:
    return {metric for each in (*rule.items, *rule.gates) for metric in each.metrics}


def _writing(class_: TrainingClass, enrolment: Enrolment, at: datetime, phase: str) -> Iterator[Due]:
    opens, closes = window(class_.starts_on, class_.ends_on, class_.zone)
    if phase == "makeup":
        closes = max(closes, at + timedelta(days=1))
    asked = _wanted(scheme(class_.scheme_id))
    for kind, model, metrics in (
        ("outcome", Outcome, {"outcome", "outcome_score"}), ("thought_report", ThoughtReport, {"thought_report"}),
    ):  # fmt: skip
        rows = list(model.objects.filter(enrolment=enrolment).order_by("pk").values_list("title", "state"))
        handed = [row for row in rows if row[1] in HANDED_IN]
        if not (asked & metrics) and not rows:
            continue
        title, note = (handed or rows or [("", "")])[-1]
        yield Due(kind, _state(at, opens, closes, done=bool(handed)), title, opens, closes, have=len(handed), note=note)


def _exams(class_: TrainingClass, enrolment: Enrolment, at: datetime) -> Iterator[Due]:
    mine = list(ExamAttempt.objects.filter(enrolment=enrolment).order_by("num"))
    for exam in class_.exams.order_by("opens_at", "pk"):
        own = [attempt for attempt in mine if attempt.exam_id == exam.pk]
        scores = [attempt.score for attempt in own if attempt.state == ExamAttempt.State.SUBMITTED]
        running = [a for a in own if a.state == ExamAttempt.State.STARTED and at < a.deadline_at]
        state = "running" if running else _state(at, exam.opens_at, exam.closes_at, done=bool(scores))
        closes = running[0].deadline_at if running else exam.closes_at
        best = max((score for score in scores if score is not None), default=0)
        yield Due(
            "exam", state, exam.title, exam.opens_at, closes, exam.duration_minutes, str(exam.uuid), best,
            exam.max_attempts, str(len(own)),
        )  # fmt: skip


def _lesson(lessons: Sequence[ClassLesson], enrolment_id: int) -> NextLesson | None:
    """The one last studied and not finished; else the first compulsory one not finished; else the first of any kind."""
    credited = credited_by_lesson(enrolment_id)
    last = dict(
        cells_of(enrolment_id).values_list("lesson_id").annotate(day=Max("day")).values_list("lesson_id", "day")
    )
    unfinished = [
        (place, lesson)
        for place, lesson in enumerate(lessons, 1)
        if lesson.kind != "self_study" and credited.get(lesson.lesson_id, 0) < lesson.duration_ms
    ]
    if not unfinished:
        return None
    started = [each for each in unfinished if each[1].lesson_id in last]
    ordered = sorted(unfinished, key=lambda each: each[1].kind != "compulsory")
    place, lesson = max(started, key=lambda each: (last[each[1].lesson_id], -each[0])) if started else ordered[0]
    of_kind = sum(credited.get(other.lesson_id, 0) for other in lessons if other.kind == lesson.kind)
    return NextLesson(lesson, place, credited.get(lesson.lesson_id, 0), of_kind, bool(started))


def agenda(class_: TrainingClass, enrolment: Enrolment) -> Agenda:
    """In the order of the deadlines; what is done comes last."""
    at = clock.now()
    phase, lessons = _phase(class_, at), class_lessons(class_.pk)
    dues = [
        *_rounds(class_, enrolment, at), *_writing(class_, enrolment, at, phase), *_exams(class_, enrolment, at),
    ]  # fmt: skip
    rank = {"running": 0, "open": 1, "ahead": 2, "missed": 3, "done": 4}
    dues.sort(key=lambda due: (rank[due.state], due.opens_at if due.state == "ahead" else due.closes_at))
    lesson = _lesson(lessons, enrolment.pk) if phase in {"running", "makeup", "ahead"} else None
    return Agenda(phase, tuple(dues), lesson, bool(lessons))


def now_to_do(found: Agenda) -> Due | NextLesson | None:
    """An exam being sat; what closes within two days; the lesson to go on with; what else is open; None: nothing now."""
    if found.phase not in {"running", "makeup"}:
        return None
    open_ones = [due for due in found.dues if due.is_open]
    soon = clock.now() + SOON
    pressing = [due for due in open_ones if due.state == "running" or due.closes_at <= soon]
    if found.phase == "makeup":
        pressing = [due for due in pressing if due.kind == "exam"]
    return next(iter(pressing), None) or found.lesson or next(iter(open_ones), None)
