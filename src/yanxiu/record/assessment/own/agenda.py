"""What a class asks of one learner, each with its window and where they stand; and the one thing to do now.

In codes: the faces put them into words. Reads the learner's own rows only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from yanxiu.core.rules.assess import Reason
from yanxiu.core.rules.scheme import Scheme
from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.record.assessment.own.asked import Choice, also_asked, choice_of
from yanxiu.record.assessment.own.gates import lacking
from yanxiu.study.queries import cells_of, credited_by_lesson
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.courses.queries import ClassLesson, class_lessons
from yanxiu.training.discussion.models import Post
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.exams.reading.learner import LearnerExam, learner_exams
from yanxiu.training.exams.reading.rows import AttemptRow
from yanxiu.training.outcomes.models import Outcome, ThoughtReport
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.rules import due_day
from yanxiu.training.participation.attendance.queries import OwnSession, own_sessions

__all__ = ["Agenda", "Due", "NextLesson", "agenda", "now_to_do"]

HANDED_IN = frozenset({"submitted", "returned", "resubmitted", "accepted"})
METRICS = {
    "outcome": {"outcome", "outcome_score"}, "reflection": {"reflection"}, "thought_report": {"thought_report"},
}  # fmt: skip
SOON = timedelta(days=2)  # what closes by then comes before study
SOON_EXAM = timedelta(days=3)  # an hour in one piece is harder to find


@dataclass(frozen=True, slots=True)
class Due:
    """One thing asked for. `kind`: round, outcome, reflection, thought_report, exam, electives, survey, session (in person, at
    `place`); `lacking`: what must be done before the exam can be begun; `in_marking`: handed in, and no score yet. `state`:
    ahead, open, running (an exam being sat), waiting (for the staff to confirm attendance), done, missed; `note`: what the writing
    stands at ("draft", "returned", …), the mark of a session, or the attempts made in the exam's `sitting`.
    `number`: of the round, or the minutes of an exam; `need`: of attempts, 0 where no sitting is open or to come.
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
    place: str = ""
    sitting: str = ""
    lacking: tuple[Reason, ...] = ()
    in_marking: bool = False

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
    """`phase`: ahead, running, makeup, over (past its last day, not yet frozen), closed. `has_lessons`: on a screen; `meets`: in person."""

    phase: str
    dues: tuple[Due, ...]
    lesson: NextLesson | None
    has_lessons: bool
    meets: bool = False


def _phase(class_: TrainingClass, enrolment: Enrolment, at: datetime) -> str:
    last = max(class_.ends_on, enrolment.extended_to or class_.ends_on)  # 延期 is this learner's own
    opens, closes = window(class_.starts_on, last, class_.zone)
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


def _pieces(enrolment: Enrolment) -> Iterator[tuple[str, str, str]]:
    """(kind, title, state) of everything the learner has written, in order."""
    outcomes = Outcome.objects.filter(enrolment=enrolment).order_by("pk")
    yield from outcomes.values_list("kind", "title", "state")
    for title, state in ThoughtReport.objects.filter(enrolment=enrolment).order_by("pk").values_list("title", "state"):
        yield "thought_report", title, state


def _writing(class_: TrainingClass, enrolment: Enrolment, at: datetime, phase: str) -> Iterator[Due]:
    asked, written = _wanted(scheme(class_.scheme_id)), list(_pieces(enrolment))
    tasks = {task.kind: task for task in WritingTask.objects.filter(training_class=class_)}
    for kind, metrics in METRICS.items():
        rows = [(title, state) for of, title, state in written if of == kind]
        handed = [row for row in rows if row[1] in HANDED_IN]
        task = tasks.get(kind)
        if task is None and not (asked & metrics) and not rows:
            continue
        opens, closes = window(class_.starts_on, due_day(class_, task, enrolment), class_.zone)
        if phase == "makeup":
            closes = max(closes, at + timedelta(days=1))
        need = max(1, task.pieces if task else 1)
        back = [row for row in handed if row[1] == "returned"]
        title, note = (back or handed or rows or [("", "")])[-1]
        if back:  # counts as handed in, and still asks to be mended, for which there is time until the class ends
            closes = max(closes, window(class_.starts_on, due_day(class_, None, enrolment), class_.zone)[1])
        done = len(handed) >= need and not (back and at < closes)
        state = _state(at, opens, closes, done=done)
        yield Due(kind, state, title, opens, closes, have=len(handed), need=need, note=note)


def _exam_state(row: LearnerExam) -> str:
    """Sat and not short of the mark: done. A resit that is open, or lies ahead, asks again."""
    short = row.best is not None and row.best < row.exam.pass_mark
    if row.state == "running" or (row.state in {"open", "ahead"} and short):
        return row.state
    if row.best is not None or row.being_marked:
        return "done"
    return "missed" if row.state == "over" else row.state


def _of_sitting(attempts: Sequence[AttemptRow], sitting: str) -> list[AttemptRow]:
    """正考 and 缓考 have their attempts together, 补考 has its own."""
    resit = ExamAttempt.Sitting.RESIT
    return [one for one in attempts if (one.sitting == resit) == (sitting == resit)]


def _exams(class_: TrainingClass, enrolment: Enrolment) -> Iterator[Due]:
    rows = learner_exams(class_, enrolment)
    missing = tuple(lacking(class_, enrolment.pk)) if any(_exam_state(row) == "open" for row in rows) else ()
    for row in rows:
        exam, state = row.exam, _exam_state(row)
        shown = row.window if state in {"open", "running"} else row.ahead if state == "ahead" else None
        opens, closes = (shown.opens_at, shown.closes_at) if shown else (exam.opens_at, exam.closes_at)
        if row.running is not None:
            closes = row.running.deadline_at
        tries = row.attempts if shown is None else _of_sitting(row.attempts, shown.sitting)
        yield Due(
            "exam", state, exam.title, opens, closes, exam.duration_minutes, str(exam.uuid), row.best or 0,
            0 if shown is None else shown.most, str(len(tries)), sitting="" if shown is None else shown.sitting, lacking=missing if state == "open" and exam.role == Exam.Role.FINAL else (),
            in_marking=row.being_marked and row.best is None,
        )  # fmt: skip


def _also(class_: TrainingClass, enrolment: Enrolment, at: datetime, choice: Choice | None) -> Iterator[Due]:
    for one in also_asked(class_, enrolment, choice):
        state = _state(at, one.opens_at, one.closes_at, done=one.have >= one.need)
        yield Due(one.kind, state, one.title, one.opens_at, one.closes_at, ref=one.ref, have=one.have, need=one.need)


def _session_state(own: OwnSession) -> str:
    if own.is_confirmed:
        return "missed" if own.mark == "absent" else "done"
    if own.row.phase == "over" or (own.checked_in_at is not None and own.row.has_begun):
        return "waiting"
    return "ahead" if own.checked_in_at is not None else own.row.phase


def _sessions(enrolment: Enrolment) -> Iterator[Due]:
    """Sessions in person. An elective that nobody had to attend asks for nothing afterwards."""
    for own in own_sessions(enrolment):
        if own.is_confirmed and (not own.mark or (own.mark == "absent" and not own.is_expected)):
            continue
        note = own.mark if own.is_confirmed else "checked_in" if own.checked_in_at is not None else ""
        yield Due(
            "session", _session_state(own), own.row.title, own.row.starts_at, own.row.ends_at, ref=str(own.row.uuid),
            note=note, place=own.row.place,
        )  # fmt: skip


def _lesson(lessons: Sequence[ClassLesson], enrolment_id: int, choice: Choice | None) -> NextLesson | None:
    """The one last studied and not finished; else the first compulsory one not finished; else the first of any kind.

    Never an elective that was not chosen where a class chooses: its study would not count.
    """
    credited = credited_by_lesson(enrolment_id)
    last = dict(
        cells_of(enrolment_id).values_list("lesson_id").annotate(day=Max("day")).values_list("lesson_id", "day")
    )
    unfinished = [
        (place, lesson)
        for place, lesson in enumerate((each for each in lessons if each.is_online), 1)
        if lesson.kind != "self_study"
        and credited.get(lesson.lesson_id, 0) < lesson.duration_ms
        and (choice is None or lesson.kind != "elective" or lesson.course_id in choice.course_ids)
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
    phase, lessons, choice = _phase(class_, enrolment, at), class_lessons(class_.pk), choice_of(enrolment)
    meets = any(not each.is_online for each in lessons)
    dues = [
        *_rounds(class_, enrolment, at), *_writing(class_, enrolment, at, phase), *_exams(class_, enrolment),
        *(_sessions(enrolment) if meets else ()), *_also(class_, enrolment, at, choice),
    ]  # fmt: skip
    rank = {"running": 0, "open": 1, "ahead": 2, "waiting": 3, "missed": 4, "done": 5}
    dues.sort(key=lambda due: (rank[due.state], due.opens_at if due.state == "ahead" else due.closes_at))
    lesson = _lesson(lessons, enrolment.pk, choice) if phase in {"running", "makeup", "ahead"} else None
    return Agenda(phase, tuple(dues), lesson, any(each.is_online for each in lessons), meets)


def now_to_do(found: Agenda) -> Due | NextLesson | None:
    """An exam being sat; what closes within two days; the lesson to go on with, or of a class that meets in person the next
    session; what else is open; None: nothing now.
    """
    if found.phase not in {"running", "makeup"}:
        return None
    open_ones = [due for due in found.dues if due.is_open]
    soon, later = clock.now() + SOON, clock.now() + SOON_EXAM
    able = [due for due in open_ones if not due.lacking]
    pressing = [
        due for due in able if due.state == "running" or due.closes_at <= (later if due.kind == "exam" else soon)
    ]
    if found.phase == "makeup":
        pressing = [due for due in pressing if due.kind in {"exam", "session"}]
    meetings = (due for due in found.dues if due.kind == "session" and due.state == "ahead" and not found.has_lessons)
    return next(iter(pressing), None) or found.lesson or next(meetings, None) or next(iter([*able, *open_ones]), None)
