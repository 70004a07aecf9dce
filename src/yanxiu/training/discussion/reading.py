"""Reads of posts for the pages of a round: cards with all that is shown of them, in a fixed number of statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import ClassRole
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.discussion.models import DiscussionRound, Post, PostReport, PostVersion

__all__ = [
    "SHOWN",
    "PostCard",
    "Quotation",
    "ReportRow",
    "draft_of",
    "first_replies",
    "post_card",
    "post_of",
    "replies_of",
    "reports_of",
    "round_posts",
    "standing",
    "versions_of",
]

SHOWN = ("", "featured", "mine", "tutors", "unanswered", "reported", "short")
SHORT = 30  # characters: less is looked at by a tutor
_VISIBLE, _REMOVED = Post.State.VISIBLE, Post.State.REMOVED


@dataclass(frozen=True, slots=True)
class Quotation:
    """Whose words, and where they stand; `words` is empty where the quoted post is gone."""

    post: UUID
    thread: UUID
    author: str
    words: str


@dataclass(frozen=True, slots=True)
class PostCard:
    """`role` "" for learners, "tutor" or "class_manager"; `gone` "" or "withdrawn" or "removed": then nothing of it shows."""

    post_id: int
    uuid: UUID
    thread: UUID
    author: str
    organisation: str
    role: str
    written: str
    characters: int
    posted_at: datetime | None
    replies: int
    edits: int
    is_featured: bool
    is_mine: bool
    is_reported: bool
    tutor_replied: bool
    open_reports: int
    gone: str
    removal_reason: str
    quotation: Quotation | None
    quotable: bool


def _seen(viewer: Viewer) -> QuerySet[Post]:
    return Post.objects.filter(round__training_class__in=visible_classes(viewer)).exclude(state=Post.State.DRAFT)


def _number(rows: QuerySet[Post] | QuerySet[PostReport], key: str) -> Coalesce:
    counted = rows.filter(**{key: OuterRef("pk")}).order_by().values(key).annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _with_all(posts: QuerySet[Post], viewer: Viewer) -> QuerySet[Post]:
    """What a card says beside the post itself: correlated, so that it is asked of the rows of the page only."""
    answers = Post.objects.filter(state=_VISIBLE)
    reports = PostReport.objects.filter(post=OuterRef("pk"))
    own = reports.filter(reporter_id=viewer.person_id) if viewer.person_id else reports.none()
    roles = ClassRole.objects.filter(training_class=OuterRef("round__training_class"), person=OuterRef("author"))
    return posts.annotate(
        reply_count=_number(answers, "parent"),
        tutor_replied=Exists(answers.filter(parent=OuterRef("pk"), by_learner=False)),
        reported_by_me=Exists(own) if viewer.person_id else Value(False, output_field=BooleanField()),
        open_reports=_number(PostReport.objects.filter(state=PostReport.State.OPEN), "post"),
        author_role=Subquery(roles.order_by("role").values("role")[:1]),
    ).select_related("author__organisation", "parent", "quoted__author", "quoted__parent")


def _quotation(post: Post) -> Quotation | None:
    quoted = post.quoted
    if quoted is None:
        return None
    thread = quoted.parent or quoted
    words = post.quoted_words if quoted.state == _VISIBLE else ""
    return Quotation(quoted.uuid, thread.uuid, quoted.author.name, words)


def _card(viewer: Viewer, post: Post) -> PostCard:
    gone = "" if post.state == _VISIBLE else "withdrawn" if post.removed_by_id == post.author_id else "removed"
    organisation = post.author.organisation
    extra: Mapping[str, object] = vars(post)  # the annotations of _with_all
    return PostCard(
        post.pk, post.uuid, (post.parent or post).uuid, post.author.name, organisation.name if organisation else "",
        "" if post.by_learner else str(extra["author_role"] or "tutor"), post.html or post.body, post.characters,
        post.posted_at, int(str(extra["reply_count"])), post.edits, post.is_featured, post.author_id == viewer.person_id,
        bool(extra["reported_by_me"]), bool(extra["tutor_replied"]), int(str(extra["open_reports"])), gone,
        post.removal_reason, None if gone else _quotation(post), post.quotable,
    )  # fmt: skip


def _with_staff(round_: DiscussionRound) -> QuerySet[Any, Any]:
    """Top-level posts of the staff, or with a visible reply of theirs: by the index of the few they wrote."""
    theirs = Post.objects.filter(round=round_, by_learner=False, state=_VISIBLE)
    return theirs.annotate(top=Coalesce("parent_id", "pk")).values("top")


def _filtered(posts: QuerySet[Post], viewer: Viewer, round_: DiscussionRound, show: str) -> QuerySet[Post]:
    answers = Post.objects.filter(parent=OuterRef("pk"), state=_VISIBLE)
    open_reports = PostReport.objects.filter(state=PostReport.State.OPEN)
    conditions = {
        "featured": Q(is_featured=True),
        "mine": Q(author_id=viewer.person_id),
        "tutors": Q(pk__in=_with_staff(round_)),
        "unanswered": Q(by_learner=True) & ~Q(pk__in=_with_staff(round_)),
        "reported": Q(Exists(open_reports.filter(post=OuterRef("pk"))))
        | Q(Exists(open_reports.filter(post__parent=OuterRef("pk")))),
        "short": Q(by_learner=True, characters__lt=max(round_.min_characters, SHORT)),
    }
    if show in conditions:
        return posts.filter(conditions[show], state=_VISIBLE)
    return posts.filter(Q(state=_VISIBLE) | Q(Exists(answers), state=_REMOVED))


def round_posts(
    viewer: Viewer, round_: DiscussionRound, *, show: str = "", after: str | None = None, limit: int = 20
) -> Page[PostCard]:
    """Top-level posts, the newest first; a removed one keeps its place while replies hang on it. Unknown filters are none."""
    posts = _seen(viewer).filter(round=round_, parent=None, posted_at__isnull=False)
    return keyset_page(
        _with_all(_filtered(posts, viewer, round_, show), viewer),
        lambda post: _card(viewer, post),
        order=("posted_at", "pk"),
        forwards=False,
        after=after,
        limit=limit,
    )


def replies_of(viewer: Viewer, thread: Post, *, after: str | None = None, limit: int = 50) -> Page[PostCard]:
    """Replies under a post, the oldest first; removed ones keep their place."""
    replies = _with_all(_seen(viewer).filter(parent=thread, posted_at__isnull=False), viewer)
    return keyset_page(replies, lambda post: _card(viewer, post), order=("posted_at", "pk"), after=after, limit=limit)


def first_replies(viewer: Viewer, posts: Iterable[PostCard], each: int = 2) -> dict[int, list[PostCard]]:
    """The first replies of every post of a page, in one statement."""
    ids = [card.post_id for card in posts if card.replies]
    numbered = Post.objects.filter(parent_id__in=ids, state=_VISIBLE).annotate(
        place=Window(RowNumber(), partition_by=[F("parent_id")], order_by=["posted_at", "pk"])
    )
    found: dict[int, list[PostCard]] = {}
    chosen = numbered.filter(place__lte=each).values("pk")
    for post in _with_all(_seen(viewer).filter(pk__in=chosen), viewer).order_by("posted_at", "pk"):
        found.setdefault(post.parent_id or 0, []).append(_card(viewer, post))
    return found


def post_of(viewer: Viewer, round_: DiscussionRound, post: UUID) -> Post:
    """A post of the round that is no draft; NotVisible otherwise."""
    found = (
        _seen(viewer).select_related("round__training_class__region", "parent").filter(round=round_, uuid=post).first()
    )
    if found is None:
        raise NotVisible
    return found


def post_card(viewer: Viewer, post: Post) -> PostCard:
    found = _with_all(_seen(viewer).filter(pk=post.pk), viewer).first()
    if found is None:
        raise NotVisible
    return _card(viewer, found)


def draft_of(viewer: Viewer, round_: DiscussionRound, parent: Post | None = None) -> Post | None:
    """One's own draft of a post in the round, or of a reply."""
    if viewer.person_id is None:
        return None
    drafts = Post.objects.filter(round=round_, parent=parent, author_id=viewer.person_id, state=Post.State.DRAFT)
    return drafts.order_by("-pk").first()


def standing(viewer: Viewer, round_: DiscussionRound) -> tuple[int, int]:
    """(posts, replies) of one's own that are visible in the round."""
    if viewer.person_id is None:
        return 0, 0
    mine = Post.objects.filter(round=round_, author_id=viewer.person_id, state=_VISIBLE)
    found = mine.aggregate(
        posts=Count("pk", filter=Q(parent=None)), replies=Count("pk", filter=Q(parent__isnull=False))
    )
    return found["posts"], found["replies"]


def versions_of(viewer: Viewer, post: Post) -> list[PostVersion]:
    """What the post said before, the newest first."""
    return list(PostVersion.objects.filter(post__in=_seen(viewer).filter(pk=post.pk)).order_by("-num"))


@dataclass(frozen=True, slots=True)
class ReportRow:
    report_id: int
    reporter: str
    reason: str
    state: str
    state_label: str
    reported_at: datetime
    answer: str
    answered_by: str
    post: UUID


def reports_of(viewer: Viewer, thread: Post) -> list[ReportRow]:
    """Reports of a post and of its replies, open ones first; for its staff's eyes: the caller has asked the rule."""
    seen = _seen(viewer).filter(Q(pk=thread.pk) | Q(parent=thread))
    rows = PostReport.objects.filter(post__in=seen).select_related("reporter", "answered_by", "post")
    ordered = sorted(rows.order_by("pk")[:200], key=lambda row: row.state != PostReport.State.OPEN)
    return [
        ReportRow(
            row.pk, row.reporter.name, row.reason, row.state, row.get_state_display(), row.reported_at, row.answer,
            row.answered_by.name if row.answered_by else "", row.post.uuid,
        )
        for row in ordered
    ]  # fmt: skip
