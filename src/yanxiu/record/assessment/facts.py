"""What the wings know of each learner of a class, as facts for a scheme; a fixed number of statements at any size."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from yanxiu.core.rules.assess import CourseFact, Fact, Facts
from yanxiu.core.time.clock import to_ms
from yanxiu.core.time.windows import day_start_ms, local_day, window
from yanxiu.record.assessment.attended import attendance_facts
from yanxiu.study.models import CreditCell
from yanxiu.study.queries import cells, cells_of
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.courses.queries import ClassLesson, class_lessons
from yanxiu.training.discussion.models import Post
from yanxiu.training.discussion.queries import inside_windows
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion, ThoughtReport
from yanxiu.training.outcomes.tasks.models import WritingTask

__all__ = ["class_facts"]

HANDED_IN = ("submitted", "returned", "resubmitted", "accepted")


class _Collector:
    """Facts by enrolment; knows the class's zone and where its make-up study begins."""

    def __init__(self, class_: TrainingClass) -> None:
        self.zone = class_.zone
        self.ends_ms = to_ms(window(class_.starts_on, class_.ends_on, class_.zone)[1])
        self.found: dict[int, list[Fact]] = defaultdict(list)

    def add(
        self, enrolment_id: int, metric: str, at: datetime | None, quantity: int = 1, *, stage: str = "", num: int = 1,
        characters: int = 0, featured: bool = False,
    ) -> None:  # fmt: skip
        at_ms = 0 if at is None else to_ms(at)
        self.found[enrolment_id].append(
            Fact(
                metric, at_ms, quantity, local_day(at_ms, self.zone).isoformat(), stage, num, characters, featured,
                makeup=at_ms >= self.ends_ms,
            )
        )  # fmt: skip

    def add_study(self, enrolment_id: int, metric: str, day: date, quantity: int) -> None:
        at_ms = day_start_ms(day, self.zone)
        self.found[enrolment_id].append(Fact(metric, at_ms, quantity, day.isoformat(), makeup=at_ms >= self.ends_ms))


def _study(
    studied: QuerySet[CreditCell], lessons: Iterable[ClassLesson], into: _Collector
) -> dict[tuple[int, int], int]:
    """Credited time by day and kind; also the credited ms of every (enrolment, course)."""
    use = {lesson.lesson_id: (lesson.kind, lesson.course_id) for lesson in lessons}
    by_course: dict[tuple[int, int], int] = defaultdict(int)
    by_day: dict[tuple[int, str, date], int] = defaultdict(int)
    rows = studied.order_by().values_list("enrolment_id", "lesson_id", "day").annotate(ms=Sum("credited_ms"))
    for enrolment_id, lesson_id, day, ms in rows:
        if lesson_id in use:
            kind, course_id = use[lesson_id]
            by_course[enrolment_id, course_id] += ms
            by_day[enrolment_id, f"{kind}_ms", day] += ms
    for (enrolment_id, metric, day), ms in by_day.items():
        into.add_study(enrolment_id, metric, day, ms)
    return by_course


def _discussion(class_: TrainingClass, enrolment_of: dict[int, int], into: _Collector, of: Q) -> int:
    rounds = list(class_.rounds.order_by("num"))
    posts = Post.objects.filter(
        inside_windows(rounds, class_.zone), of, by_learner=True, state=Post.State.VISIBLE
    ).filter(Q(parent__isnull=False) | Q(characters__gte=F("round__min_characters")))
    rows = posts.values_list("author_id", "parent_id", "round__num", "characters", "is_featured", "posted_at")
    for author_id, parent_id, num, characters, featured, at in rows:
        if author_id in enrolment_of:
            metric = "post" if parent_id is None else "reply"
            into.add(
                enrolment_of[author_id], metric, at, stage=f"round:{num}", characters=characters, featured=featured
            )
    return len(rounds)


def _writing(class_: TrainingClass, into: _Collector, of: Q) -> None:
    last = OutcomeVersion.objects.filter(outcome=OuterRef("pk")).order_by("-num").values("characters")[:1]
    outcomes = Outcome.objects.filter(of, enrolment__training_class=class_, state__in=HANDED_IN)
    homework = Exists(WritingTask.objects.filter(training_class=class_, kind=OuterRef("kind"), is_homework=True))
    rows = outcomes.annotate(length=Subquery(last), homework=homework).values_list(
        "enrolment_id", "kind", "submitted_at", "score", "length", "homework"
    )
    for enrolment_id, kind, at, score, length, is_homework in rows:
        into.add(enrolment_id, kind, at, characters=length or 0)  # "outcome" or "reflection"
        if score is not None:
            into.add(enrolment_id, f"{kind}_score", at, score, characters=length or 0)
            if is_homework:
                into.add(enrolment_id, "homework", at, score, characters=length or 0)
    reports = ThoughtReport.objects.filter(of, enrolment__training_class=class_, state__in=HANDED_IN)
    for enrolment_id, at, characters in reports.values_list("enrolment_id", "submitted_at", "characters"):
        into.add(enrolment_id, "thought_report", at, characters=characters)


def _exams(class_: TrainingClass, into: _Collector, of: Q) -> None:
    attempts = ExamAttempt.objects.filter(
        of, exam__training_class=class_, state=ExamAttempt.State.SUBMITTED, score__isnull=False
    )
    rows = attempts.values_list("enrolment_id", "submitted_at", "score", "num", "sitting", "exam__role")
    for enrolment_id, at, score, num, sitting, role in rows:
        is_resit = sitting == ExamAttempt.Sitting.RESIT  # capped as one, even by somebody who never sat before
        metric = "midterm" if role == Exam.Role.MIDTERM else "exam"
        into.add(enrolment_id, metric, at, score or 0, num=max(num, 2) if is_resit else num)


def class_facts(class_: TrainingClass, only: int | Collection[int] | None = None) -> dict[int, Facts]:
    """The facts of every registered learner by enrolment id; of one enrolment, or of some, where they are named."""
    some = (only,) if isinstance(only, int) else only
    known = counted_enrolments(class_.pk).order_by("pk")
    if some is not None:
        known = known.filter(pk__in=some)
    enrolments = dict(known.values_list("pk", "person_id"))
    of = Q() if some is None else Q(enrolment_id__in=some)
    by = Q() if some is None else Q(author_id__in=list(enrolments.values()))
    into, lessons = _Collector(class_), class_lessons(class_.pk)
    by_course = _study(cells(class_.pk) if some is None else cells_of(some), lessons, into)
    rounds = _discussion(class_, {person: pk for pk, person in enrolments.items()}, into, by)
    _writing(class_, into, of)
    _exams(class_, into, of)
    meets = any(not lesson.is_online for lesson in lessons)
    sessions = attendance_facts(class_, enrolments, into.add, of) if meets else {}
    courses: dict[int, list[ClassLesson]] = defaultdict(list)
    for lesson in lessons:
        if lesson.kind != "self_study":
            courses[lesson.course_id].append(lesson)
    lengths = [
        (course, str(course), sum(each.duration_ms for each in parts), parts[0].kind == "compulsory")
        for course, parts in courses.items()
    ]
    return {
        pk: Facts(
            tuple(into.found[pk]),
            tuple(
                CourseFact(name, length_ms, by_course.get((pk, course), 0), required=required)
                for course, name, length_ms, required in lengths
            ),
            {"rounds": rounds} | ({"sessions": sessions[pk]} if pk in sessions else {}),
        )
        for pk in enrolments
    }  # fmt: skip
