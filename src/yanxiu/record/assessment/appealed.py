"""What became of an appeal is told to whoever made it. Study and notices are wings beside each other, hence here."""

from django.utils.translation import gettext_noop as _

from yanxiu.kit.models import AuditEntry
from yanxiu.study.models import Appeal
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, say

__all__ = ["tell_appeal"]


def tell_appeal(entry: AuditEntry) -> int:
    """Granted or not, with the answer."""
    appeal = Appeal.objects.filter(pk=entry.object_id).first()
    class_ = TrainingClass.objects.filter(pk=entry.class_id or 0).first()
    if appeal is None or class_ is None:
        return 0
    granted = entry.to_state == Appeal.State.UPHELD
    title = say(_("学时申诉已同意，时间已改为计入") if granted else _("学时申诉未同意"))
    words = Words(title, appeal.answer, "hours")
    return notify([appeal.person_id], "decision", f"appeal:{appeal.pk}:{entry.to_state}", words, class_)
