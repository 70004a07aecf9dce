"""Reads for the pages of a learner: own pieces, the piece being written, fellow learners' pieces."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from yanxiu.core.text import count_characters
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, OutcomeVersion, WorkingCopy
from yanxiu.training.outcomes.queries import PUBLIC_STATES, seen_outcomes

__all__ = ["PieceRow", "SideCopy", "Writing", "fellow_pieces", "own_pieces", "writing_of"]


@dataclass(frozen=True, slots=True)
class PieceRow:
    uuid: str
    kind: str
    kind_label: str
    title: str
    author: str
    state: str
    state_label: str
    score: int | None
    note: str
    submitted_at: datetime | None
    characters: int
    comments: int


def _row(outcome: Outcome) -> PieceRow:
    return PieceRow(
        str(outcome.uuid), outcome.kind, outcome.get_kind_display(), outcome.title or _("（还没有标题）"),
        outcome.enrolment.person.name, outcome.state, outcome.get_state_display(), outcome.score, outcome.note,
        outcome.submitted_at, getattr(outcome, "length", None) or 0, getattr(outcome, "said", 0),
    )  # fmt: skip


def _counted(outcomes: QuerySet[Outcome]) -> QuerySet[Outcome]:
    last = OutcomeVersion.objects.filter(outcome=OuterRef("pk")).order_by("-num").values("characters")[:1]
    comments = OutcomeComment.objects.filter(outcome=OuterRef("pk"), state=OutcomeComment.State.VISIBLE)
    said = comments.order_by().values("outcome").annotate(number=Count("pk")).values("number")
    return outcomes.annotate(length=Subquery(last), said=Coalesce(Subquery(said), 0))


def own_pieces(viewer: Viewer, training_class: TrainingClass) -> list[PieceRow]:
    """The viewer's own, in any state, oldest first; at most a few by the task."""
    own = seen_outcomes(viewer, training_class).filter(enrolment__person_id=viewer.person_id or 0)
    return [_row(outcome) for outcome in _counted(own).order_by("pk")]


def fellow_pieces(
    viewer: Viewer, training_class: TrainingClass, *, after: str | None = None, limit: int = 20
) -> Page[PieceRow]:
    """What the others of the class have handed in, author by author, the newest person first.

    The order is that of an index from the class inwards: a page costs the same in a class of any size.
    """
    others = seen_outcomes(viewer, training_class).exclude(enrolment__person_id=viewer.person_id or 0)
    handed_in = _counted(others.filter(state__in=PUBLIC_STATES)).annotate(author=F("enrolment__person_id"))
    return keyset_page(handed_in, _row, order=("author", "pk"), forwards=False, after=after, limit=limit)


@dataclass(frozen=True, slots=True)
class SideCopy:
    """What another open page wrote on an older state."""

    copy_id: int
    title: str
    body: str
    characters: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """The text as its author goes on with it; `saved_at` None where nothing has been written."""

    title: str
    body: str
    html: str
    characters: int
    edition: int
    saved_at: datetime | None
    beside: tuple[SideCopy, ...] = ()

    @property
    def content(self) -> str:
        return self.html or self.body


def _beside(copy: WorkingCopy) -> SideCopy:
    return SideCopy(copy.pk, copy.title, copy.body, count_characters(copy.body), copy.saved_at)


def writing_of(viewer: Viewer, outcome: Outcome) -> Writing:
    """For its author only."""
    if viewer.person_id is None or outcome.enrolment.person_id != viewer.person_id:
        raise NotVisible
    copies = list(WorkingCopy.objects.filter(outcome=outcome).order_by("pk"))
    main = next((copy for copy in copies if copy.is_main), None)
    if main is not None:
        beside = tuple(_beside(copy) for copy in copies if not copy.is_main)
        characters = count_characters(main.body)
        return Writing(main.title, main.body, main.html, characters, main.edition, main.saved_at, beside)
    last = outcome.versions.order_by("-num").first()
    if last is None:
        return Writing(outcome.title, "", "", 0, 0, None)
    return Writing(outcome.title, last.body, last.html, last.characters, 0, last.saved_at)
