"""What a class still lacks before anybody can study in it and pass: codes and numbers, which the faces put into words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from yanxiu.core.rules.scheme import Gate, Item, Scheme
from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.record.assessment.catalogue import scheme, scheme_ids
from yanxiu.record.assessment.plan import beyond_the_plan
from yanxiu.training.classes.models import ClassRole, Enrolment, TrainingClass
from yanxiu.training.classes.queries import LIVE_STATES, seats
from yanxiu.training.courses.media.queries import furnished
from yanxiu.training.courses.queries import ClassLesson, class_lessons
from yanxiu.training.exams.models import Exam
from yanxiu.training.outcomes.tasks.models import WritingTask
from yanxiu.training.participation.attendance.models import InPersonSession

__all__ = ["RECORDED", "Check", "lacks_of", "readiness"]

STUDY = {"compulsory_ms": "compulsory", "elective_ms": "elective"}
# Every metric that anything records; a scheme may ask for others, which then nobody can reach.
RECORDED = frozenset({
    *STUDY, "post", "reply", "outcome", "outcome_score", "reflection", "reflection_score", "thought_report", "exam",
    "midterm", "homework", "attendance", "absence",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """`must`: the class is not opened without it. `rule`: the gate or item it is about; `asked` of what is `there`."""

    code: str
    ok: bool
    must: bool = False
    rule: Gate | Item | None = None
    asked: int = 0
    there: int = 0


def _metrics(rule: Scheme) -> set[str]:
    return {metric for each in (*rule.items, *rule.gates) for metric in each.metrics}


def _dates(class_: TrainingClass) -> Iterator[Check]:
    opens, closes = window(class_.starts_on, class_.ends_on, class_.zone)
    now = clock.now()
    yield Check("days", now < closes, must=True)
    days = (class_.starts_on - now.astimezone(ZoneInfo(class_.zone)).date()).days
    yield Check("begun", now >= opens, there=max(0, days))


def _people(class_: TrainingClass) -> Iterator[Check]:
    managers = ClassRole.objects.filter(training_class=class_, role=ClassRole.Role.CLASS_MANAGER).count()
    yield Check("manager", managers > 0, must=True, there=managers)
    places = Enrolment.objects.filter(training_class=class_, state__in=LIVE_STATES)
    known, allotted = places.count(), seats(class_.pk)
    registered = places.filter(state=Enrolment.State.REGISTERED).count()
    yield Check("roster", known > 0, must=True, there=known)
    if known:
        yield Check("registered", registered == known, asked=known, there=registered)
    yield Check("quota", allotted > 0, there=allotted)


def _courses(rule: Scheme, class_: TrainingClass, lessons: Sequence[ClassLesson]) -> Iterator[Check]:
    yield Check("curriculum", bool(lessons), must=True, there=len(lessons))
    if not lessons:
        return
    for short in beyond_the_plan(rule, lessons):
        yield Check("hours", ok=False, must=True, rule=short.gate, asked=short.asked, there=short.planned)
    planned = len({lesson.course_id for lesson in lessons if lesson.kind != "self_study"})
    for gate in rule.gates:
        if gate.measure == "courses" and gate.at_least is not None:
            asked = gate.at_least if isinstance(gate.at_least, int) else rule.params.get(gate.at_least, 0)
            yield Check("courses", planned >= asked, must=True, rule=gate, asked=asked, there=planned)
    bare = sum(not row.media.is_ready for row in furnished(class_.pk))
    yield Check("files", bare == 0, asked=len(lessons), there=len(lessons) - bare)


def _most(item: Item, lessons: Sequence[ClassLesson], there: set[str], params: dict[str, int]) -> Fraction | None:
    """The most an item can bring as the class is planned; None without an end."""
    cap = None if item.cap_total is None else item.cap_total * item.weight
    if not set(item.metrics) & there:
        return Fraction(0)
    if not set(item.metrics) <= set(STUDY):
        return cap
    ms = sum(lesson.duration_ms for lesson in lessons if lesson.kind in {STUDY[metric] for metric in item.metrics})
    unit = item.unit if isinstance(item.unit, int) else params.get(item.unit, 1)
    earned = Fraction(ms, unit or 1) * item.unit_score * item.weight
    return earned if cap is None else min(cap, earned)


def _reachable(rule: Scheme, class_: TrainingClass, lessons: Sequence[ClassLesson], there: set[str]) -> Iterator[Check]:
    """Points: what the plan can bring at most, against the pass mark. Gates that nothing records, or are over already."""
    opens = clock.to_ms(window(class_.starts_on, class_.ends_on, class_.zone)[0])
    rules: list[Gate | Item] = [*rule.gates, *rule.items]
    for each in rules:
        deadline = rule.params.get(each.deadline, 0) if isinstance(each.deadline, str) else each.deadline
        if deadline is not None and deadline <= opens:
            yield Check("over", ok=False, must=True, rule=each)
        elif each.metrics and not set(each.metrics) & RECORDED:
            yield Check("unrecorded", ok=False, must=isinstance(each, Gate), rule=each)
    most = [_most(item, lessons, there, dict(rule.params)) for item in rule.items]
    if rule.pass_score is not None and lessons and None not in most:
        total = sum((each for each in most if each is not None), Fraction(0))
        if total < rule.pass_score:
            yield Check("points", ok=False, must=True, asked=int(rule.pass_score), there=int(total))


def _plans(rule: Scheme, class_: TrainingClass) -> Iterator[Check]:
    """What the scheme asks for besides study, each where it does. Homework and a mid-term are nobody's afterthought."""
    metrics = _metrics(rule)
    roles = list(Exam.objects.filter(training_class=class_).values_list("role", flat=True))
    if "homework" in metrics:
        tasks = WritingTask.objects.filter(training_class=class_, is_homework=True).count()
        yield Check("homework", tasks > 0, must=True, there=tasks)
    if "midterm" in metrics:
        midterms = roles.count(Exam.Role.MIDTERM)
        yield Check("midterm", midterms > 0, must=True, there=midterms)
    if "exam" in metrics:
        yield Check("exam", Exam.Role.FINAL in roles, there=roles.count(Exam.Role.FINAL))
    if metrics & {"post", "reply"}:
        rounds = class_.rounds.count()
        yield Check("rounds", rounds > 0, there=rounds)
    if "attendance" in metrics:
        sessions = class_.sessions.exclude(state=InPersonSession.State.CANCELLED).count()
        yield Check("sessions", sessions > 0, there=sessions)


def readiness(class_: TrainingClass) -> list[Check]:
    """In the order in which one sets a class up; the same few statements whatever its size."""
    found = [*_people(class_)]
    if class_.scheme_id not in scheme_ids():
        return [*found, Check("scheme", ok=False, must=True), *_dates(class_)]
    rule, lessons = scheme(class_.scheme_id), class_lessons(class_.pk)
    found += [*_courses(rule, class_, lessons), *_plans(rule, class_)]
    return [*found, *_reachable(rule, class_, lessons, set(RECORDED)), *_dates(class_)]


def lacks_of(class_: TrainingClass) -> list[Check]:
    """Without which the class is not opened."""
    return [check for check in readiness(class_) if check.must and not check.ok]
