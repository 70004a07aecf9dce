"""What the staff see of exams: sitters, essays to mark (without names), the standing of each exam."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import can_tutor, can_view_data, require
from yanxiu.training.exams.models import Exam, ExamAnswer, ExamAttempt, ExamDeferral, Question

__all__ = [
    "SHOWS",
    "EssayAnswer",
    "EssayRow",
    "ExamStanding",
    "SitterRow",
    "enrolment_in",
    "essay_answer",
    "essays_to_mark",
    "exam_in",
    "exam_standings",
    "papers_handed_in",
    "sitters",
]  # fmt: skip

State = ExamAttempt.State


@dataclass(frozen=True, slots=True)
class ExamStanding:
    """Persons, not attempts: `started` has a running attempt, `submitted` any submitted one, `absent` neither."""

    exam: Exam
    registered: int
    started: int
    submitted: int
    to_mark: int

    @property
    def absent(self) -> int:
        return self.registered - self.started - self.submitted


def exam_in(training_class: TrainingClass, uuid: UUID) -> Exam:
    """An exam of this class by its address; NotVisible otherwise."""
    found = (
        Exam.objects.select_related("training_class__region").filter(training_class=training_class, uuid=uuid).first()
    )
    if found is None:
        raise NotVisible
    return found


def enrolment_in(training_class: TrainingClass, enrolment_id: int) -> Enrolment:
    """A registered learner's place in the class, by its number; NotVisible otherwise."""
    found = training_class.enrolments.filter(pk=enrolment_id, state=Enrolment.State.REGISTERED).first()
    if found is None:
        raise NotVisible
    return found


def exam_standings(viewer: Viewer, training_class: TrainingClass, only: Exam | None = None) -> list[ExamStanding]:
    """Every exam of the class (or one) with how many have started, submitted, wait to be marked."""
    require(can_view_data, viewer, training_class)
    registered = training_class.enrolments.filter(state=Enrolment.State.REGISTERED)
    counted = Q(attempts__enrolment__in=registered)
    submitted = counted & Q(attempts__state=State.SUBMITTED)
    done = ExamAttempt.objects.filter(exam=OuterRef("attempts__exam"), state=State.SUBMITTED).values("enrolment")
    running = counted & Q(attempts__state=State.STARTED, attempts__deadline_at__gt=clock.now())
    exams = training_class.exams.order_by("opens_at", "pk")
    exams = exams if only is None else exams.filter(pk=only.pk)
    rows = exams.annotate(
        running=Count("attempts__enrolment", filter=running & ~Q(attempts__enrolment__in=done), distinct=True),
        handed=Count("attempts__enrolment", filter=submitted, distinct=True),
        waiting=Count("attempts", filter=submitted & Q(attempts__score=None), distinct=True),
    )
    total = registered.count()
    return [
        ExamStanding(e, total, getattr(e, "running", 0), getattr(e, "handed", 0), getattr(e, "waiting", 0))
        for e in rows
    ]


def papers_handed_in(training_class: TrainingClass) -> dict[int, int]:
    """How many registered learners have handed in a paper, by exam; one nobody sat is left out."""
    rows = ExamAttempt.objects.filter(
        exam__training_class=training_class, state=State.SUBMITTED, enrolment__state=Enrolment.State.REGISTERED
    )
    return dict(rows.order_by().values_list("exam").annotate(persons=Count("enrolment", distinct=True)))


@dataclass(frozen=True, slots=True)
class SitterRow:
    """A learner in an exam: `state` of the newest attempt ("" = none), `best` of the final scores."""

    enrolment_id: int
    name: str
    organisation: str
    state: str
    attempts: int
    started_at: datetime | None
    submitted_at: datetime | None
    best: int | None
    deferred_until: datetime | None


SHOWS = ("", "none", "started", "submitted", "expired")


def _sitters(exam: Exam, show: str) -> QuerySet[Enrolment]:
    mine = ExamAttempt.objects.filter(exam=exam, enrolment=OuterRef("pk"))
    newest = mine.order_by("-num")
    rows = exam.training_class.enrolments.filter(state=Enrolment.State.REGISTERED).annotate(
        exam_state=Subquery(newest.values("state")[:1]),
        exam_num=Subquery(newest.values("num")[:1]),
        exam_started=Subquery(newest.values("started_at")[:1]),
        exam_deadline=Subquery(newest.values("deadline_at")[:1]),
        exam_submitted=Subquery(newest.values("submitted_at")[:1]),
        exam_best=Subquery(mine.order_by(F("score").desc(nulls_last=True)).values("score")[:1]),
        exam_deferred=Subquery(
            ExamDeferral.objects.filter(exam=exam, enrolment=OuterRef("pk")).values("closes_at")[:1]
        ),
    )
    at = clock.now()
    tests = {
        "none": Q(exam_state=None),
        "started": Q(exam_state=State.STARTED, exam_deadline__gt=at),
        "submitted": Q(exam_state=State.SUBMITTED),
        "expired": Q(exam_state=State.EXPIRED) | Q(exam_state=State.STARTED, exam_deadline__lte=at),
    }
    return rows.filter(tests[show]) if show in tests else rows


def _sitter(row: Enrolment) -> SitterRow:
    def of(name: str) -> object:
        return getattr(row, f"exam_{name}", None)

    state, deadline = of("state") or "", of("deadline")
    if state == State.STARTED and isinstance(deadline, datetime) and deadline <= clock.now():
        state = State.EXPIRED
    times = [at if isinstance(at, datetime) else None for at in (of("started"), of("submitted"), of("deferred"))]
    num, best = of("num"), of("best")
    return SitterRow(
        row.pk, row.person.name, row.nominating_org.name, str(state), num if isinstance(num, int) else 0, times[0],
        times[1], best if isinstance(best, int) else None, times[2],
    )  # fmt: skip


def sitters(
    viewer: Viewer, exam: Exam, *, show: str = "", after: str | None = None, limit: int = 50
) -> Page[SitterRow]:
    """Registered learners in the order of enrolment; `show` filters by the newest attempt."""
    require(can_view_data, viewer, exam.training_class)
    rows = _sitters(exam, show).select_related("person", "nominating_org")
    return keyset_page(rows, _sitter, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class EssayRow:
    """One essay question of an exam (of any of its papers)."""

    question_id: int
    stem: str
    answers: int
    marked: int


def _essays(exam: Exam) -> QuerySet[ExamAnswer]:
    return ExamAnswer.objects.filter(
        attempt__exam=exam, attempt__state=State.SUBMITTED, question__question__kind=Question.Kind.ESSAY
    ).exclude(text="")


def essays_to_mark(viewer: Viewer, exam: Exam) -> list[EssayRow]:
    """The essay questions that somebody has answered, with how many answers are marked."""
    require(can_tutor, viewer, exam.training_class)
    rows = _essays(exam).values_list("question__question_id", "question__question__stem")
    counted = rows.annotate(answers=Count("pk"), marked=Count("mark")).order_by("question__question_id")
    return [EssayRow(*row) for row in counted]


@dataclass(frozen=True, slots=True)
class EssayAnswer:
    """One answer at the desk: no name, no unit, no order of handing in; `place` of `total`, from 1.

    `next_open`: place of the next answer without a mark, going round; None when all are marked.
    """

    answer: ExamAnswer
    question: Question
    points: int
    place: int
    total: int
    marked: int
    next_open: int | None


def essay_answer(viewer: Viewer, exam: Exam, question_id: int, place: int) -> EssayAnswer:
    """The answer at a place; answers stand in an order that says nothing of who wrote them."""
    require(can_tutor, viewer, exam.training_class)
    order = list(
        _essays(exam).filter(question__question_id=question_id).order_by("attempt__uuid").values_list("pk", "mark")
    )
    if not 1 <= place <= len(order):
        raise NotVisible
    answer = ExamAnswer.objects.select_related("question__question", "marked_by").get(pk=order[place - 1][0])
    around = [*range(place, len(order)), *range(place - 1)]
    return EssayAnswer(
        answer, answer.question.question, answer.question.points, place, len(order),
        sum(mark is not None for _pk, mark in order),
        next((n + 1 for n in around if order[n][1] is None), None),
    )  # fmt: skip
