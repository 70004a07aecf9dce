"""`{% load exams %}`: {{ left_ms|minutes_left }}, {{ window|span_of:zone }}."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from yanxiu.training.exams.rules import SittingWindow

__all__ = ["minutes_left", "span_of"]

register = template.Library()


@register.filter
def minutes_left(left_ms: int) -> str:
    """42:18, or 1:02:03 from an hour on: what is left, cut off to whole seconds."""
    minutes, seconds = divmod(int(left_ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def _moment(at: datetime, zone: str, *, ends: bool = False) -> tuple[str, str]:
    """(7月22日, 08:00); an end at midnight is 24:00 of the day before, as everywhere else."""
    local = at.astimezone(ZoneInfo(zone))
    if ends and (local.hour, local.minute) == (0, 0):
        return format_date(local - timedelta(days=1), _("n月j日")), "24:00"
    return format_date(local, _("n月j日")), f"{local:%H:%M}"


@register.filter
def span_of(window: SittingWindow, zone: str) -> str:
    """7月15日 08:00—18:00, or 7月20日 08:00—7月24日 24:00."""
    day, since = _moment(window.opens_at, zone)
    last, until = _moment(window.closes_at, zone, ends=True)
    return f"{day} {since}—{until}" if day == last else f"{day} {since}—{last} {until}"
