"""What becomes of somebody's posts: answered, quoted, featured, removed; what became of a report of abuse."""

from django.utils.translation import gettext_noop as _

from yanxiu.core.text import clean_line
from yanxiu.kit.models import AuditEntry
from yanxiu.training.discussion.models import Post, PostReport
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["tell_answered", "tell_featured", "tell_removed", "tell_settled"]

SHOWN = 60  # characters of what was said


def _post(entry: AuditEntry) -> Post | None:
    related = ("round__training_class", "author", "parent", "quoted")
    return Post.objects.filter(pk=entry.object_id).select_related(*related).first()


def _place(post: Post) -> str:
    return f"rounds/{post.round.num}/posts/{(post.parent or post).uuid}"


def _said(body: str) -> str:
    words = clean_line(body)
    return words[:SHOWN] + ("…" if len(words) > SHOWN else "")


def tell_answered(entry: AuditEntry) -> int:
    """The learner whose thread a reply stands in, and the one whose words it quotes; never oneself."""
    made = _post(entry)
    if made is None or made.state != Post.State.VISIBLE:
        return 0
    thread, cls, key = made.parent, made.round.training_class, f"post-answered:{made.pk}"
    answered = {thread.author_id} if thread is not None and thread.by_learner else set()
    quoted = {made.quoted.author_id} if made.quoted is not None and made.quoted.by_learner else set()
    who, body, place = made.author.name, _said(made.body), _place(made)
    title = say(_("%(name)s 回复了您的帖子"), name=who) if made.by_learner else say(_("辅导教师回复了您的帖子"))
    told = notify(answered - {made.author_id}, "comment", key, Words(title, body, place), cls)
    words = Words(say(_("%(name)s 引用了您的帖子"), name=who), body, place)
    return told + notify(quoted - answered - {made.author_id}, "comment", key, words, cls)


def tell_featured(entry: AuditEntry) -> int:
    """Once a post, however often the mark is put on and taken off."""
    post = _post(entry)
    if post is None or not (post.is_featured and post.by_learner):
        return 0
    words = Words(say(_("您的帖子被设为精华")), _said(post.body), _place(post))
    return notify([post.author_id], "comment", f"post-featured:{post.pk}", words, post.round.training_class)


def tell_removed(entry: AuditEntry) -> int:
    """Its writer, with the reason; nobody is told of what they took back themselves."""
    post = _post(entry)
    if post is None or post.removed_by_id == post.author_id or not post.by_learner:
        return 0
    words = Words(say(_("您的帖子已被删除，不再计入要求")), post.removal_reason, _place(post))
    return notify([post.author_id], "moderation", f"post-removed:{post.pk}", words, post.round.training_class)


def tell_settled(entry: AuditEntry) -> int:
    """The learner who reported a post and has an answer now; of the staff nobody, who see it on its page."""
    related = ("post__round__training_class", "post__parent")
    report = PostReport.objects.filter(pk=entry.object_id).select_related(*related).first()
    if report is None or report.state == PostReport.State.OPEN:
        return 0
    post, cls = report.post, report.post.round.training_class
    title = _("您举报的帖子已删除") if report.state == PostReport.State.UPHELD else _("您的举报没有得到支持")
    learner = cls.enrolments.filter(person_id=report.reporter_id).values_list("person_id", flat=True)
    words = Words(say(title), report.answer, _place(post))
    return notify(learner, "decision", f"abuse:{post.pk}:{report.state}", words, cls)
