"""What tutors have said to one learner: comments on their outcomes and replies to their posts, the newest first."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.training.classes.models import Enrolment
from yanxiu.training.discussion.models import Post
from yanxiu.training.outcomes.models import OutcomeComment

__all__ = ["Said", "said_to"]


@dataclass(frozen=True, slots=True)
class Said:
    """`kind`: comment (on an outcome) or reply (to a post); `about` its title or theme; `ref` uuid of the outcome, or ""."""

    kind: str
    at: datetime
    author: str
    text: str
    about: str
    ref: str
    round_num: int


def said_to(enrolment: Enrolment, limit: int = 5) -> list[Said]:
    """Tutors' words only; those of fellow learners are read where they stand."""
    comments = OutcomeComment.objects.filter(
        outcome__enrolment=enrolment, kind=OutcomeComment.Kind.EXPERT, state=OutcomeComment.State.VISIBLE
    ).select_related("author", "outcome")
    # Own posts first, then what answers them: as one join it is read from the other end, through every post of the class.
    own = list(
        Post.objects.filter(author_id=enrolment.person_id, round__training_class_id=enrolment.training_class_id)
        .order_by("-pk")
        .values_list("pk", flat=True)[:200]
    )
    replies = Post.objects.filter(
        parent_id__in=own, by_learner=False, state=Post.State.VISIBLE, posted_at__isnull=False
    ).select_related("author", "round")
    found = [
        Said("comment", c.posted_at, c.author.name, c.body, c.outcome.title, str(c.outcome.uuid), 0)
        for c in comments.order_by("-posted_at")[:limit]
    ]
    found += [
        Said("reply", r.posted_at, r.author.name, r.body, r.round.theme, "", r.round.num)
        for r in replies.order_by("-posted_at")[:limit]
        if r.posted_at is not None
    ]
    return sorted(found, key=lambda said: said.at, reverse=True)[:limit]
