"""`{% load frame %}`: {% icon "lock" %}, {{ value|grouped }}, {{ phone|masked }}."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yanxiu.people.queries import mask_phone

__all__ = ["grouped", "icon", "masked"]

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the words beside it carry the meaning."""
    return format_html('<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("frame/icons.svg"), name)


@register.filter
def grouped(value: int | str) -> str:
    """163597 → 163,597."""
    return f"{int(value):,}"


@register.filter
def masked(phone: str | None) -> str:
    """138****2231."""
    return mask_phone(phone)
