"""请假、缓考、延期: the answer to what a learner asked for."""

from django.utils.translation import gettext_noop as _

from yanxiu.kit.models import AuditEntry
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, label, say
from yanxiu.training.participation.models import LeaveRequest

__all__ = ["tell_leave"]


def tell_leave(entry: AuditEntry) -> int:
    """Once a request, with the answer's own words, else with the days it is about."""
    asked = LeaveRequest.objects.filter(pk=entry.object_id).select_related("enrolment__training_class").first()
    if asked is None:
        return 0
    verdict = say(_("已同意") if entry.to_state == LeaveRequest.State.GRANTED else _("未同意"))
    title = say(_("%(kind)s：%(verdict)s"), kind=label(LeaveRequest.Kind(asked.kind).label), verdict=verdict)
    days = say(_("%(begins)s 至 %(ends)s"), begins=asked.starts_on.isoformat(), ends=asked.ends_on.isoformat())
    words, class_ = Words(title, asked.answer or days, "affairs"), asked.enrolment.training_class
    return notify([asked.enrolment.person_id], "decision", f"leave:{asked.pk}", words, class_)
