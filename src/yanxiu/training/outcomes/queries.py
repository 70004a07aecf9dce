"""Reads of outcomes and thought reports, each starting from what the viewer may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_view_data
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, OutcomeVersion, ThoughtReport, WritingState
from yanxiu.training.outcomes.rules import can_read_thought_reports

__all__ = [
    "PUBLIC_STATES",
    "CommentRow",
    "OutcomeRow",
    "QuotableRow",
    "ThoughtReportRow",
    "VersionRow",
    "comments_of",
    "outcome_for",
    "outcomes_of",
    "own_outcomes",
    "quotable",
    "seen_outcomes",
    "thought_report_for",
    "thought_reports_for",
    "versions_of",
]

PUBLIC_STATES = (WritingState.SUBMITTED, WritingState.RESUBMITTED, WritingState.ACCEPTED)
HANDED_IN = (*PUBLIC_STATES, WritingState.RETURNED)


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
    uuid: str
    kind: str


def _row(outcome: Outcome) -> OutcomeRow:
    person = outcome.enrolment.person
    return OutcomeRow(
        outcome.pk, person.pk, person.name, outcome.title or _("（还没有标题）"), outcome.state,
        str(WritingState(outcome.state).label), outcome.score, outcome.submitted_at, str(outcome.uuid), outcome.kind,
    )  # fmt: skip


def seen_outcomes(viewer: Viewer, training_class: TrainingClass) -> QuerySet[Outcome]:
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
    return keyset_page(seen_outcomes(viewer, training_class), _row, after=after, limit=limit)


def own_outcomes(viewer: Viewer, training_class: TrainingClass) -> list[OutcomeRow]:
    """The viewer's own outcomes in any state."""
    own = seen_outcomes(viewer, training_class).filter(enrolment__person_id=viewer.person_id or 0)
    return [_row(outcome) for outcome in own.order_by("pk")]


def outcome_for(viewer: Viewer, uuid: str) -> Outcome:
    """One outcome by its address; NotVisible unless the viewer may read it."""
    outcome = Outcome.objects.select_related("enrolment__training_class__region").filter(uuid=uuid).first()
    if outcome is None:
        raise NotVisible
    training_class = outcome.enrolment.training_class
    found = seen_outcomes(viewer, training_class).filter(pk=outcome.pk).first()
    if found is None:
        raise NotVisible
    found.enrolment.training_class = training_class
    return found


@dataclass(frozen=True, slots=True)
class VersionRow:
    num: int
    body: str
    characters: int
    saved_at: datetime
    html: str = ""

    @property
    def content(self) -> str:
        """What a page shows: the form where there is one, else the text."""
        return self.html or self.body


def versions_of(viewer: Viewer, outcome: Outcome) -> list[VersionRow]:
    """Texts of an outcome the viewer may read: author and staff see all versions, fellow learners the last."""
    training_class = outcome.enrolment.training_class
    found = seen_outcomes(viewer, training_class).filter(pk=outcome.pk).first()
    if found is None:
        raise NotVisible
    sees_all = found.enrolment.person_id == viewer.person_id or can_view_data(viewer, training_class)
    versions = OutcomeVersion.objects.filter(outcome=found)
    rows = list(versions.order_by("num")) if sees_all else list(versions.order_by("-num")[:1])
    return [VersionRow(v.num, v.body, v.characters, v.saved_at, v.html) for v in rows]


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
    if not seen_outcomes(viewer, outcome.enrolment.training_class).filter(pk=outcome.pk).exists():
        raise NotVisible
    comments = OutcomeComment.objects.filter(outcome=outcome, state=OutcomeComment.State.VISIBLE)
    return keyset_page(
        comments.select_related("author"),
        lambda c: CommentRow(c.pk, c.author_id, c.author.name, c.kind, c.body, c.posted_at),
        after=after,
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class QuotableRow:
    """A handed-in piece whose author lets reports quote it, with its newest text."""

    outcome_id: int
    version: int
    author_id: int
    author: str
    title: str
    body: str


def quotable(class_id: int) -> list[QuotableRow]:
    """What reports may quote: nothing without the author's consent, nothing that was taken back. Two statements."""
    outcomes = Outcome.objects.filter(enrolment__training_class_id=class_id, quotable=True, state__in=HANDED_IN)
    by_id = {outcome.pk: outcome for outcome in outcomes.select_related("enrolment__person").order_by("pk")}
    newest = {v.outcome_id: v for v in OutcomeVersion.objects.filter(outcome__in=by_id).order_by("num")}
    return [
        QuotableRow(pk, newest[pk].num, o.enrolment.person_id, o.enrolment.person.name, o.title, newest[pk].body)
        for pk, o in by_id.items()
    ]


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
    state_label: str = ""
    note: str = ""
    html: str = ""

    @property
    def content(self) -> str:
        return self.html or self.body


def _report_row(report: ThoughtReport) -> ThoughtReportRow:
    person = report.enrolment.person
    return ThoughtReportRow(
        report.pk, person.pk, person.name, report.title or _("（还没有标题）"), report.body, report.characters,
        report.state, report.submitted_at, str(WritingState(report.state).label), report.note, report.html,
    )  # fmt: skip


def _seen_reports(viewer: Viewer, training_class: TrainingClass) -> QuerySet[ThoughtReport]:
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    reports = ThoughtReport.objects.filter(enrolment__training_class=training_class)
    seen = Q(enrolment__person_id=viewer.person_id or 0)
    if can_read_thought_reports(viewer, training_class):
        seen |= ~Q(state__in=(WritingState.DRAFT, WritingState.WITHDRAWN))
    return reports.filter(seen).select_related("enrolment__person")


def thought_reports_for(
    viewer: Viewer,
    training_class: TrainingClass,
    *,
    after: str | None = None,
    limit: int = 50,
    states: tuple[str, ...] = (),
) -> Page[ThoughtReportRow]:
    """All of the class's for its manager and tutor, one's own for an author; for everybody else there are none."""
    reports = _seen_reports(viewer, training_class)
    return keyset_page(reports.filter(state__in=states) if states else reports, _report_row, after=after, limit=limit)


def thought_report_for(viewer: Viewer, training_class: TrainingClass, report_id: int) -> ThoughtReport:
    """One report of the class; NotVisible unless the viewer may read it."""
    found = _seen_reports(viewer, training_class).filter(pk=report_id).first()
    if found is None:
        raise NotVisible
    found.enrolment.training_class = training_class
    return found
