"""How a round stands for a learner: its state, the days left, what is done of what is asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from yanxiu.training.discussion.queries import RoundRow

__all__ = ["RoundLine", "Standing", "round_lines", "standing_of"]


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is "ahead", "open" or "over"; `days` until it opens, or until its last day (0: today)."""

    state: str
    days: int
    done: int
    asked: int

    @property
    def is_enough(self) -> bool:
        return self.done >= self.asked

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.done)


def standing_of(opens_on: date, closes_on: date, zone: str, at: datetime, *, done: int, asked: int) -> Standing:
    """In whole days of the class's zone: the last day belongs to the round."""
    today = at.astimezone(ZoneInfo(zone)).date()
    if today < opens_on:
        return Standing("ahead", (opens_on - today).days, done, asked)
    if today > closes_on:
        return Standing("over", 0, done, asked)
    return Standing("open", (closes_on - today).days, done, asked)


@dataclass(frozen=True, slots=True)
class RoundLine:
    row: RoundRow
    standing: Standing


def round_lines(rows: Iterable[RoundRow], zone: str, at: datetime) -> list[RoundLine]:
    """In the order of the rounds."""
    return [
        RoundLine(row, standing_of(row.opens_on, row.closes_on, zone, at, done=row.my_posts, asked=row.required_posts))
        for row in rows
    ]
