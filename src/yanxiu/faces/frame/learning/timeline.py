"""The class's days on one line, for frame/_timeline.html: windows, today; places in per cent of the class's length."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from yanxiu.core.time import clock
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Mark", "Span", "Timeline", "Window", "laid_out", "numeral"]

TIGHT = 13.0  # a window narrower than this shows its short name only
TINY = 5.0  # … and narrower than this beside itself
NUMERALS = "零一二三四五六七八九十"
NAME = 9.0  # per cent a short name takes on a phone
LATE = 88.0  # per cent: further right, the name stands before the window
LANE, TOP = 34, 26  # px

Span = tuple[date, date, str, str, str]  # opens, closes, name, short name, what came of it ("" where nothing is said)


@dataclass(frozen=True)
class Window:
    """A stretch of days; `y` keeps windows that overlap apart. `state`: done, on, ahead."""

    name: str
    short: str
    count: str
    opens_on: date
    closes_on: date
    x: float
    width: float
    y: int
    state: str

    @property
    def middle(self) -> float:
        """Where its name stands: within, or beside a window too narrow for it."""
        if self.width >= TINY:
            return round(self.x + self.width / 2, 2)
        return round(self.x + self.width + 0.8, 2) if self.x < LATE else round(self.x - 0.8, 2)

    @property
    def look(self) -> str:
        """Classes of the name."""
        if self.width >= TINY:
            return self.state
        return "beside start" if self.x < LATE else "beside end"

    @property
    def text_y(self) -> int:
        return self.y + 17

    @property
    def tight(self) -> bool:
        return self.width < TIGHT


@dataclass(frozen=True)
class Mark:
    day: date
    x: float
    anchor: str  # start, middle, end


@dataclass(frozen=True)
class Timeline:
    windows: tuple[Window, ...]
    depth: int
    past: float
    today: Mark | None
    axis: tuple[Mark, ...]

    @property
    def bottom(self) -> int:
        return TOP + self.depth

    @property
    def axis_y(self) -> int:
        return self.bottom + 18

    @property
    def height(self) -> int:
        return self.bottom + 24


class _Scale:
    def __init__(self, class_: TrainingClass) -> None:
        self.first, self.days = class_.starts_on, (class_.ends_on - class_.starts_on).days + 1

    def x(self, day: date) -> float:
        return round(min(100.0, max(0.0, (day - self.first).days * 100 / self.days)), 2)


def numeral(num: int) -> str:
    """一 二 三 in Chinese, 1 2 3 in English."""
    return NUMERALS[num] if num < len(NUMERALS) and get_language() != "en" else str(num)


def laid_out(class_: TrainingClass, spans: Iterable[Span]) -> Timeline:
    """Windows in the order they open, laid into as few lanes as they need."""
    scale, today = _Scale(class_), clock.now().astimezone(ZoneInfo(class_.zone)).date()
    free: list[date] = []
    windows: list[Window] = []
    for opens, closes, name, short, count in sorted(spans):
        lane = next((n for n, until in enumerate(free) if until < opens), len(free))
        free[lane : lane + 1] = [closes]
        x, end = scale.x(opens), scale.x(closes + timedelta(1))
        state = "done" if closes < today else "on" if opens <= today else "ahead"
        width, y = round(max(end - x, 0.5), 2), TOP + 5 + lane * (LANE - 6)
        windows.append(Window(name, short, count, opens, closes, x, width, y, state))
    windows = _told_apart(windows)
    depth = LANE + max(0, len(free) - 1) * (LANE - 6)
    return Timeline(tuple(windows), depth, scale.x(today), _today(class_, scale, today), _axis(class_, scale))


def _told_apart(windows: list[Window]) -> list[Window]:
    """A name that would stand on another window or its name is left out: the list below the line has it."""
    taken = [(w.x, w.x + w.width) for w in windows]
    shown = []
    for w in windows:
        if w.width >= TINY:
            shown.append(w)
            continue
        place = (w.x + w.width, w.x + w.width + NAME) if w.x < LATE else (w.x - NAME, w.x)
        is_free = all(place[1] <= a or place[0] >= b for a, b in taken)
        taken.append(place)
        shown.append(w if is_free else replace(w, short=""))
    return shown


def _today(class_: TrainingClass, scale: _Scale, today: date) -> Mark | None:
    """Only while the class runs; in the middle of its day, so that the first and the last are not on the edge."""
    if not class_.starts_on <= today <= class_.ends_on:
        return None
    x = round(scale.x(today) + 50 / scale.days, 2)
    return Mark(today, x, "end" if x > 85 else "start" if x < 15 else "middle")


def _axis(class_: TrainingClass, scale: _Scale) -> tuple[Mark, ...]:
    step = scale.days / 3
    inner = [class_.starts_on + timedelta(round(step * n)) for n in (1, 2)] if scale.days >= 9 else []
    marks = [Mark(day, scale.x(day), "middle") for day in inner]
    return (Mark(class_.starts_on, 0.0, "start"), *marks, Mark(class_.ends_on, 100.0, "end"))
