"""Who is told: of a session moved or cancelled everybody on its sheet, of a correction the one whose mark it is."""

from django.utils.translation import gettext_noop as _

from yanxiu.kit.models import AuditEntry
from yanxiu.training.classes.rules import local_text
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.words import Words, label, say
from yanxiu.training.participation.attendance.models import AttendanceCorrection, AttendanceState, InPersonSession
from yanxiu.training.participation.attendance.queries import expected

__all__ = ["tell_corrected", "tell_session"]


def _words(session: InPersonSession, action: str) -> Words:
    title, at = session.lesson.title, local_text(session.starts_at, session.training_class.zone)
    if action == "cancel_session":
        return Words(
            say(_("面授已取消：%(title)s"), title=title), say(_("原定 %(at)s，不用到场。"), at=at), "attendance"
        )
    return Words(
        say(_("面授有变动：%(title)s"), title=title),
        say(_("现在的安排：%(at)s，%(place)s。"), at=at, place=session.place),
        f"attendance/{session.uuid}",
    )


def tell_session(entry: AuditEntry) -> int:
    """Moved: when and where it is now; or cancelled. Each change is an occasion of its own, however soon it follows another."""
    related = ("training_class", "lesson")
    session = InPersonSession.objects.filter(pk=entry.object_id).select_related(*related).first()
    if session is None or session.state != entry.to_state:
        return 0  # cancelled meanwhile: that is told instead
    persons = expected(session).values_list("person_id", flat=True)
    key = f"session-{entry.action}:{session.pk}:{entry.pk}"
    return notify(persons, "reminder", key, _words(session, entry.action), session.training_class)


def tell_corrected(entry: AuditEntry) -> int:
    """Once a correction."""
    related = ("attendance__enrolment", "attendance__session__training_class", "attendance__session__lesson")
    found = AttendanceCorrection.objects.filter(pk=entry.object_id).select_related(*related).first()
    if found is None:
        return 0
    mark, session = found.attendance, found.attendance.session
    words = Words(
        say(_("考勤已更正：%(title)s"), title=session.lesson.title),
        say(_("现在登记为“%(state)s”。"), state=label(AttendanceState(mark.state).label, "attendance")),
        f"attendance/{session.uuid}",
    )
    key = f"attendance:{found.pk}"
    return notify([mark.enrolment.person_id], "decision", key, words, session.training_class)
