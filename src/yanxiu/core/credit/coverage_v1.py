"""credit_v1: which media of a lesson has been shown, and how a claim maps instants to media."""

from bisect import bisect_left, bisect_right
from datetime import date

from yanxiu.core.policy import Policy
from yanxiu.core.time.intervals import Interval

__all__ = ["NEVER", "NEW", "OVER", "SEEN", "STILL", "WAITS", "Claim", "Coverage", "Lesson", "standing_at"]

NEVER = 1 << 62
NEW, WAITS, SEEN, STILL, OVER = "new", "waits", "seen", "still", "over"


class Coverage:
    """A growing set of media ms, as parallel sorted lists of disjoint, not touching intervals."""

    __slots__ = ("covered", "ends", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.covered = 0

    def gaps(self, u: int, v: int) -> list[Interval]:
        """The parts of [u, v) not shown yet."""
        starts, ends = self.starts, self.ends
        found: list[Interval] = []
        i = bisect_right(ends, u)
        while i < len(starts) and starts[i] < v:
            if starts[i] > u:
                found.append((u, starts[i]))
            u = ends[i]
            i += 1
        if u < v:
            found.append((u, v))
        return found

    def next_gap(self, u: int) -> Interval:
        """The first gap that ends after u, begun at u at the earliest; the last one is endless."""
        starts, ends = self.starts, self.ends
        i = bisect_right(ends, u)
        if i < len(starts) and starts[i] <= u:
            u = ends[i]
            i += 1
        return u, starts[i] if i < len(starts) else NEVER

    def add(self, u: int, v: int) -> None:
        """Show [u, v)."""
        starts, ends = self.starts, self.ends
        i = bisect_left(ends, u)
        j = bisect_right(starts, v)
        if i < j:
            u, v = min(u, starts[i]), max(v, ends[j - 1])
            for k in range(i, j):
                self.covered -= ends[k] - starts[k]
        starts[i:j] = [u]
        ends[i:j] = [v]
        self.covered += v - u


class Lesson:
    """The state of one enrolment's lesson version while the timeline is walked."""

    __slots__ = ("credit", "duration", "frontier", "key", "pending", "releasing", "shown")

    def __init__(self, key: tuple[int, int, int]) -> None:
        self.key = key
        self.duration = 0
        self.shown = Coverage()
        self.credit = 0
        self.frontier = 0  # the furthest media shown
        self.pending: list[tuple[int, int, int, Claim]] = []  # heap of (media, instant, order, claim) beyond it
        self.releasing = False

    def is_whole(self) -> bool:
        """Every ms of it has been shown."""
        return self.shown.covered >= self.duration


class Claim:
    """A stretch [a, b) of one local day that a session claims and nothing subtracts, on the line of its span."""

    __slots__ = ("a", "b", "day", "dp", "dt", "lesson", "locked", "order", "p0", "policy", "reading", "t0")

    def __init__(
        self, bounds: Interval, line: tuple[int, int, int, int], day: date, whose: tuple[Lesson, Policy], order: int
    ) -> None:
        self.a, self.b = bounds
        self.t0, self.dt, self.p0, self.dp = line
        self.day = day
        self.lesson, self.policy = whose
        self.order = order  # lower goes first: latest-opened session, then id, then the span's own order
        self.reading = self.p0 < 0
        self.locked = False  # begun beyond the frontier, under a policy of first-view seek

    def media(self, t: int) -> int:
        """Media position f(t) at an instant."""
        return self.p0 + (t - self.t0) * self.dp // self.dt

    def instant_showing(self, m: int) -> int:
        """The instant at which media ms m is shown: the first t with f(t + 1) > m."""
        return self.t0 - (-(m + 1 - self.p0) * self.dt // self.dp) - 1

    def instant_past(self, m: int) -> int:
        """The first instant t with f(t) >= m."""
        return self.t0 - (-(m - self.p0) * self.dt // self.dp)


def standing_at(c: Claim, x: int, y: int) -> tuple[str, int]:
    """What the claim shows at x, and until when that stays so (at the least) as long as only others show media."""
    lesson = c.lesson
    if c.locked:
        return WAITS, y
    if c.reading:
        left = lesson.duration - lesson.credit
        return (NEW, min(y, x + left)) if left > 0 else (OVER, y)
    u, after = c.media(x), c.media(x + 1)
    if u == after:
        return STILL, y if c.dp == 0 else min(y, c.instant_showing(u))
    g, h = lesson.shown.next_gap(u)
    if c.dp >= c.dt:
        return (NEW, min(y, c.instant_past(h))) if g < after else (SEEN, min(y, c.instant_showing(g)))
    steady = (x - c.t0) * c.dp % c.dt // (c.dt - c.dp)  # instants in a row that each show one ms
    return (NEW, min(y, x + steady, x + h - u)) if g < after else (SEEN, min(y, x + steady, x + g - u))
