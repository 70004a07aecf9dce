"""Reads for the tutor's desk: what was handed in, by what is to be done with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from yanxiu.core.time.windows import window
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_view_data
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion, WritingState
from yanxiu.training.outcomes.queries import seen_outcomes
from yanxiu.training.outcomes.similarity.models import SimilarityCheck
from yanxiu.training.outcomes.tasks.models import WritingTask

__all__ = ["SIMILAR", "SORTS", "DeskRow", "Neighbours", "desk_counts", "desk_rows", "neighbours"]

SIMILAR = 300  # per mille from which a piece is pointed out; it changes no verdict
SORTS = ("all", "unmarked", "returned", "accepted", "late", "similar", "withdrawn")
UNMARKED = (WritingState.SUBMITTED, WritingState.RESUBMITTED)


@dataclass(frozen=True, slots=True)
class DeskRow:
    uuid: str
    kind_label: str
    title: str
    author: str
    organisation: str
    state: str
    state_label: str
    score: int | None
    characters: int
    submitted_at: datetime | None
    is_late: bool
    share: float | None  # per cent, of the newest check that has ended
    is_similar: bool


def _ends(training_class: TrainingClass) -> dict[str, datetime]:
    """By kind, the end of the last day the task (or the class) gives everybody."""
    days = dict.fromkeys(Outcome.Kind.values, training_class.ends_on)
    tasks = WritingTask.objects.filter(training_class=training_class)
    days |= {task.kind: task.due_on for task in tasks if task.due_on is not None and task.kind in days}
    return {kind: window(day, day, training_class.zone)[1] for kind, day in days.items()}


def _late(ends: dict[str, datetime]) -> Q:
    """Handed in after that, in make-up study or by an extension."""
    late = Q(pk__in=())
    for kind, end in ends.items():
        late |= Q(kind=kind, submitted_at__gte=end)
    return late


def _pieces(viewer: Viewer, training_class: TrainingClass) -> QuerySet[Outcome]:
    """Everything but drafts, for those who see the data of the class."""
    if not can_view_data(viewer, training_class):
        raise NotVisible
    last = OutcomeVersion.objects.filter(outcome=OuterRef("pk")).order_by("-num").values("characters")[:1]
    checks = SimilarityCheck.objects.filter(outcome=OuterRef("pk"), by_author=False, state=SimilarityCheck.State.DONE)
    pieces = seen_outcomes(viewer, training_class).exclude(state=WritingState.DRAFT)
    return pieces.select_related("enrolment__nominating_org").annotate(
        length=Subquery(last), share=Subquery(checks.order_by("-pk").values("per_mille")[:1])
    )


def _condition(sort: str, late: Q) -> Q:
    conditions = {
        "unmarked": Q(state__in=UNMARKED),
        "returned": Q(state=WritingState.RETURNED),
        "accepted": Q(state=WritingState.ACCEPTED),
        "withdrawn": Q(state=WritingState.WITHDRAWN),
        "late": late & ~Q(state=WritingState.WITHDRAWN),
        "similar": Q(share__gte=SIMILAR) & ~Q(state=WritingState.WITHDRAWN),
    }
    return conditions.get(sort, ~Q(state=WritingState.WITHDRAWN))


def desk_rows(
    viewer: Viewer, training_class: TrainingClass, sort: str, *, after: str | None = None, limit: int = 50
) -> Page[DeskRow]:
    """One page of a sort, in the order of handing in."""
    ends = _ends(training_class)

    def row(outcome: Outcome) -> DeskRow:
        share: int | None = getattr(outcome, "share", None)
        return DeskRow(
            str(outcome.uuid), outcome.get_kind_display(), outcome.title, outcome.enrolment.person.name,
            outcome.enrolment.nominating_org.name, outcome.state, outcome.get_state_display(), outcome.score,
            getattr(outcome, "length", None) or 0, outcome.submitted_at,
            outcome.submitted_at is not None and outcome.submitted_at >= ends[outcome.kind],
            None if share is None else share / 10, (share or 0) >= SIMILAR,
        )  # fmt: skip

    pieces = _pieces(viewer, training_class).filter(_condition(sort, _late(ends)))
    return keyset_page(pieces, row, after=after, limit=limit)


def desk_counts(viewer: Viewer, training_class: TrainingClass) -> dict[str, int]:
    """How many pieces each sort holds, in one statement."""
    late = _late(_ends(training_class))
    counts = _pieces(viewer, training_class).aggregate(
        **{sort: Count("pk", filter=_condition(sort, late)) for sort in SORTS}
    )
    return {sort: counts[sort] or 0 for sort in SORTS}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The pieces before and after in the same sort; "" at its ends."""

    before: str
    after: str


def neighbours(viewer: Viewer, training_class: TrainingClass, outcome: Outcome, sort: str) -> Neighbours:
    """Where the desk's two arrows lead; the piece itself may have left the sort."""
    pieces = _pieces(viewer, training_class).filter(_condition(sort, _late(_ends(training_class))))
    before = pieces.filter(pk__lt=outcome.pk).order_by("-pk").values_list("uuid", flat=True).first()
    after = pieces.filter(pk__gt=outcome.pk).order_by("pk").values_list("uuid", flat=True).first()
    return Neighbours(str(before or ""), str(after or ""))
