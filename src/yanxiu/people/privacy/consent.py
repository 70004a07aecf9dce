"""Answers to the privacy notice."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.models import Account, NoticeAnswer
from yanxiu.people.privacy.texts import current_notice
from yanxiu.people.queries import Viewer

__all__ = ["answer_notice", "answers_of"]


@transaction.atomic
def answer_notice(actor: Viewer, *, version: int, agreed: bool) -> NoticeAnswer:
    """Yes or no to the version shown. A no, now or later, leaves only signing out, the copy of one's data and erasing."""
    notice = current_notice()
    account = Account.objects.select_for_update().filter(pk=actor.account_id or 0).first()
    if account is None:
        raise NotVisible
    if version != notice.version:
        raise Refused("notice_changed", _("隐私告知有了新的版本，请重新阅读后再选择。"))
    answer = NoticeAnswer.objects.create(
        person_id=account.person_id, version=version, digest=notice.digest, agreed=agreed, at=clock.now()
    )
    account.notice_version = version if agreed else 0
    account.save(update_fields=["notice_version"])
    state = "agreed" if agreed else "declined"
    audit.record(
        "answer_notice", "person", account.person_id, actor_id=actor.person_id, to_state=state, version=version
    )
    return answer


def answers_of(viewer: Viewer) -> list[NoticeAnswer]:
    """One's own, newest first."""
    return list(NoticeAnswer.objects.filter(person_id=viewer.person_id or 0).order_by("-pk")[:20])
