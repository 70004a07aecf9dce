"""What the forms of this area hold, read into the actions' own terms."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.faces.frame.forms import CheckedForm
from yanxiu.kit.errors import Refused
from yanxiu.training.participation.attendance.marking import Mark
from yanxiu.training.participation.attendance.models import InPersonSession
from yanxiu.training.participation.attendance.planning import Plan
from yanxiu.training.participation.attendance.queries import SheetRow

__all__ = ["PlanForm", "clock_of", "day_of", "mark_of", "posted_marks", "shown_mark", "typed_of"]

MOST_LINES = 200


class PlanForm(CheckedForm):
    """A session: one day, from when until when; an end before the beginning is after midnight."""

    title = forms.CharField(label=gettext_lazy("课程名称"), max_length=120)
    lecturer = forms.CharField(label=gettext_lazy("主讲"), max_length=50)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120)
    kind = forms.CharField(label=gettext_lazy("性质"), max_length=12)
    day = forms.DateField(label=gettext_lazy("日期"))
    begins = forms.TimeField(label=gettext_lazy("开始"))
    ends = forms.TimeField(label=gettext_lazy("结束"))

    def plan(self, zone: str) -> Plan:
        given = self.values()
        here = ZoneInfo(zone)
        begins = datetime.combine(given["day"], given["begins"], here)
        ends = datetime.combine(given["day"], given["ends"], here)
        if ends <= begins:
            ends = datetime.combine(given["day"] + timedelta(days=1), given["ends"], here)
        return Plan(given["title"], given["lecturer"], given["place"], given["kind"], begins, ends)


def clock_of(at: datetime | None, zone: str) -> str:
    """14:05, or "" for nothing."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}" if at else ""


def day_of(at: datetime, zone: str) -> str:
    """2017-06-20."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def typed_of(row: SheetRow, zone: str) -> str:
    """A line as stored, in one text that a form can carry: "late|14:20|"."""
    return f"{row.state}|{clock_of(row.arrived_at, zone)}|{clock_of(row.left_at, zone)}"


def _moment(text: str, session: InPersonSession, name: str) -> datetime | None:
    """A time of the session's day, or of the day after where that lies after midnight."""
    typed = text.strip()[:5]
    if not typed:
        return None
    zone = ZoneInfo(session.training_class.zone)
    begins = session.starts_at.astimezone(zone)
    try:
        hour, minute = (int(part) for part in typed.split(":"))
        at = datetime.combine(date(begins.year, begins.month, begins.day), begins.time().replace(hour, minute), zone)
    except ValueError:
        raise Refused("bad_times", _("%(name)s：时间请写成 14:05 这样。") % {"name": name}, field="time") from None
    return at if at >= begins.replace(second=0, microsecond=0) else at + timedelta(days=1)


def mark_of(session: InPersonSession, state: str, arrived: str, left: str, name: str) -> Mark:
    """Times only where the state has them: what a page leaves in a hidden field is nobody's word."""
    if state not in {"late", "left_early"}:
        return Mark(state)
    return Mark(state, _moment(arrived, session, name), _moment(left, session, name))


def shown_mark(text: str, session: InPersonSession) -> Mark | None:
    """What the page showed as stored."""
    state, arrived, left = ([*text.split("|"), "", ""])[:3]
    return mark_of(session, state, arrived, left, "") if state else None


def posted_marks(session: InPersonSession, posted: Mapping[str, str]) -> dict[int, tuple[Mark | None, Mark]]:
    """Lines of a page: fields s-, a-, l- and w- (as shown) with the enrolment's id. A line left open is left out."""
    found: dict[int, tuple[Mark | None, Mark]] = {}
    for name, state in posted.items():
        pk = name[2:]
        if not (name.startswith("s-") and state and pk.isascii() and pk.isdigit() and len(pk) < 19):
            continue
        line = _("第 %(num)d 行") % {"num": len(found) + 1}
        wanted = mark_of(session, state[:12], posted.get(f"a-{pk}", ""), posted.get(f"l-{pk}", ""), line)
        found[int(pk)] = (shown_mark(posted.get(f"w-{pk}", ""), session), wanted)
        if len(found) > MOST_LINES:
            raise Refused("too_many", _("一次最多保存 %(most)d 行，请按页保存。") % {"most": MOST_LINES})
    return found
