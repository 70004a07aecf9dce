"""What becomes of somebody's posts: answered, quoted, featured, removed; what became of a report of abuse."""

from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line
from yanxiu.training.discussion.models import Post, PostReport
from yanxiu.training.notices.inbox.actions import Words, notify
from yanxiu.training.notices.inbox.speaking import in_our_language

__all__ = ["tell_answered", "tell_featured", "tell_removed", "tell_settled"]

SHOWN = 60  # characters of what was said


def _place(post: Post) -> str:
    return f"rounds/{post.round.num}/posts/{(post.parent or post).uuid}"


def _said(body: str) -> str:
    words = clean_line(body)
    return words[:SHOWN] + ("…" if len(words) > SHOWN else "")


@in_our_language
def tell_answered(made: Post) -> int:
    """The learner whose thread a reply stands in, and the one whose words it quotes; never oneself."""
    thread, cls, key = made.parent, made.round.training_class, f"post-answered:{made.pk}"
    answered = {thread.author_id} if thread is not None and thread.by_learner else set()
    quoted = {made.quoted.author_id} if made.quoted is not None and made.quoted.by_learner else set()
    title = _("%(name)s 回复了您的帖子") if made.by_learner else _("辅导教师回复了您的帖子")
    name = {"name": made.author.name}
    told = notify(answered - {made.author_id}, "comment", key, Words(title % name, _said(made.body), _place(made)), cls)
    words = Words(_("%(name)s 引用了您的帖子") % name, _said(made.body), _place(made))
    return told + notify(quoted - answered - {made.author_id}, "comment", key, words, cls)


@in_our_language
def tell_featured(post: Post) -> int:
    """Once a post, however often the mark is put on and taken off."""
    if not (post.is_featured and post.by_learner):
        return 0
    words = Words(_("您的帖子被设为精华"), _said(post.body), _place(post))
    return notify([post.author_id], "comment", f"post-featured:{post.pk}", words, post.round.training_class)


@in_our_language
def tell_removed(post: Post) -> int:
    """Its writer, with the reason; nobody is told of what they took back themselves."""
    if post.removed_by_id == post.author_id or not post.by_learner:
        return 0
    words = Words(_("您的帖子已被删除，不再计入要求"), post.removal_reason, _place(post))
    return notify([post.author_id], "moderation", f"post-removed:{post.pk}", words, post.round.training_class)


@in_our_language
def tell_settled(post: Post) -> int:
    """The learners who reported it and have an answer now."""
    settled = PostReport.objects.filter(post=post).exclude(state=PostReport.State.OPEN)
    made, cls = 0, post.round.training_class
    for state, title in (
        (PostReport.State.UPHELD, _("您举报的帖子已删除")),
        (PostReport.State.DISMISSED, _("您的举报没有得到支持")),
    ):
        rows = list(settled.filter(state=state).values_list("reporter_id", "answer"))
        if rows:
            learners = cls.enrolments.filter(person_id__in=[pk for pk, _answer in rows]).values_list(
                "person_id", flat=True
            )
            words = Words(title, rows[0][1], _place(post))
            made += notify(learners, "decision", f"abuse:{post.pk}:{state}", words, cls)
    return made
