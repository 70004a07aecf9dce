"""Reads of the discussion, each starting from what the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yanxiu.core.time import clock
from yanxiu.core.time.windows import window
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.discussion.rules import is_round_open

__all__ = ["PostRow", "RoundRow", "class_round", "inside_windows", "posts_of_round", "round_for", "rounds_of"]


@dataclass(frozen=True, slots=True)
class RoundRow:
    round_id: int
    num: int
    theme: str
    opens_on: date
    closes_on: date
    required_posts: int
    min_characters: int
    is_open: bool
    my_posts: int
    my_replies: int
    has_draft: bool


def rounds_of(viewer: Viewer, training_class: TrainingClass) -> list[RoundRow]:
    """The rounds of a class the viewer sees, with how many posts of theirs count in each."""
    if not visible_classes(viewer).filter(pk=training_class.pk).exists():
        raise NotVisible
    mine = Post.objects.filter(author_id=viewer.person_id)
    visible = mine.filter(state=Post.State.VISIBLE)
    rounds = training_class.rounds.annotate(
        my_posts=_counted(visible.filter(parent=None)),
        my_replies=_counted(visible.filter(parent__isnull=False)),
        my_drafts=_counted(mine.filter(state=Post.State.DRAFT, parent=None).exclude(body="")),
    ).order_by("num")
    at = clock.now()
    return [
        RoundRow(
            r.pk, r.num, r.theme, r.opens_on, r.closes_on, r.required_posts, r.min_characters,
            is_round_open(r, training_class, at), r.my_posts, r.my_replies, r.my_drafts > 0,
        )
        for r in rounds
    ]  # fmt: skip


def _counted(posts: QuerySet[Post]) -> Coalesce:
    """How many of one person's posts each round holds, by index: never a walk over everybody's."""
    grouped = posts.filter(round=OuterRef("pk")).order_by().values("round").annotate(n=Count("pk"))
    return Coalesce(Subquery(grouped.values("n")), 0)


def round_for(viewer: Viewer, round_id: int) -> DiscussionRound:
    """A round of a class the viewer sees; NotVisible otherwise."""
    found = (
        DiscussionRound.objects.select_related("training_class")
        .filter(pk=round_id, training_class__in=visible_classes(viewer))
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def class_round(viewer: Viewer, training_class: TrainingClass, num: int) -> DiscussionRound:
    """The round of that number in a class the viewer sees; NotVisible otherwise."""
    rounds = DiscussionRound.objects.select_related("training_class__region").filter(
        training_class=training_class, num=num
    )
    found = rounds.filter(training_class__in=visible_classes(viewer)).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class PostRow:
    post_id: int
    parent_id: int | None
    author_id: int
    author: str
    by_learner: bool
    body: str
    characters: int
    is_featured: bool
    posted_at: datetime | None


def posts_of_round(
    viewer: Viewer, round_: DiscussionRound, *, parent: Post | None = None, after: str | None = None, limit: int = 50
) -> Page[PostRow]:
    """Visible top-level posts of a round, or the replies to one of them, oldest first."""
    visible = round_for(viewer, round_.pk).posts.filter(state=Post.State.VISIBLE, parent=parent)
    return keyset_page(
        visible.select_related("author"),
        lambda p: PostRow(
            p.pk, p.parent_id, p.author_id, p.author.name, p.by_learner, p.body, p.characters, p.is_featured,
            p.posted_at,
        ),
        after=after,
        limit=limit,
    )  # fmt: skip


# Evidence of figures and verdicts -------------------------------------------------------------------------------------


def inside_windows(rounds: Iterable[DiscussionRound], zone: str) -> Q:
    """Posts inside the window of their own round, its whole last day included; none where there is no round."""
    inside = Q(pk__in=[])
    for each in rounds:
        opens, closes = window(each.opens_on, each.closes_on, zone)
        inside |= Q(round_id=each.pk, posted_at__gte=opens, posted_at__lt=closes)
    return inside
