"""What becomes of a piece of writing: returned, accepted, commented, withdrawn; no word of its text is in a notice."""

from django.utils.translation import gettext_noop as _

from yanxiu.kit.models import AuditEntry
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, say
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, ThoughtReport

__all__ = ["tell_comment", "tell_comment_removed", "tell_marked", "tell_report", "tell_withdrawn"]


def _outcome(entry: AuditEntry) -> Outcome | None:
    return Outcome.objects.filter(pk=entry.object_id).select_related("enrolment__training_class").first()


def _comment(entry: AuditEntry) -> OutcomeComment | None:
    related = "outcome__enrolment__training_class"
    return OutcomeComment.objects.filter(pk=entry.object_id).select_related(related).first()


def tell_marked(entry: AuditEntry) -> int:
    """Returned with a reason, or accepted with points."""
    outcome = _outcome(entry)
    if outcome is None:
        return 0
    place = f"outcomes/{outcome.uuid}"
    if entry.action == "return_outcome":
        words = Words(say(_("您的“%(title)s”被退回，请修改后重新提交"), title=outcome.title), outcome.note, place)
    else:
        points = say(_("得分 %(score)d 分"), score=entry.details.get("score", 0))
        words = Words(say(_("您的“%(title)s”已认定"), title=outcome.title), points, place)
    key = f"outcome-{entry.to_state}:{outcome.pk}:{entry.pk}"
    return notify([outcome.enrolment.person_id], "decision", key, words, outcome.enrolment.training_class)


def tell_comment(entry: AuditEntry) -> int:
    """By a tutor or by a fellow learner; never of one's own, nor of one that is gone again."""
    comment = _comment(entry)
    if comment is None or comment.state == OutcomeComment.State.REMOVED:
        return 0
    outcome, author = comment.outcome, comment.outcome.enrolment.person_id
    by_tutor = comment.kind == OutcomeComment.Kind.EXPERT
    title = _("辅导教师点评了您的“%(title)s”") if by_tutor else _("有同学评论了您的“%(title)s”")
    words = Words(say(title, title=outcome.title), place=f"outcomes/{outcome.uuid}")
    told = {author} - {comment.author_id}
    return notify(told, "comment", f"outcome-comment:{comment.pk}", words, outcome.enrolment.training_class)


def tell_comment_removed(entry: AuditEntry) -> int:
    """The learner who wrote it, when somebody else took it down."""
    comment = _comment(entry)
    if comment is None or comment.author_id == entry.actor_id or comment.kind == OutcomeComment.Kind.EXPERT:
        return 0
    title = say(_("您对“%(title)s”的评论已被删除"), title=comment.outcome.title)
    words = Words(title, comment.removal_reason, "outcomes")  # the piece itself may be withdrawn one day
    key = f"outcome-comment-removed:{comment.pk}"
    return notify([comment.author_id], "moderation", key, words, comment.outcome.enrolment.training_class)


def tell_withdrawn(entry: AuditEntry) -> int:
    """Withdrawn by the staff."""
    outcome = _outcome(entry)
    if outcome is None or outcome.enrolment.person_id == entry.actor_id:
        return 0
    title = say(_("您的“%(title)s”已被撤回，不再计入"), title=outcome.title)
    words = Words(title, outcome.note, f"outcomes/{outcome.uuid}")
    key = f"outcome-withdrawn:{outcome.pk}:{entry.pk}"
    return notify([outcome.enrolment.person_id], "moderation", key, words, outcome.enrolment.training_class)


def tell_report(entry: AuditEntry) -> int:
    """Neither its title nor a word of it."""
    report = ThoughtReport.objects.filter(pk=entry.object_id).select_related("enrolment__training_class").first()
    if report is None:
        return 0
    returned = entry.action == "return_thought_report"
    title = _("一篇思想汇报被退回，请修改后重新提交") if returned else _("一篇思想汇报已阅")
    words, key = Words(say(title), place=f"thoughts/{report.pk}"), f"thought-{entry.to_state}:{report.pk}:{entry.pk}"
    return notify([report.enrolment.person_id], "decision", key, words, report.enrolment.training_class)
