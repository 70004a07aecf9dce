"""Who is told: of a session moved or cancelled everybody on its sheet, of a correction the one whose mark it is."""

from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.training.classes.rules import local_text
from yanxiu.training.notices.inbox.actions import Words, notify
from yanxiu.training.notices.inbox.speaking import in_our_language
from yanxiu.training.participation.attendance.models import Attendance, InPersonSession
from yanxiu.training.participation.attendance.queries import expected

__all__ = ["tell_cancelled", "tell_corrected", "tell_moved"]


def _tell(session: InPersonSession, what: str, words: Words) -> int:
    """Each change is an occasion of its own, however soon it follows another."""
    persons = expected(session).values_list("person_id", flat=True)
    return notify(persons, "reminder", f"session-{what}:{session.pk}:{clock.now_ms()}", words, session.training_class)


@in_our_language
def tell_moved(session: InPersonSession) -> int:
    """After it was moved: when and where it is now."""
    told = {
        "title": session.lesson.title,
        "at": local_text(session.starts_at, session.training_class.zone),
        "place": session.place,
    }
    words = Words(
        _("面授有变动：%(title)s") % told, _("现在的安排：%(at)s，%(place)s。") % told, f"attendance/{session.uuid}"
    )
    return _tell(session, "moved", words)


@in_our_language
def tell_cancelled(session: InPersonSession) -> int:
    """After it was cancelled."""
    told = {"title": session.lesson.title, "at": local_text(session.starts_at, session.training_class.zone)}
    words = Words(_("面授已取消：%(title)s") % told, _("原定 %(at)s，不用到场。") % told, "attendance")
    return _tell(session, "cancelled", words)


@in_our_language
def tell_corrected(mark: Attendance, occasion: int) -> int:
    """Once a correction."""
    title = {"title": mark.session.lesson.title}
    words = Words(
        _("考勤已更正：%(title)s") % title, _("现在登记为“%(state)s”。") % {"state": mark.get_state_display()},
        f"attendance/{mark.session.uuid}",
    )  # fmt: skip
    key = f"attendance:{occasion}"
    return notify([mark.enrolment.person_id], "decision", key, words, mark.session.training_class)
