"""Reads of outcomes and thought reports, each starting from what the viewer may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_view_data
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, OutcomeVersion, ThoughtReport, WritingState
from yanxiu.training.outcomes.rules import can_read_thought_reports

__all__ = [
    "CommentRow",
    "OutcomeRow",
    "ThoughtReportRow",
    "VersionRow",
    "comments_of",
    "outcome_for",
    "outcomes_of",
    "own_outcomes",
    "thought_reports_for",
    "versions_of",
]

PUBLIC_STATES = (WritingState.SUBMITTED, WritingState.RESUBMITTED, WritingState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    outcome_id: int
    author_id: int
    author: str
    title: str
    state: str
    state_label: str
    score: int | None
    submitted_at: datetime | None


def _row(outcome: Outcome) -> OutcomeRow:
    person = outcome.enrolment.person
    return OutcomeRow(
        outcome.pk, person.pk, person.name, outcome.title, outcome.state, str(WritingState(outcome.state).label),
        outcome.score, outcome.submitted_at,
    )  # fmt: skip


def _visible(viewer: Viewer, training_class: TrainingClass) -> QuerySet[Outcome]:
    """Handed-in ones for the class; returned and withdrawn ones for its staff too; drafts for their author only."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    outcomes = Outcome.objects.filter(enrolment__training_class=training_class)
    seen = Q(state__in=PUBLIC_STATES) | Q(enrolment__person_id=viewer.person_id or 0)
    if can_view_data(viewer, training_class):
        seen |= ~Q(state=WritingState.DRAFT)
    return outcomes.filter(seen).select_related("enrolment__person")


def outcomes_of(
    viewer: Viewer, training_class: TrainingClass, *, after: str | None = None, limit: int = 50
) -> Page[OutcomeRow]:
    """The outcomes of a class that this viewer may read."""
    return keyset_page(_visible(viewer, training_class), _row, after=after, limit=limit)


def own_outcomes(viewer: Viewer, training_class: TrainingClass) -> list[OutcomeRow]:
    """The viewer's own outcomes in any state."""
    own = _visible(viewer, training_class).filter(enrolment__person_id=viewer.person_id or 0)
    return [_row(outcome) for outcome in own.order_by("pk")]


def outcome_for(viewer: Viewer, uuid: str) -> Outcome:
    """One outcome by its address; NotVisible unless the viewer may read it."""
    outcome = Outcome.objects.select_related("enrolment__training_class").filter(uuid=uuid).first()
    if outcome is None:
        raise NotVisible
    found = _visible(viewer, outcome.enrolment.training_class).filter(pk=outcome.pk).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class VersionRow:
    num: int
    body: str
    characters: int
    saved_at: datetime


def versions_of(viewer: Viewer, outcome: Outcome) -> list[VersionRow]:
    """Texts of an outcome the viewer may read: author and staff see all versions, fellow learners the last."""
    training_class = outcome.enrolment.training_class
    found = _visible(viewer, training_class).filter(pk=outcome.pk).first()
    if found is None:
        raise NotVisible
    versions = list(OutcomeVersion.objects.filter(outcome=found).order_by("num"))
    sees_all = found.enrolment.person_id == viewer.person_id or can_view_data(viewer, training_class)
    return [VersionRow(v.num, v.body, v.characters, v.saved_at) for v in (versions if sees_all else versions[-1:])]


@dataclass(frozen=True, slots=True)
class CommentRow:
    comment_id: int
    author_id: int
    author: str
    kind: str
    body: str
    posted_at: datetime


def comments_of(viewer: Viewer, outcome: Outcome, *, after: str | None = None, limit: int = 50) -> Page[CommentRow]:
    """Visible comments, oldest first."""
    if not _visible(viewer, outcome.enrolment.training_class).filter(pk=outcome.pk).exists():
        raise NotVisible
    comments = OutcomeComment.objects.filter(outcome=outcome, state=OutcomeComment.State.VISIBLE)
    return keyset_page(
        comments.select_related("author"),
        lambda c: CommentRow(c.pk, c.author_id, c.author.name, c.kind, c.body, c.posted_at),
        after=after,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class ThoughtReportRow:
    report_id: int
    author_id: int
    author: str
    title: str
    body: str
    characters: int
    state: str
    submitted_at: datetime | None


def thought_reports_for(
    viewer: Viewer, training_class: TrainingClass, *, after: str | None = None, limit: int = 50
) -> Page[ThoughtReportRow]:
    """All of the class's for its manager and tutor, one's own for an author; for everybody else there are none."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    reports = ThoughtReport.objects.filter(enrolment__training_class=training_class)
    own = Q(enrolment__person_id=viewer.person_id or 0)
    if can_read_thought_reports(viewer, training_class):
        reports = reports.filter(own | ~Q(state__in=(WritingState.DRAFT, WritingState.WITHDRAWN)))
    else:
        reports = reports.filter(own)
    return keyset_page(
        reports.select_related("enrolment__person"),
        lambda r: ThoughtReportRow(
            r.pk, r.enrolment.person_id, r.enrolment.person.name, r.title, r.body, r.characters, r.state,
            r.submitted_at,
        ),
        after=after,
        limit=limit,
    )  # fmt: skip
