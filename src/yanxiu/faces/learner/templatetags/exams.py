"""`{% load exams %}`: {{ left_ms|minutes_left }}."""

from django import template

__all__ = ["minutes_left"]

register = template.Library()


@register.filter
def minutes_left(left_ms: int) -> str:
    """42:18, or 1:02:03 from an hour on: what is left, cut off to whole seconds."""
    minutes, seconds = divmod(int(left_ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
