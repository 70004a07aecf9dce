"""What becomes of a piece of writing: returned, accepted, commented, withdrawn; no word of its text is in a notice."""

from django.utils.translation import gettext as _

from yanxiu.training.notices.inbox.actions import Words, notify
from yanxiu.training.notices.inbox.speaking import in_our_language
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, ThoughtReport

__all__ = ["tell_comment", "tell_comment_removed", "tell_marked", "tell_report", "tell_withdrawn"]


@in_our_language
def tell_marked(outcome: Outcome, *, returned: bool, occasion: int) -> None:
    """Returned with a reason, or accepted with points."""
    if returned:
        title, body = _("您的“%(title)s”被退回，请修改后重新提交"), outcome.note
    else:
        title, body = _("您的“%(title)s”已认定"), _("得分 %(score)d 分") % {"score": outcome.score or 0}
    words = Words(title % {"title": outcome.title}, body, f"outcomes/{outcome.uuid}")
    key = f"outcome-{'returned' if returned else 'accepted'}:{outcome.pk}:{occasion}"
    notify([outcome.enrolment.person_id], "decision", key, words, outcome.enrolment.training_class)


@in_our_language
def tell_comment(comment: OutcomeComment, outcome: Outcome) -> None:
    """By a tutor or by a fellow learner; never of one's own."""
    author = outcome.enrolment.person_id
    if comment.author_id == author:
        return
    by_tutor = comment.kind == OutcomeComment.Kind.EXPERT
    title = _("辅导教师点评了您的“%(title)s”") if by_tutor else _("有同学评论了您的“%(title)s”")
    words = Words(title % {"title": outcome.title}, place=f"outcomes/{outcome.uuid}")
    notify([author], "comment", f"outcome-comment:{comment.pk}", words, outcome.enrolment.training_class)


@in_our_language
def tell_comment_removed(comment: OutcomeComment, outcome: Outcome, *, by: int | None) -> None:
    """The learner who wrote it, when somebody else took it down."""
    if comment.author_id == by or comment.kind == OutcomeComment.Kind.EXPERT:
        return
    title = _("您对“%(title)s”的评论已被删除") % {"title": outcome.title}
    words = Words(title, comment.removal_reason, "outcomes")  # the piece itself may be withdrawn one day
    key = f"outcome-comment-removed:{comment.pk}"
    notify([comment.author_id], "moderation", key, words, outcome.enrolment.training_class)


@in_our_language
def tell_withdrawn(outcome: Outcome, *, reason: str, occasion: int) -> None:
    """Withdrawn by the staff."""
    title = _("您的“%(title)s”已被撤回，不再计入") % {"title": outcome.title}
    words = Words(title, reason, f"outcomes/{outcome.uuid}")
    key = f"outcome-withdrawn:{outcome.pk}:{occasion}"
    notify([outcome.enrolment.person_id], "moderation", key, words, outcome.enrolment.training_class)


@in_our_language
def tell_report(report: ThoughtReport, *, returned: bool) -> None:
    """Neither its title nor a word of it."""
    title = _("一篇思想汇报被退回，请修改后重新提交") if returned else _("一篇思想汇报已阅")
    key = f"thought-{'returned' if returned else 'accepted'}:{report.pk}:{report.edition}"
    words = Words(title, place=f"thoughts/{report.pk}")
    notify([report.enrolment.person_id], "decision", key, words, report.enrolment.training_class)
