"""From a row of evidence to the page of what it is about, where the viewer may open that page."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from yanxiu.record.figures.words import RowWords
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Pointed", "pointed"]

# type of object → (route, does one have to manage the class to open it, the place on that page)
_PAGES = {
    "lesson": ("staff:lesson_files", True, ""),
    "quota": ("staff:setup", True, "#quota"),
    "round": ("staff:round", False, ""),
    "post": ("staff:round_post", False, ""),
    "outcome": ("staff:outcome", False, ""),
    "outcome_comment": ("staff:outcome", False, ""),
    "attempt": ("staff:exam", False, ""),
    "announcement": ("staff:announcement", False, ""),
}


@dataclass(frozen=True, slots=True)
class Pointed:
    """`href` "" where there is no such page for this viewer."""

    row: RowWords
    href: str


def _href(row: RowWords, key: str, *, manages: bool) -> str:
    kind, *address = row.about or ("",)
    if kind == "enrolment":
        return f"{reverse('staff:class_data', args=[key])}?{urlencode({'q': row.name})}#learners" if row.name else ""
    route, needs_manager, place = _PAGES.get(kind, ("", True, ""))
    if not route or not row.what or (needs_manager and not manages):
        return ""
    return reverse(route, args=[key, *address]) + place


def pointed(rows: Iterable[RowWords], training_class: TrainingClass, *, manages: bool) -> list[Pointed]:
    return [Pointed(row, _href(row, training_class.key, manages=manages)) for row in rows]
