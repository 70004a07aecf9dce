"""Consent of an author, and the question for it."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yanxiu.core.text import clean_line
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.record.reports.models import Report
from yanxiu.record.reports.quoting.queries import asking_key, publication_of
from yanxiu.training.classes.rules import can_manage, local_text, require
from yanxiu.training.discussion.consent.actions import set_quotable
from yanxiu.training.discussion.models import Post
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["answer_quotation", "ask_quotation"]


@transaction.atomic
def answer_quotation(actor: Viewer, post: Post, *, quotable: bool) -> Post:
    """The author agrees, or takes it back while no signed report has quoted the post."""
    stored = Post.objects.select_related("round__training_class").filter(pk=post.pk).first()
    if stored is None or actor.person_id is None or stored.author_id != actor.person_id:
        raise NotVisible
    published = None if quotable else publication_of(stored)
    if published is not None and published.frozen_at is not None:
        cls = published.training_class
        words = {"at": local_text(published.frozen_at, cls.zone), "revision": published.revision}
        message = _(
            "这条帖子已由 %(at)s 签发的结班报告（第 %(revision)d 版）引用，签发以后不能收回同意；如有异议请联系班主任。"
        )
        raise Refused("published", message % words, field="quotable")
    return set_quotable(actor, stored, quotable=quotable)


def _tell(post: Post, report: Report) -> int:
    shown = clean_line(post.body)
    words = Words(
        say(gettext_noop("结班报告想引用您的帖子，请您决定是否同意")),
        say(
            gettext_noop("“%(words)s”同意与否都不影响考核。"),
            words=shown[:60] + ("…" if len(shown) > 60 else ""),
        ),
        f"rounds/{post.round.num}/posts/{(post.parent or post).uuid}",
    )
    return notify([post.author_id], "quotation", asking_key(post.pk, report), words, report.training_class)


@transaction.atomic
def ask_quotation(actor: Viewer, report: Report, uuid: UUID) -> Post:
    """请作者同意引用: one notice a post and revision, however often it is pressed."""
    require(can_manage, actor, report.training_class)
    post = (
        Post.objects.select_related("round", "parent", "author")
        .filter(uuid=uuid, round__training_class=report.training_class, state=Post.State.VISIBLE, by_learner=True)
        .first()
    )
    if post is None:
        raise NotVisible
    if report.state == Report.State.FROZEN:
        raise Refused("wrong_state", _("报告已经冻结，不用再征求同意。"))
    if _tell(post, report):
        audit.record(
            "ask_quotation", "post", post.pk, actor_id=actor.person_id, class_id=report.training_class_id,
            report=report.pk,
        )  # fmt: skip
    return post
