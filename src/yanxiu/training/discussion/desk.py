"""Reads for the moderation desk: what each round holds and what waits for somebody."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from yanxiu.core.time import clock
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments, visible_classes
from yanxiu.training.discussion.models import DiscussionRound, Post, PostReport
from yanxiu.training.discussion.rules import has_begun, is_round_open

__all__ = ["DeskRow", "desk_rows", "registered_count"]


@dataclass(frozen=True, slots=True)
class DeskRow:
    """`unanswered`: learners' posts without a visible reply of the staff; `waiting`: reports nobody has answered."""

    round: DiscussionRound
    is_open: bool
    has_begun: bool
    posts: int
    writers: int
    replies: int
    unanswered: int
    waiting: int


def desk_rows(viewer: Viewer, training_class: TrainingClass) -> list[DeskRow]:
    """Every round of the class, in four statements."""
    seen = visible_classes(viewer)
    posts = Post.objects.filter(
        round__training_class=training_class, round__training_class__in=seen, state=Post.State.VISIBLE
    )
    staffs = posts.filter(by_learner=False, parent__by_learner=True, parent__state=Post.State.VISIBLE)
    answered = dict(staffs.values("round_id").annotate(n=Count("parent", distinct=True)).values_list("round_id", "n"))
    top = Q(parent=None)
    totals = posts.values("round_id").annotate(
        posts=Count("pk", filter=top), writers=Count("author", filter=top & Q(by_learner=True), distinct=True),
        answers=Count("pk", filter=~top), learners=Count("pk", filter=top & Q(by_learner=True)),
    )  # fmt: skip
    by_round: dict[int, dict[str, Any]] = {row["round_id"]: {**row} for row in totals}
    reports = PostReport.objects.filter(post__round__training_class=training_class, state=PostReport.State.OPEN)
    waiting: dict[int, int] = defaultdict(int)
    for row in reports.values("post__round_id").annotate(n=Count("pk")):
        waiting[row["post__round_id"]] = row["n"]
    none = {"posts": 0, "writers": 0, "answers": 0, "learners": 0}
    at = clock.now()
    rounds = DiscussionRound.objects.filter(training_class=training_class, training_class__in=seen).order_by("num")
    rows = []
    for each in rounds:
        held = by_round.get(each.pk, none)
        rows.append(
            DeskRow(
                each, is_round_open(each, training_class, at), has_begun(each, training_class, at), held["posts"],
                held["writers"], held["answers"], held["learners"] - answered.get(each.pk, 0), waiting[each.pk],
            )
        )  # fmt: skip
    return rows


def registered_count(training_class: TrainingClass) -> int:
    return counted_enrolments(training_class.pk).count()
