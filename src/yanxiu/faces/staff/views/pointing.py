"""From a row of evidence to the page of what it is about, where the viewer may open that page."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from yanxiu.faces.frame.looking.searching import FIELD, sealed_search
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.record.figures.words import RowWords
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage

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


def _learner(request: FrameRequest, row: RowWords, key: str) -> str:
    """The table of learners, looking for this one; no name stands in an address."""
    if not row.name:
        return ""
    return f"{reverse('staff:class_data', args=[key])}?{FIELD}={sealed_search(request, row.name)}#learners"


def _href(request: FrameRequest, row: RowWords, key: str, *, manages: bool) -> str:
    kind, *address = row.about or ("",)
    if kind == "enrolment":
        return _learner(request, row, key)
    route, needs_manager, place = _PAGES.get(kind, ("", True, ""))
    if not route or not row.what or (needs_manager and not manages):
        return ""
    return reverse(route, args=[key, *address]) + place


def pointed(request: FrameRequest, rows: Iterable[RowWords], training_class: TrainingClass) -> list[Pointed]:
    manages = can_manage(request.viewer, training_class)
    return [Pointed(row, _href(request, row, training_class.key, manages=manages)) for row in rows]
