"""`{% load frame %}`: {% icon "lock" %}, {{ value|grouped }}, {{ phone|masked }}, {{ definition|label }}, {{ definition|unit }},
{{ stored|rich }}, {{ stored|plain }}, {{ stored|formatted }}.
"""

from collections.abc import Mapping

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from yanxiu.kit import richtext
from yanxiu.people.queries import mask_phone

__all__ = ["formatted", "grouped", "icon", "label", "masked", "plain", "rich", "unit"]

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


def _in_language(definition: object, chinese: str, english: str) -> str:
    """A frozen definition is a mapping, and an old one may lack its English words."""
    held = definition if isinstance(definition, Mapping) else getattr(definition, "__dict__", {})
    return str((get_language() == "en" and held.get(english)) or held.get(chinese, ""))


@register.filter
def label(definition: object) -> str:
    """What a figure is called in the reader's language."""
    return _in_language(definition, "label_zh", "label_en")


@register.filter
def unit(definition: object) -> str:
    """What stands behind a figure's number in the reader's language."""
    return _in_language(definition, "unit", "unit_en")


@register.filter
def rich(stored: str | None) -> SafeString:
    """What was written, as HTML: sanitised when it was stored, and once more here; plain text as paragraphs."""
    return mark_safe(richtext.clean(stored or "").html)  # noqa: S308  (sanitised by this very call)


@register.filter
def plain(stored: str | None) -> str:
    """The same as text."""
    return richtext.clean(stored or "").text


@register.filter
def formatted(stored: str | None) -> str:
    """The HTML, where it says more than paragraphs do; else nothing."""
    return richtext.clean(stored or "").form
