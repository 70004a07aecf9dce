"""`{% load spans %}`: {{ ms|span }} shows whole seconds, cut off, and carries the exact ms for programs."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

__all__ = ["span"]

register = template.Library()
_BEFORE_UNIT = re.compile(r"(?<=\d) ")


@register.filter
def span(ms: int) -> SafeString:
    """1 小时 23 分 45 秒, or 23 分 45 秒 below an hour; no number is ever parted from its unit."""
    minutes, seconds = divmod(int(ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    numbers = {"h": hours, "m": minutes, "s": seconds}
    text = _("%(h)d 小时 %(m)02d 分 %(s)02d 秒") % numbers if hours else _("%(m)d 分 %(s)02d 秒") % numbers
    text = _BEFORE_UNIT.sub("\u00a0", text)
    return format_html('<data class="num nw" value="{}">{}</data>', int(ms), text)
