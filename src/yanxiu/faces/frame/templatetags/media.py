"""`{% load media %}`: {% media_url file %} in a page, {% media_url file "keep" %} for a download; {{ ms|clock }}, {{ bytes|megabytes }}."""

from django import template
from django.urls import reverse

from yanxiu.training.courses.media.queries import FileRow
from yanxiu.training.courses.media.signing import link

__all__ = ["clock", "media_url", "megabytes"]

register = template.Library()


@register.simple_tag
def media_url(file: FileRow | None, how: str = "show") -> str:
    """A signed link to a file in use; "" without one."""
    return reverse("intake:media", kwargs=link(file.digest, how)._asdict()) if file else ""


@register.filter
def clock(ms: int) -> str:
    """52:10, cut off: nothing is rounded up."""
    seconds = int(ms) // 1000
    return f"{seconds // 60:02}:{seconds % 60:02}"


@register.filter
def megabytes(size: float) -> str:
    """1.2 MB, 38 KB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} KB"
