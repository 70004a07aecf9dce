"""`{% load spans %}`: {{ ms|span }} shows whole seconds, cut off, and carries the exact ms for programs."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

__all__ = ["span"]

register = template.Library()


@register.filter
def span(ms: int) -> SafeString:
    """1:23:45, or 23:45 below an hour."""
    minutes, seconds = divmod(int(ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return format_html('<data class="num" value="{}">{}</data>', int(ms), text)
