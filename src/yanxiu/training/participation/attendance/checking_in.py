"""签到 by the learner: the code of the moment, from the screen of the room. It opens presence; the sheet makes it count."""

from datetime import timedelta
from unicodedata import normalize

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import class_taking_facts, local_text, require_own_registration
from yanxiu.training.participation.attendance.codes import EARLY, is_right
from yanxiu.training.participation.attendance.models import Attendance, InPersonSession
from yanxiu.training.participation.attendance.queries import expected

__all__ = ["check_in"]

MOST_WRONG = 5
PAUSE = timedelta(minutes=10)


def _session(session: InPersonSession, own: Enrolment) -> InPersonSession:
    """As it is now, open for this learner at this moment."""
    stored = InPersonSession.objects.select_for_update().filter(pk=session.pk).first()
    if stored is None or stored.training_class_id != own.training_class_id:
        raise NotVisible
    stored.training_class = class_taking_facts(stored.training_class_id, studying=True)
    if stored.state != InPersonSession.State.PLANNED:
        raise Refused("check_in_closed", _("这次面授已经确认考勤或取消，不能再签到；有差错请联系班主任。"))
    zone, now = stored.training_class.zone, clock.now()
    if now < stored.starts_at - EARLY:
        at = local_text(stored.starts_at - EARLY, zone)
        raise Refused("too_early", _("还没有开始签到，%(at)s 起可以签到。") % {"at": at})
    if now >= stored.ends_at:
        raise Refused("too_late", _("这次面授已经结束，不能再签到；确实到场的，请找班主任登记。"))
    if not expected(stored).filter(pk=own.pk).exists():
        raise Refused("not_chosen", _("这门选修课不在您的选课单里，不用签到。"))
    return stored


def _pause(mark: Attendance) -> None:
    """Six digits are guessed one time in half a million; five guesses in ten minutes leave it at that."""
    if mark.wrong_since is None or clock.now() >= mark.wrong_since + PAUSE:
        mark.wrong_codes, mark.wrong_since = 0, None
    elif mark.wrong_codes >= MOST_WRONG:
        zone = mark.session.training_class.zone
        at = local_text(mark.wrong_since + PAUSE, zone)
        raise Refused("too_many_codes", _("签到码输错太多次，%(at)s 以后再试，或请班主任登记。") % {"at": at})


@transaction.atomic
def _tried(actor: Viewer, session: InPersonSession, enrolment: Enrolment, code: str) -> Attendance | None:
    """The mark; None after a wrong code, which is then counted (a refusal would roll the count back)."""
    own = require_own_registration(actor, enrolment)
    stored = _session(session, own)
    mark = Attendance.objects.filter(session=stored, enrolment=own).first() or Attendance(enrolment=own)
    mark.session = stored
    if mark.checked_in_at is not None and mark.checked_in_at >= stored.starts_at - EARLY:
        return mark  # one before that was for another time: the session has been moved
    _pause(mark)
    if not is_right(stored, code):
        mark.wrong_codes += 1
        mark.wrong_since = mark.wrong_since or clock.now()
        mark.save()
        return None
    mark.checked_in_at = clock.now()
    mark.save()
    audit.record(
        "check_in", "attendance", mark.pk, actor_id=actor.person_id, class_id=stored.training_class_id,
        to_state="checked_in", session=stored.pk,
    )  # fmt: skip
    return mark


def check_in(actor: Viewer, session: InPersonSession, enrolment: Enrolment, *, code: str) -> Attendance:
    """Once; again it changes nothing. Refused with what to do: too early, too late, a wrong code, too many of them."""
    typed = "".join(normalize("NFKC", code[:40]).split())  # typed with a Chinese input method
    mark = _tried(actor, session, enrolment, typed)
    if mark is None:
        raise Refused("wrong_code", _("签到码不对或已经更换，请输入屏幕上现在的 6 位数字。"), field="code")
    return mark
