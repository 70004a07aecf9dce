"""What is due by the clock: each a function that returns how much it did, and does nothing twice."""

import logging
from collections.abc import Callable

from django.conf import settings

from yanxiu.kit.telling import tell_untold
from yanxiu.people.privacy.actions import erase_due, expire_takeouts
from yanxiu.people.queries import confirmed_emails
from yanxiu.record.assessment.reminders import remind_of_deadlines
from yanxiu.record.duties.telling import tell_of_duties
from yanxiu.training.exams.actions import close_overdue
from yanxiu.training.notices.actions import tell_of_announcements
from yanxiu.training.notices.inbox.kinds import kind
from yanxiu.training.notices.inbox.sending import send_due
from yanxiu.training.notices.models import Notice
from yanxiu.training.participation.attendance.confirming import finish_decided
from yanxiu.training.participation.telling.classes import tell_of_openings
from yanxiu.training.participation.telling.exams import tell_of_resits

__all__ = ["CHORES", "run_chores"]

log = logging.getLogger(__name__)


def _link(notice: Notice) -> str:
    if notice.training_class is None:
        return f"{settings.OWN_ORIGIN}/me"
    below = "/staff/classes" if kind(notice.kind).staff else "/my/classes"
    address = f"{settings.OWN_ORIGIN}{below}/{notice.training_class.key}/{notice.place}"
    return address if kind(notice.kind).staff else address.rstrip("/")


def _send() -> int:
    return send_due(confirmed_emails, _link)


CHORES: dict[str, Callable[[], int]] = {
    "考勤入账": finish_decided,
    "考试收卷": close_overdue,
    "通知当事人": tell_untold,
    "公告通知": tell_of_announcements,
    "截止提醒": remind_of_deadlines,
    "开班通知": tell_of_openings,
    "补考通知": tell_of_resits,
    "待办汇总": tell_of_duties,
    "发送通知": _send,
    "到期注销": erase_due,
    "清理数据副本": expire_takeouts,
}


def run_chores() -> dict[str, int]:
    """Every chore once; one that fails is logged and does not keep the others from running."""
    done = {}
    for name, chore in CHORES.items():
        try:
            done[name] = chore()
        except Exception:  # whatever it is: exams are closed and letters sent although another chore cannot do its own
            log.exception("chore %s failed; it comes again in a minute", name)
    return done
