"""What a learner can still do in a class, as offers to a scheme, each with its window."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yanxiu.core.rules.assess import Fact, Facts
from yanxiu.core.rules.scheme import Scheme
from yanxiu.core.rules.steps import Offer
from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import STUDY_STATES, is_closed
from yanxiu.training.courses.queries import ClassLesson, class_lessons
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.exams.reading.learner import LearnerExam, learner_exams
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.outcomes.tasks.rules import due_day
from yanxiu.training.participation.attendance.queries import own_sessions

__all__ = ["Chance", "chances"]

LONG_ENOUGH = 1_000_000  # characters: whatever is asked for, the learner can write it


@dataclass(frozen=True)
class Chance:
    """`closes_at` None: until the class manager closes the make-up study. `number`: of the round; id of the exam.
    `waits`: the learner has done it, a tutor has not marked it yet.
    """

    offer: Offer
    opens_at: datetime | None
    closes_at: datetime | None
    number: int = 0
    title: str = ""
    waits: bool = False


class _Now:
    """Where the learner stands: the instant from which new facts date, whether they are make-up, and when it all ends."""

    def __init__(self, class_: TrainingClass, enrolment: Enrolment) -> None:
        self.at, self.enrolment = clock.now(), enrolment
        last = max(class_.ends_on, enrolment.extended_to or class_.ends_on)
        self.opens, self.closes = window(class_.starts_on, last, class_.zone)
        self._class_closes = window(class_.starts_on, class_.ends_on, class_.zone)[1]
        self.makeup = class_.state == TrainingClass.State.MAKEUP
        self.over = is_closed(class_) or (self.at >= self.closes and not self.makeup)

    def fact(
        self,
        metric: str,
        *,
        opens: datetime | None = None,
        done: datetime | None = None,
        stage: str = "",
        num: int = 1,
        characters: int = LONG_ENOUGH,
    ) -> Fact:
        moment = done or max(self.at, opens or self.opens)
        late = moment >= self._class_closes  # as the facts themselves are told apart
        return Fact(metric, clock.to_ms(moment), stage=stage, num=num, characters=characters, makeup=late)

    @property
    def end(self) -> datetime | None:
        return None if self.makeup else self.closes


def chances(class_: TrainingClass, scheme: Scheme, facts: Facts, enrolment: Enrolment) -> list[Chance]:
    """In the order in which they should be proposed: writing and rounds, the exam, then study."""
    now = _Now(class_, enrolment)
    metrics = {metric for rule in (*scheme.items, *scheme.gates) for metric in rule.metrics}
    if is_closed(class_) or (class_.state not in STUDY_STATES and now.at >= now.opens):
        return []
    exams = learner_exams(class_, enrolment)
    waiting = [*_unmarked_pieces(class_, metrics, facts, now), *_unmarked_papers(exams, now)]
    if now.over:
        return waiting
    taken = {each.offer.code for each in waiting}
    found = [*waiting, *_writing(class_, scheme, facts, now), *_rounds(class_, facts, now), *_exams(exams, now)]
    found = [each for each in found if each.waits or each.offer.code not in taken]
    by_course = any(gate.measure in {"courses", "required_courses"} for gate in scheme.gates)
    lessons = class_lessons(class_.pk)
    found += _sessions(metrics, lessons, now)
    return [*found, *(_by_course(facts, lessons, now) if by_course else _by_kind(facts, lessons, now))]


def _writing(class_: TrainingClass, scheme: Scheme, facts: Facts, now: _Now) -> Iterator[Chance]:
    metrics = {metric for rule in (*scheme.items, *scheme.gates) for metric in rule.metrics}
    have = {fact.metric for fact in facts.facts}
    tasks = {task.kind: task for task in WritingTask.objects.filter(training_class=class_)}

    def closes(kind: str) -> datetime | None:
        last = due_day(class_, tasks.get(kind), now.enrolment)
        return None if now.makeup else window(last, last, class_.zone)[1]

    def is_late(kind: str) -> bool:
        last = closes(kind)
        return last is not None and now.at >= last

    wants_mark = "outcome_score" in metrics and "outcome_score" not in have
    if (metrics & {"outcome", "outcome_score"}) and ("outcome" not in have or wants_mark) and not is_late("outcome"):
        marked = now.fact("outcome_score") if wants_mark else None
        handed = () if "outcome" in have else (now.fact("outcome"),)
        yield Chance(Offer("outcome", handed, marked, 100 if marked else 0), None, closes("outcome"))
    if "homework" in metrics and (room := [kind for kind in _homework_left(tasks, now) if not is_late(kind)]):
        yield Chance(Offer("homework", free=now.fact("homework"), most=100), None, closes(room[0]))
    if "thought_report" in metrics and not is_late("thought_report"):
        missing, longest = _reports(scheme, facts)
        pieces = (now.fact("thought_report", characters=longest),) * missing
        yield Chance(Offer("thought_report", pieces), None, closes("thought_report"))


def _homework_left(tasks: Mapping[str, WritingTask], now: _Now) -> list[str]:
    """Kinds of homework of which another piece may be handed in, or one that is written or came back."""
    pieces = [each for each in _pieces(now) if each.state != "withdrawn"]
    return [
        kind
        for kind, task in tasks.items()
        if task.is_homework
        and sum(each.kind == kind and each.state not in {"draft", "returned"} for each in pieces) < task.pieces
    ]


def _pieces(now: _Now) -> list[Outcome]:
    return list(now.enrolment.outcomes.order_by("pk"))


def _unmarked_pieces(class_: TrainingClass, metrics: set[str], facts: Facts, now: _Now) -> Iterator[Chance]:
    """Handed in, and still to be marked: dated as it was handed in."""
    if not metrics & {"outcome_score", "homework"}:
        return
    have = {fact.metric for fact in facts.facts}
    homework = set(class_.writing_tasks.filter(is_homework=True).values_list("kind", flat=True))
    unmarked = [each for each in _pieces(now) if each.state in {"submitted", "resubmitted"} and each.score is None]
    for code, metric, kinds in (("outcome", "outcome_score", {"outcome"}), ("homework", "homework", homework)):
        mine = [each for each in unmarked if each.kind in kinds]
        if mine and metric in metrics and (metric == "homework" or metric not in have):
            at = mine[0].submitted_at
            yield Chance(
                Offer(code, free=now.fact(metric, done=at), most=100), None, at, title=mine[0].title, waits=True
            )


def _unmarked_papers(exams: Sequence[LearnerExam], now: _Now) -> Iterator[Chance]:
    for row in exams:
        if not row.being_marked or row.state in {"open", "running"}:
            continue
        paper = next(each for each in row.attempts if each.state == ExamAttempt.State.SUBMITTED and each.score is None)
        num = max(paper.num, 2) if paper.sitting == ExamAttempt.Sitting.RESIT else paper.num
        free = now.fact(_metric(row.exam), done=paper.submitted_at, num=num)
        yield Chance(
            Offer(f"exam:{row.exam.pk}", free=free, most=100), None, paper.submitted_at, row.exam.pk, row.exam.title,
            waits=True,
        )  # fmt: skip


def _metric(exam: Exam) -> str:
    return "midterm" if exam.role == Exam.Role.MIDTERM else "exam"


def _reports(scheme: Scheme, facts: Facts) -> tuple[int, int]:
    """How many thought reports are missing (one at least), and how long one may be."""
    rules = [rule for rule in (*scheme.items, *scheme.gates) if "thought_report" in rule.metrics]
    shortest = max((rule.min_characters for rule in rules), default=0)
    longest = min((rule.max_characters for rule in rules if rule.max_characters is not None), default=LONG_ENOUGH)
    wanted = [gate.at_least for gate in scheme.gates if "thought_report" in gate.metrics]
    have = sum(1 for fact in facts.facts if fact.metric == "thought_report" and shortest <= fact.characters <= longest)
    return max(1, max((least for least in wanted if isinstance(least, int)), default=1) - have), longest


def _rounds(class_: TrainingClass, facts: Facts, now: _Now) -> Iterator[Chance]:
    for each in class_.rounds.order_by("num"):
        opens, closes = window(each.opens_on, each.closes_on, class_.zone)
        stage = f"round:{each.num}"
        posted = sum(1 for fact in facts.facts if fact.metric == "post" and fact.stage == stage)
        missing = max(1, each.required_posts) - posted
        if missing > 0 and now.at < closes:
            posts = (now.fact("post", opens=opens, stage=stage),) * missing
            yield Chance(Offer(stage, posts), opens, closes, each.num, each.theme)


def _exams(exams: Sequence[LearnerExam], now: _Now) -> Iterator[Chance]:
    for row in exams:
        where = row.window if row.state in {"open", "running"} else row.ahead
        if where is None:
            continue
        exam = row.exam
        num = len(row.attempts) + (row.running is None)
        if where.sitting == ExamAttempt.Sitting.RESIT:
            num = max(num, 2)  # capped as a resit, even for somebody who never sat before
        free = now.fact(_metric(exam), opens=where.opens_at, num=num)
        yield Chance(
            Offer(f"exam:{exam.pk}", free=free, most=100), where.opens_at, where.closes_at, exam.pk, exam.title
        )


def _sessions(metrics: set[str], lessons: Sequence[ClassLesson], now: _Now) -> Iterator[Chance]:
    """Sessions in person to come, and those whose sheet is not confirmed yet (`number` 1)."""
    course_of = {lesson.lesson_id: str(lesson.course_id) for lesson in lessons if not lesson.is_online}
    for own in own_sessions(now.enrolment) if course_of else ():
        row = own.row
        if own.is_confirmed or row.kind == "self_study" or row.lesson_id not in course_of:
            continue
        most = clock.to_ms(row.ends_at) - clock.to_ms(row.starts_at)
        there = (now.fact("attendance", opens=row.starts_at),) if own.is_expected and "attendance" in metrics else ()
        offer = Offer(
            f"session:{row.session_id}", there, now.fact(f"{row.kind}_ms", opens=row.starts_at), most,
            {course_of[row.lesson_id]: most},
        )  # fmt: skip
        yield Chance(offer, row.starts_at, row.ends_at, int(row.phase == "over"), row.title)


def _left(now: _Now, ms: int) -> int:
    """Nobody studies more than the time that is left."""
    return ms if now.end is None else min(ms, max(0, clock.to_ms(now.end) - clock.to_ms(max(now.at, now.opens))))


def _by_kind(facts: Facts, lessons: Sequence[ClassLesson], now: _Now) -> Iterator[Chance]:
    credited = {course.key: course.credited_ms for course in facts.courses}
    for kind in ("compulsory", "elective"):  # of a session in person no more is to be had than was attended
        length = sum(
            lesson.duration_ms if lesson.is_online else credited.get(str(lesson.course_id), 0)
            for lesson in lessons
            if lesson.kind == kind
        )
        studied = sum(fact.quantity for fact in facts.facts if fact.metric == f"{kind}_ms")
        if most := _left(now, max(0, length - studied)):
            yield Chance(Offer(f"study:{kind}", free=now.fact(f"{kind}_ms"), most=most), None, now.end)


def _by_course(facts: Facts, lessons: Sequence[ClassLesson], now: _Now) -> Iterator[Chance]:
    titles = {str(lesson.course_id): (lesson.course_title, lesson.kind) for lesson in lessons if lesson.is_online}
    open_ones = [course for course in facts.courses if course.credited_ms < course.length_ms and course.key in titles]
    for course in sorted(open_ones, key=lambda course: course.length_ms - course.credited_ms):
        missing = course.length_ms - course.credited_ms
        title, kind = titles[course.key]
        if _left(now, missing) == missing:
            offer = Offer(
                f"course:{course.key}", free=now.fact(f"{kind}_ms"), most=missing, courses={course.key: missing}
            )
            yield Chance(offer, None, now.end, int(course.key), title)
