"""Evidence as composed querysets: one statement a source, no id lists, every row in the same five columns.

A source is a named set of rows of one class; a figure is measured over one or two of them (`PARTS`). Wings are joined by
subqueries (`enrolment_id__in=<queryset>`), so that the database does the work whatever the size of the class.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Exists, F, Model, OuterRef, QuerySet, Subquery, Value

from yanxiu.core.evidence import EvidenceRow
from yanxiu.core.time.windows import window
from yanxiu.kit.audit import state_as_of
from yanxiu.record.figures.sql import COLUMNS, EpochMs, Printed
from yanxiu.study.digest.queries import CreditRow, credit_as_of
from yanxiu.study.queries import cells
from yanxiu.training.classes.models import Enrolment, QuotaAllocation, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.courses.models import Lesson
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.discussion.queries import inside_windows
from yanxiu.training.exams.models import Exam, ExamAttempt
from yanxiu.training.notices.models import Announcement
from yanxiu.training.outcomes.models import Outcome, OutcomeComment

__all__ = ["PARTS", "AsOf", "Rows", "Scope", "rows_of", "source"]

M = TypeVar("M", bound=Model)
Rows = QuerySet[Any, Any] | tuple[EvidenceRow, ...]

# figure -> (sources of the numerator, sources of the denominator)
PARTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "registered_count": (("registered",), ()),
    "registration_rate": (("registered",), ("seats",)),
    "compulsory_minutes": (("compulsory",), ()),
    "elective_minutes": (("elective",), ()),
    "mean_minutes": (("compulsory", "elective"), ("registered",)),
    "outcome_submitters": (("outcome_authors",), ()),
    "outcome_count": (("outcomes",), ()),
    "outcome_authors_commented": (("comments",), ()),
    "exam_submitters": (("attempts",), ()),
    "exam_absentees": (("absentees",), ()),
    "exam_mean": (("best_attempts",), ()),
    "discussion_required": (("required",), ()),
    "discussion_posters": (("posts",), ()),
    "discussion_replies": (("replies",), ()),
    "announcement_count": (("announcements",), ()),
}
_HANDED_IN = ("submitted", "returned", "resubmitted", "accepted")


@dataclass(frozen=True)
class AsOf:
    """Positions up to which facts count: entries of the audit log (states) and of the study ledger (credit)."""

    audit: int
    ledger: int


@dataclass
class Scope:
    """One class, now or as of two positions; remembers what several sources need, so that nothing is read twice."""

    training_class: TrainingClass
    as_of: AsOf | None = None
    known_rounds: list[DiscussionRound] | None = field(default=None, repr=False)
    _credit: tuple[tuple[str, EvidenceRow], ...] | None = field(default=None, repr=False)

    @property
    def window(self) -> tuple[datetime, datetime]:
        """From the first day to the midnight after the last, in the class's zone."""
        c = self.training_class
        return window(c.starts_on, c.ends_on, c.zone)

    def in_state(self, rows: QuerySet[M], object_type: str, *states: str) -> QuerySet[M]:
        """Only rows that are (or, as of a position, were) in one of the states."""
        if self.as_of is None:
            return rows.filter(state__in=states)
        then: Any = rows.annotate(state_then=state_as_of(object_type, self.as_of.audit)).filter(state_then__in=states)
        kept: QuerySet[M] = then
        return kept

    def registered(self) -> QuerySet[Enrolment]:
        """Learners registered before the class ended and not withdrawn."""
        position = None if self.as_of is None else self.as_of.audit
        return counted_enrolments(self.training_class.pk, position).filter(registered_at__lt=self.window[1])

    def rounds(self) -> list[DiscussionRound]:
        """The class's rounds, in order."""
        if self.known_rounds is None:
            self.known_rounds = list(self.training_class.rounds.order_by("num"))
        return self.known_rounds

    def credit_then(self) -> tuple[tuple[str, EvidenceRow], ...]:
        """(kind, row) of every credit cell of registered learners, recomputed from the ledger up to the position."""
        if self._credit is None and self.as_of is not None:
            kinds = dict(_lessons(self.training_class).values_list("pk", "course__curriculumitem__kind"))
            people = set(self.registered().values_list("pk", flat=True))
            self._credit = tuple(
                (kinds[cell.lesson_id], _credit_row(cell))
                for cell in credit_as_of(self.training_class.pk, self.as_of.ledger)
                if cell.credited_ms and cell.lesson_id in kinds and cell.enrolment_id in people
            )
        return self._credit or ()


def _lessons(training_class: TrainingClass) -> QuerySet[Lesson]:
    return Lesson.objects.filter(course__curriculumitem__training_class=training_class)


def _credit_row(cell: CreditRow) -> EvidenceRow:
    what = f"lesson:{cell.lesson_id}.{cell.lesson_version}@{cell.day.isoformat()}"
    return EvidenceRow(cell.person_id, what, 0, cell.credited_ms, f"enrolment:{cell.enrolment_id}")


def _columns(rows: QuerySet[Any], *, who: Any, what: Any, at: Any, quantity: Any, ref: Any) -> QuerySet[Any]:
    normal: QuerySet[Any] = rows.annotate(who=who, what=what, at=at, quantity=quantity, ref=ref)
    return normal


def _registered(scope: Scope) -> Rows:
    return _columns(
        scope.registered(), who=F("person_id"), what=Value(""), at=EpochMs("registered_at"), quantity=Value(1),
        ref=Printed("enrolment:%d", "pk"),
    )  # fmt: skip


def _seats(scope: Scope) -> Rows:
    return _columns(
        QuotaAllocation.objects.filter(training_class=scope.training_class), who=Value(0),
        what=Printed("organisation:%d", "nominating_org_id"), at=Value(0), quantity=F("seats"),
        ref=Printed("quota:%d", "pk"),
    )  # fmt: skip


def _cells(scope: Scope, *kinds: str) -> Rows:
    if scope.as_of is not None:
        return tuple(row for kind, row in scope.credit_then() if kind in kinds)
    lessons = Lesson.objects.filter(
        course__curriculumitem__training_class=scope.training_class, course__curriculumitem__kind__in=kinds
    )
    rows = cells(scope.training_class.pk).filter(
        credited_ms__gt=0, lesson_id__in=lessons.values("pk"), enrolment_id__in=scope.registered().values("pk")
    )
    return _columns(
        rows, who=F("person_id"), what=Printed("lesson:%d.%d@%s", "lesson_id", "lesson_version", "day"), at=Value(0),
        quantity=F("credited_ms"), ref=Printed("enrolment:%d", "enrolment_id"),
    )  # fmt: skip


def _counted_outcomes(scope: Scope) -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(enrolment__in=scope.registered().values("pk"), kind=Outcome.Kind.OUTCOME)
    return scope.in_state(rows, "outcome", *_HANDED_IN)


def _outcomes(scope: Scope, *, by_author: bool) -> Rows:
    return _columns(
        _counted_outcomes(scope), who=F("enrolment__person_id"),
        what=Value("") if by_author else Printed("outcome:%d", "pk"), at=EpochMs("submitted_at"), quantity=Value(1),
        ref=Printed("outcome:%d", "pk"),
    )  # fmt: skip


def _comments(scope: Scope) -> Rows:
    rows = OutcomeComment.objects.filter(outcome__in=_counted_outcomes(scope).values("pk"))
    rows = scope.in_state(rows, "outcome_comment", "visible").exclude(author_id=F("outcome__enrolment__person_id"))
    return _columns(
        rows, who=F("outcome__enrolment__person_id"), what=Value(""), at=EpochMs("posted_at"), quantity=Value(1),
        ref=Printed("outcome_comment:%d", "pk"),
    )  # fmt: skip


def _submitted(scope: Scope) -> QuerySet[ExamAttempt]:
    """Of the closing examination: a mid-term is none of the report's figures."""
    rows = ExamAttempt.objects.filter(
        exam__training_class=scope.training_class, exam__role=Exam.Role.FINAL,
        enrolment__in=scope.registered().values("pk"),
    )  # fmt: skip
    return scope.in_state(rows, "attempt", "submitted")


def _attempt_rows(rows: QuerySet[ExamAttempt], quantity: Any) -> Rows:
    return _columns(
        rows, who=F("enrolment__person_id"), what=Value(""), at=EpochMs("submitted_at"), quantity=quantity,
        ref=Printed("attempt:%d", "pk"),
    )  # fmt: skip


def _best_attempts(scope: Scope) -> Rows:
    # The earliest of equal scores: one row a person, the same one whenever it is asked for.
    of_same = scope.in_state(ExamAttempt.objects.filter(enrolment_id=OuterRef("enrolment_id")), "attempt", "submitted")
    of_same = of_same.filter(exam__training_class=scope.training_class, exam__role=Exam.Role.FINAL).order_by(
        F("score").desc(nulls_last=True), "pk"
    )
    best = _submitted(scope).filter(pk=Subquery(of_same.values("pk")[:1]), score__isnull=False)
    return _attempt_rows(best, F("score"))


def _absentees(scope: Scope) -> Rows:
    sat = scope.in_state(
        ExamAttempt.objects.filter(
            enrolment_id=OuterRef("pk"), exam__training_class=scope.training_class, exam__role=Exam.Role.FINAL
        ),
        "attempt", "submitted",
    )  # fmt: skip
    return _columns(
        scope.registered().filter(~Exists(sat)), who=F("person_id"), what=Value(""), at=Value(0), quantity=Value(1),
        ref=Printed("enrolment:%d", "pk"),
    )  # fmt: skip


def _required(scope: Scope) -> Rows:
    rows = scope.registered().filter(training_class__rounds__isnull=False)
    return _columns(
        rows, who=F("person_id"), what=Printed("round:%d", "training_class__rounds__pk"), at=Value(0),
        quantity=F("training_class__rounds__required_posts"), ref=Printed("enrolment:%d", "pk"),
    )  # fmt: skip


def _written(scope: Scope) -> QuerySet[Post]:
    rows = Post.objects.filter(
        inside_windows(scope.rounds(), scope.training_class.zone), round__training_class=scope.training_class, by_learner=True,
        author_id__in=scope.registered().values("person_id"),
    )  # fmt: skip
    return scope.in_state(rows, "post", "visible")


def _posts(scope: Scope) -> Rows:
    rows = _written(scope).filter(parent__isnull=True, characters__gte=F("round__min_characters"))
    return _columns(
        rows, who=F("author_id"), what=Printed("round:%d", "round_id"), at=EpochMs("posted_at"), quantity=Value(1),
        ref=Printed("post:%d", "pk"),
    )  # fmt: skip


def _replies(scope: Scope) -> Rows:
    return _columns(
        _written(scope).filter(parent__isnull=False), who=F("author_id"), what=Printed("post:%d", "pk"),
        at=EpochMs("posted_at"), quantity=Value(1), ref=Printed("post:%d", "pk"),
    )  # fmt: skip


def _announcements(scope: Scope) -> Rows:
    begins, ends = scope.window
    rows = Announcement.objects.filter(
        training_class=scope.training_class, published_at__gte=begins, published_at__lt=ends
    )
    return _columns(
        scope.in_state(rows, "announcement", "published"), who=F("author_id"), what=Printed("announcement:%d", "pk"),
        at=EpochMs("published_at"), quantity=Value(1), ref=Printed("announcement:%d", "pk"),
    )  # fmt: skip


_SOURCES: Mapping[str, Callable[[Scope], Rows]] = {
    "registered": _registered,
    "seats": _seats,
    "compulsory": lambda scope: _cells(scope, "compulsory"),
    "elective": lambda scope: _cells(scope, "elective"),
    "studied": lambda scope: _cells(scope, "compulsory", "elective"),
    "outcome_authors": lambda scope: _outcomes(scope, by_author=True),
    "outcomes": lambda scope: _outcomes(scope, by_author=False),
    "comments": _comments,
    "attempts": lambda scope: _attempt_rows(_submitted(scope), Value(1)),
    "absentees": _absentees,
    "best_attempts": _best_attempts,
    "required": _required,
    "posts": _posts,
    "replies": _replies,
    "announcements": _announcements,
}


def source(scope: Scope, name: str) -> Rows:
    """The rows of one source: a lazy queryset, or rows where they were recomputed from the ledger."""
    return _SOURCES[name](scope)


def rows_of(scope: Scope, key: str) -> list[EvidenceRow]:
    """Every evidence row of a figure, numerator first. KeyError for an unknown figure."""
    found: list[EvidenceRow] = []
    for part, names in zip(("numerator", "denominator"), PARTS[key], strict=True):
        found += _materialised((source(scope, name) for name in names), part)
    return found


def _materialised(sources: Iterable[Rows], part: str) -> Sequence[EvidenceRow]:
    rows: list[EvidenceRow] = []
    for each in sources:
        if isinstance(each, tuple):
            rows += [EvidenceRow(r.who, r.what, r.at_ms, r.quantity, r.ref, part) for r in each]
        else:
            rows += [
                EvidenceRow(who, what, at, quantity, ref, part)
                for who, what, at, quantity, ref in each.values_list(*COLUMNS)
            ]
    return rows
