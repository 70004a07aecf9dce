"""What a learner sees of exams. No row of this module carries a key, but those of `review`, when the policy allows it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from yanxiu.core.rules.marking import CHOICE_KINDS, GivenAnswer, KeyedQuestion, question_points
from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.exams.models import Exam, ExamAttempt, ExamDeferral, Question
from yanxiu.training.exams.papers.dealing import paper_of
from yanxiu.training.exams.reading.rows import AttemptRow, attempt_row
from yanxiu.training.exams.rules import (
    SittingWindow,
    is_review_open,
    last_close,
    require_attempt_left,
    require_exam_window,
    require_own_attempt,
    windows_of,
)

__all__ = [
    "LearnerExam", "PaperQuestion", "Receipt", "ReviewQuestion", "attempt_for", "learner_exam", "learner_exams", "paper",
    "receipt", "review",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LearnerExam:
    """An exam as one learner stands in it. `window`: the one open now; `refusal`: why no attempt can be started now;
    `ahead`: the next window they may still use.

    `state`: "running" · "open" (an attempt can be started) · "ahead" (opens later) · "over".
    """

    exam: Exam
    questions: int
    essays: int
    is_drawn: bool
    windows: tuple[SittingWindow, ...]
    window: SittingWindow | None
    ahead: SittingWindow | None
    attempts: tuple[AttemptRow, ...]
    running: AttemptRow | None
    best: int | None
    being_marked: bool
    state: str
    refusal: Refused | None
    may_review: bool


def _counts(exams: list[Exam]) -> dict[int, tuple[int, int, bool]]:
    """(questions, essays, drawn or not) of a paper of each exam: of its common one, or of its blueprint."""
    counts: dict[int, tuple[int, int, bool]] = {}
    ids = [exam.pk for exam in exams]
    common = Exam.objects.filter(pk__in=ids, paper__attempt=None).values_list("pk")
    for pk, total, essays in common.annotate(
        total=Count("paper"), essays=Count("paper", filter=Q(paper__question__kind=Question.Kind.ESSAY))
    ):
        counts[pk] = (total, essays, False)
    drawn: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for pk, kind, count in Exam.objects.filter(pk__in=ids, sections__isnull=False).values_list(
        "pk", "sections__kind", "sections__count"
    ):
        drawn[pk][0] += count
        drawn[pk][1] += count if kind == Question.Kind.ESSAY else 0
    return counts | {pk: (total, essays, True) for pk, (total, essays) in drawn.items()}


def _window(
    exam: Exam, windows: tuple[SittingWindow, ...], training_class: TrainingClass, mine: list[ExamAttempt], at: datetime
) -> tuple[SittingWindow | None, Refused | None]:
    try:
        window = require_exam_window(windows, training_class, at)
    except Refused as refused:
        return None, refused
    try:
        require_attempt_left(window, mine, exam)
    except Refused as refused:
        return window, refused
    return window, None


def _ahead(
    exam: Exam, windows: tuple[SittingWindow, ...], mine: list[ExamAttempt], at: datetime
) -> SittingWindow | None:
    """Not one whose attempts are used up, nor a resit that is not needed; one that waits for a mark may still come."""
    for window in sorted((each for each in windows if at < each.opens_at), key=lambda each: each.opens_at):
        try:
            require_attempt_left(window, mine, exam)
        except Refused as refused:
            if refused.code != "still_marking":
                continue
        return window
    return None


def learner_exams(training_class: TrainingClass, enrolment: Enrolment, only: UUID | None = None) -> list[LearnerExam]:
    """Every exam of the class (or the one named) as the learner of this enrolment stands in it."""
    at = clock.now()
    found = training_class.exams.order_by("opens_at", "pk")
    exams = list(found if only is None else found.filter(uuid=only))
    attempts: dict[int, list[ExamAttempt]] = defaultdict(list)
    for attempt in enrolment.attempts.select_related("enrolment__person").order_by("exam_id", "num"):
        attempts[attempt.exam_id].append(attempt)
    deferrals = {row.exam_id: row for row in ExamDeferral.objects.filter(enrolment=enrolment)}
    ends = dict(ExamDeferral.objects.filter(exam__in=exams).values_list("exam").annotate(last=Max("closes_at")))
    counts = _counts(exams)
    return [
        _standing(
            exam,
            training_class,
            attempts[exam.pk],
            at,
            deferral=deferrals.get(exam.pk),
            deferred_until=ends.get(exam.pk),
            counts=counts.get(exam.pk, (0, 0, False)),
        )
        for exam in exams
    ]


def _standing(
    exam: Exam,
    training_class: TrainingClass,
    mine: list[ExamAttempt],
    at: datetime,
    *,
    deferral: ExamDeferral | None,
    deferred_until: datetime | None,
    counts: tuple[int, int, bool],
) -> LearnerExam:
    windows = windows_of(exam, deferral)
    window, refusal = _window(exam, windows, training_class, mine, at)
    ahead = _ahead(exam, windows, mine, at)
    rows = tuple(attempt_row(attempt) for attempt in mine)
    running = next((row for row in rows if row.state == ExamAttempt.State.STARTED), None)
    if running is not None:
        state = "running"
    elif window is not None and refusal is None:
        state = "open"
    else:
        state = "over" if ahead is None else "ahead"
    return LearnerExam(
        exam, *counts, windows, window, ahead, rows, running,
        max((row.score for row in rows if row.score is not None), default=None),
        any(row.state == ExamAttempt.State.SUBMITTED and row.score is None for row in rows),
        state, refusal, is_review_open(exam, last_close(exam, deferred_until), at),
    )  # fmt: skip


def learner_exam(training_class: TrainingClass, enrolment: Enrolment, uuid: UUID) -> LearnerExam:
    """One of them; NotVisible for an exam of another class."""
    found = learner_exams(training_class, enrolment, uuid)
    if not found:
        raise NotVisible
    return found[0]


def attempt_for(viewer: Viewer, uuid: UUID | str) -> ExamAttempt:
    """One's own attempt by its address; NotVisible for anybody else."""
    found = ExamAttempt.objects.select_related("enrolment__training_class", "enrolment__person", "exam")
    attempt = found.filter(uuid=uuid).first()
    if attempt is None:
        raise NotVisible
    require_own_attempt(viewer, attempt)
    return attempt


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question as the one who sits the exam sees it: their own answer, no key. `version` 0: not answered yet."""

    num: int
    kind: str
    stem: str
    options: tuple[str, ...]
    points: int
    choice: tuple[int, ...]
    text: str = ""
    version: int = 0

    @property
    def is_answered(self) -> bool:
        return bool(self.choice or self.text)


_COLUMNS = ("pk", "num", "question__kind", "question__stem", "question__options", "points", "order")


def _placed(order: list[int], options: list[str]) -> tuple[str, ...]:
    return tuple(options[index] for index in order) if order else tuple(options)


def _places(order: list[int], indexes: list[int]) -> tuple[int, ...]:
    return tuple(sorted(order.index(index) for index in indexes)) if order else tuple(indexes)


def _paper(attempt: ExamAttempt) -> list[PaperQuestion]:
    given = {row[0]: row[1:] for row in attempt.answers.values_list("question_id", "choice", "text", "version")}
    rows = []
    for pk, num, kind, stem, options, points, order in paper_of(attempt).order_by("num").values_list(*_COLUMNS):
        choice, text, version = given.get(pk, ([], "", 0))
        shown = _placed(order, options)
        rows.append(PaperQuestion(num, kind, stem, shown, points, _places(order, choice), text, version))
    return rows


def paper(viewer: Viewer, attempt: ExamAttempt) -> list[PaperQuestion]:
    """The paper of one's own running attempt with the answers saved so far."""
    require_own_attempt(viewer, attempt)
    if attempt_row(attempt).state != ExamAttempt.State.STARTED:
        raise Refused("attempt_over", _("本次作答已结束。"))
    return _paper(attempt)


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执: that and when something was handed in; `digest` of the answers, so that nobody can change them unseen."""

    number: str
    attempt: AttemptRow
    title: str
    questions: int
    answered: int


def receipt(viewer: Viewer, attempt: ExamAttempt) -> Receipt:
    """Of one's own submitted attempt; NotVisible for one that was not submitted."""
    require_own_attempt(viewer, attempt)
    if attempt.state != ExamAttempt.State.SUBMITTED:
        raise NotVisible
    answered = sum(bool(choice or text) for choice, text in attempt.answers.values_list("choice", "text"))
    number = f"{attempt.exam_id:04d}-{attempt.pk:06d}-{attempt.digest[:6].upper()}"
    return Receipt(number, attempt_row(attempt), attempt.exam.title, paper_of(attempt).count(), answered)


@dataclass(frozen=True, slots=True)
class ReviewQuestion:
    """One's own answer beside the key. `earned` None: not marked."""

    shown: PaperQuestion
    right: tuple[int, ...]
    accepted: tuple[str, ...]
    guide: str
    earned: int | None
    remark: str


def review(viewer: Viewer, attempt: ExamAttempt) -> list[ReviewQuestion]:
    """Own answers and keys, once nobody may sit the exam any more and its policy allows it."""
    require_own_attempt(viewer, attempt)
    exam = attempt.exam
    last = last_close(exam, exam.deferrals.aggregate(last=Max("closes_at"))["last"])
    if not is_review_open(exam, last, clock.now()) or attempt.state == ExamAttempt.State.STARTED:
        raise Refused("no_review", _("本场考试的答案现在不公布。"))
    marks = {row[0]: row[1:] for row in attempt.answers.values_list("question__num", "mark", "remark")}
    keys = paper_of(attempt).values_list("num", "question__key", "question__guide", "order")
    by_num = {num: (key, guide, order) for num, key, guide, order in keys}
    return [_reviewed(row, by_num[row.num], marks.get(row.num, (None, "")), exam.partial) for row in _paper(attempt)]


def _reviewed(
    row: PaperQuestion, keyed: tuple[list[int], str, list[int]], marked: tuple[int | None, str], partial: str
) -> ReviewQuestion:
    (key, guide, order), (mark, remark) = keyed, marked
    right = _places(order, key) if row.kind in CHOICE_KINDS else ()
    accepted = tuple(str(text) for text in key) if row.kind == Question.Kind.FILL_IN else ()
    question = KeyedQuestion(row.num, row.kind, right, row.points, accepted)
    earned = question_points(question, GivenAnswer(row.choice, row.text, mark), partial)
    return ReviewQuestion(row, right, accepted, guide, earned, remark)
