"""Which posts a report quotes, whose they are, and whether their authors agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from yanxiu.record.reports.models import Report
from yanxiu.record.reports.tree import Cite, Doc
from yanxiu.training.discussion.models import Post
from yanxiu.training.notices.models import Notice

__all__ = ["Wanting", "asking_key", "publication_of", "wanting"]


@dataclass(frozen=True, slots=True)
class Wanting:
    """A post whose author has not agreed; `line` of the narrative that quotes it, `asked`: a notice went out already."""

    uuid: UUID
    author: str
    round_num: int
    line: int
    words: str
    asked: bool


def asking_key(post_id: int, report: Report) -> str:
    """One question a post and revision."""
    return f"quotation:{post_id}:{report.revision}"


def wanting(report: Report, missing: Iterable[tuple[int, int]]) -> list[Wanting]:
    """For (post id, line) pairs, in their order, each post once."""
    lines: dict[int, int] = {}
    for post_id, line in missing:
        lines.setdefault(post_id, line)
    posts = Post.objects.filter(pk__in=lines).select_related("author", "round").in_bulk()
    keys = {asking_key(post_id, report): post_id for post_id in lines}
    told = Notice.objects.filter(key__in=keys, training_class_id=report.training_class_id).values_list("key", flat=True)
    asked = {keys[key] for key in told}
    return [
        Wanting(post.uuid, post.author.name, post.round.num, lines[pk], post.body[:40], pk in asked)
        for pk in lines
        if (post := posts.get(pk)) is not None
    ]


def publication_of(post: Post) -> Report | None:
    """The first frozen report that quotes it."""
    source = f"post:{post.pk}"
    frozen = Report.objects.filter(
        training_class_id=post.round.training_class_id, state=Report.State.FROZEN
    ).select_related("training_class")
    for report in frozen.order_by("revision"):
        inlines = Doc.from_json(report.tree).inlines()
        if any(isinstance(each, Cite) and each.source == source for each in inlines):
            return report
    return None
