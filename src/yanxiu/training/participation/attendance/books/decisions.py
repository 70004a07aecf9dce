"""What was decided and is on its way into the ledger: while it is, nobody changes what was decided (docs/decisions/0043)."""

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.training.participation.attendance.models import AttendanceCorrection, AttendanceDecision, InPersonSession

__all__ = ["decide", "decision_on", "require_undecided"]


def decide(
    subject: InPersonSession | AttendanceCorrection, actor_id: int, marks: Sequence[Sequence[int | str]] = ()
) -> uuid.UUID:
    """Written down; its key."""
    what = {"session" if isinstance(subject, InPersonSession) else "correction": subject}
    made = AttendanceDecision.objects.create(actor_id=actor_id, decided_at=clock.now(), marks=list(marks), **what)
    return made.key


def decision_on(subject: InPersonSession | AttendanceCorrection) -> AttendanceDecision | None:
    """One that is not in the ledger yet, or of which we have not noted where."""
    if isinstance(subject, InPersonSession):
        return AttendanceDecision.objects.filter(session=subject).first()
    return AttendanceDecision.objects.filter(correction=subject).first()


def require_undecided(subject: InPersonSession | AttendanceCorrection) -> None:
    """Refused while it is on its way."""
    if decision_on(subject) is not None:
        raise Refused("deciding", _("已经确认，正在计入学时台账，一分钟内完成。请稍后刷新页面再看。"))
