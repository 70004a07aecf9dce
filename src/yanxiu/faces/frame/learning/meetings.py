"""Sessions in person in words: when and where, how one stands, what was attended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanxiu.core.time import clock
from yanxiu.record.assessment.queries import Agenda, Due
from yanxiu.training.classes.models import TrainingClass

__all__ = ["attended_text", "nearest", "session_note", "session_tag", "when_text"]


def when_text(at: datetime, zone: str) -> str:
    """明天 14:00; 今天, 6月20日 星期二 14:00."""
    here = ZoneInfo(zone)
    local = at.astimezone(here)
    days = (local.date() - clock.now().astimezone(here).date()).days
    named = {0: _("今天"), 1: _("明天"), 2: _("后天")}
    return f"{named[days] if days in named else format_date(local, _('n月j日 l'))} {local:%H:%M}"


def session_note(class_: TrainingClass, due: Due) -> str:
    """6月20日 星期二 14:00—16:00 · 青衫楼 301."""
    zone = ZoneInfo(class_.zone)
    begins, ends = due.opens_at.astimezone(zone), due.closes_at.astimezone(zone)
    day = format_date(begins, _("n月j日 l"))
    note = f"{day} {begins:%H:%M}—{ends:%H:%M} · {due.place}"
    return f"{note} · {_('已签到')}" if due.note == "checked_in" else note


def session_tag(class_: TrainingClass, due: Due) -> tuple[str, str]:
    marks = {
        "present": (_("到"), "ok"), "late": (pgettext("attendance", "迟到"), "ok"), "left_early": (_("早退"), "ok"), "leave": (_("请假"), ""),
        "absent": (_("缺勤"), "now"),
    }  # fmt: skip
    if due.note in marks:
        return marks[due.note]
    if due.state == "waiting":
        return _("等班主任确认考勤"), ""
    if due.state == "open":
        return _("现在可以签到"), "now"
    soon = due.opens_at <= clock.now() + timedelta(days=2)
    return when_text(due.opens_at, class_.zone), "due" if soon else ""


def nearest(dues: Sequence[Due]) -> list[Due]:
    """Of the sessions to come the next three, of those behind the last one; everything else as it is."""
    meetings = [due for due in dues if due.kind == "session"]
    ahead = [due for due in meetings if due.state == "ahead"][3:]
    behind = sorted((due for due in meetings if due.state == "done"), key=lambda due: due.closes_at)[:-1]
    left_out = {due.ref for due in (*ahead, *behind)}
    return [due for due in dues if due.kind != "session" or due.ref not in left_out]


def attended_text(found: Agenda) -> str:
    """Of a class with sessions in person, how many were attended; "" of another."""
    marks = [due.note for due in found.dues if due.kind == "session" and due.state in {"done", "missed"}]
    if not marks:
        return ""
    there = sum(mark in {"present", "late", "left_early"} for mark in marks)
    numbers = {"all": len(marks), "there": there, "leave": marks.count("leave"), "absent": marks.count("absent")}
    return _("面授 %(all)d 次：到 %(there)d 次，请假 %(leave)d 次，缺勤 %(absent)d 次。") % numbers
