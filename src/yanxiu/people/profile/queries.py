"""Corrections: one's own, and those a class manager has to decide."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.models import Correction
from yanxiu.people.queries import People, Viewer, among

__all__ = ["CorrectionRow", "correction_among", "corrections_of_people", "open_corrections", "own_corrections"]


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    correction_id: int
    person_id: int
    name: str
    field: str
    before: str
    after: str
    state: str
    state_words: str
    asked_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str

    @property
    def is_open(self) -> bool:
        return self.state == "asked"

    @property
    def points(self) -> str:
        """Code points of the rare characters: how they look depends on the fonts of the machine, these do not."""
        return _points(self.after)

    @property
    def points_before(self) -> str:
        """The same of what stood there: two shapes may look alike, a struck one is hardly read at all."""
        return _points(self.before)


def _points(text: str) -> str:
    return " ".join(f"U+{ord(c):X}" for c in text if ord(c) > 0xFFFF)


def _row(c: Correction) -> CorrectionRow:
    return CorrectionRow(
        c.pk, c.person_id, c.person.name, c.get_field_display(), c.before, c.after, c.state, c.get_state_display(),
        c.asked_at, c.decided_at, c.decided_by.name if c.decided_by else "", c.reason,
    )  # fmt: skip


def own_corrections(viewer: Viewer) -> list[CorrectionRow]:
    """The newest twenty of one's own."""
    found = Correction.objects.select_related("person", "decided_by").filter(person_id=viewer.person_id or 0)
    return [_row(c) for c in found.order_by("-pk")[:20]]


def corrections_of_people(people: People, *, after: str | None = None, limit: int = 50) -> Page[CorrectionRow]:
    """Of these persons, newest first: open ones and their history alike."""
    found = Correction.objects.select_related("person", "decided_by").filter(among(people))
    return keyset_page(found.exclude(state=Correction.State.WITHDRAWN), _row, forwards=False, after=after, limit=limit)


def open_corrections(people: People) -> int:
    return Correction.objects.filter(among(people), state=Correction.State.ASKED).count()


def correction_among(people: People, correction_id: int) -> Correction:
    """One of these persons'; NotVisible for anybody else's."""
    found = Correction.objects.filter(among(people), pk=correction_id).first()
    if found is None:
        raise NotVisible
    return found
