"""What the table of kinds says, and when the quiet hours end."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

__all__ = ["Kind", "kind", "kind_names", "most_attempts", "out_of_quiet_hours", "wait_before"]


@dataclass(frozen=True, slots=True)
class Kind:
    """`zh`, `en`: what it is called; `staff`: its place is below the staff's address of the class."""

    zh: str
    en: str
    leaves: bool
    quiet: bool
    staff: bool = False

    @property
    def name(self) -> str:
        """In the language of the moment."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).parent.with_name("kinds.toml").read_text(encoding="utf-8"))


@cache
def kind(name: str) -> Kind:
    """KeyError for a kind nobody declared."""
    return Kind(**_table()["kinds"][name])


def kind_names() -> frozenset[str]:
    return frozenset(_table()["kinds"])


def most_attempts() -> int:
    return int(_table()["attempts"]["most"])


def wait_before(attempt: int) -> timedelta:
    """How long after the n-th failed attempt (from 1) the next one comes."""
    waits = _table()["attempts"]["wait_minutes"]
    return timedelta(minutes=waits[min(attempt, len(waits)) - 1])


def out_of_quiet_hours(at: datetime, zone: str) -> datetime:
    """The same instant, or the end of the quiet hours it falls into (they may span midnight)."""
    hours = _table()["quiet_hours"]
    begins, ends = time.fromisoformat(str(hours["from"])), time.fromisoformat(str(hours["to"]))
    local = at.astimezone(ZoneInfo(zone))
    now = local.time()
    inside = begins <= now or now < ends if begins > ends else begins <= now < ends
    if not inside:
        return at
    day = local.date() + timedelta(days=1) if begins > ends and now >= begins else local.date()
    return datetime.combine(day, ends, ZoneInfo(zone))
