"""What the author is told of a mark; the text of a piece is in none of it."""

from django.utils.translation import gettext as _

from yanxiu.training.notices.inbox.actions import Words, notify
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, ThoughtReport

__all__ = ["tell_comment", "tell_marked", "tell_report"]


def tell_marked(outcome: Outcome, *, returned: bool, occasion: int) -> None:
    """Returned with a reason, or accepted with points."""
    if returned:
        title, body = _("您的“%(title)s”被退回，请修改后重新提交"), outcome.note
    else:
        title, body = _("您的“%(title)s”已认定"), _("得分 %(score)d 分") % {"score": outcome.score or 0}
    words = Words(title % {"title": outcome.title}, body, f"outcomes/{outcome.uuid}")
    key = f"outcome-{'returned' if returned else 'accepted'}:{outcome.pk}:{occasion}"
    notify([outcome.enrolment.person_id], "decision", key, words, outcome.enrolment.training_class)


def tell_comment(comment: OutcomeComment, outcome: Outcome) -> None:
    words = Words(_("辅导教师点评了您的“%(title)s”") % {"title": outcome.title}, place=f"outcomes/{outcome.uuid}")
    key = f"outcome-comment:{comment.pk}"
    notify([outcome.enrolment.person_id], "comment", key, words, outcome.enrolment.training_class)


def tell_report(report: ThoughtReport, *, returned: bool) -> None:
    """Neither its title nor a word of it."""
    title = _("一篇思想汇报被退回，请修改后重新提交") if returned else _("一篇思想汇报已阅")
    key = f"thought-{'returned' if returned else 'accepted'}:{report.pk}:{report.edition}"
    words = Words(title, place=f"thoughts/{report.pk}")
    notify([report.enrolment.person_id], "decision", key, words, report.enrolment.training_class)
