"""An independent answer to "what counts?": one ms after another over plain sets. Shares no code with the product.

It takes small worlds (a few thousand ms) described in its own terms, and knows only the words of the study-time contract:
attribution to the latest-opened session with new media, else the latest-opened; a ms earns when its media was not shown at
an earlier eligible ms; top-up once the lesson is whole; contact; windows; first-view seek; daily cap; local days.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

Span = tuple[int, int, int, int]
Windows = dict[int, tuple[int | None, int | None]]
Corrected = Sequence[tuple[int, int, int | None]]
Granted = Sequence[tuple[int, int, int, int, str]]  # from, until, enrolment, lesson, reason
Attended = Sequence[tuple[int, int, int, int]]  # in a room: from, until, enrolment, lesson
Answers = tuple[dict[tuple[int, int, date], int], dict[tuple[int, int, date, str], int]]


@dataclass(frozen=True)
class Rules:
    tops_up: bool = True
    seek: bool = False
    slack: int = 30_000
    grace: int = 1_200_000
    cap: int | None = None
    challenged: bool = False


@dataclass
class Tab:
    """A session: spans are [t0, t1, p0, p1] since `opened`; p -1 for a reading."""

    sid: str
    opened: int
    enrolment: int
    lesson: int
    duration: int
    spans: list[tuple[int, int, int, int]]
    receipts: list[int]
    rules: Rules = field(default_factory=Rules)


def position(span: Span, t: int) -> int:
    t0, t1, p0, p1 = span
    return p0 + ((t - t0) * (p1 - p0)) // (t1 - t0)


def local_date(ms: int, hours: int) -> date:
    return _date_of_hour(ms // 3_600_000, hours)  # a day begins at a whole hour in such a zone


@lru_cache(maxsize=1000)
def _date_of_hour(hour: int, hours: int) -> date:
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    return instant.astimezone(timezone(timedelta(hours=hours))).date()


class Oracle:
    """`windows`: enrolment -> (from, until); `corrected`: [(from, until, enrolment or None)]; one zone, whole hours."""

    def __init__(
        self, tabs: list[Tab], windows: Windows | None = None, corrected: Corrected = (), hours: int = 8
    ) -> None:
        self.windows, self.corrected, self.hours = windows or {}, corrected, hours
        self.unproven: Sequence[tuple[int, int]] = ()  # what missed challenges took: from, until
        self.granted: Granted = ()
        self.attended: Attended = ()
        self.earned = defaultdict(list)  # lesson -> (ms, day), of each that counts
        self.tabs = tabs
        self.length = {}
        for tab in tabs:
            key = (tab.enrolment, tab.lesson)
            self.length[key] = max(self.length.get(key, 0), tab.duration)
        self.shown = defaultdict(set)
        self.front = defaultdict(int)
        self.credit = defaultdict(int)
        self.daily = defaultdict(int)
        self.cells = defaultdict(int)
        self.lost = defaultdict(int)
        self.waiting = defaultdict(list)  # lesson -> (media from, to, tab, span, ms)
        self.locked = {}  # piece of a claim -> judged where it begins

    def barred(self, tab: Tab, t: int) -> str | None:
        """Why nobody counts this ms for this session, whatever it shows."""
        given = {why for a, b, *whose, why in self.granted if a <= t < b and whose == [tab.enrolment, tab.lesson]}
        return next((why for why in self.objections(tab, t) if why not in given), None)

    def objections(self, tab: Tab, t: int) -> Iterator[str]:
        start, end = self.windows.get(tab.enrolment, (None, None))
        if start is not None and t < start:
            yield "before_open"
        if end is not None and t >= end:
            yield "after_close"
        if any(a <= t < b and who in (None, tab.enrolment) for a, b, who in self.corrected):
            yield "corrected"
        last = max((c for c in [tab.opened, *tab.receipts] if c <= t), default=None)
        if last is None or t - last >= tab.rules.grace:
            yield "no_contact"
        if tab.rules.challenged and any(a <= t < b for a, b in self.unproven):
            yield "unproven"
        if self.room(t) is not None:
            yield "in_person"

    def absence(self, t: int, enrolment: int, lesson: int) -> str | None:
        """Why this ms in a room counts for nobody."""
        start, end = self.windows.get(enrolment, (None, None))
        given = {why for a, b, *whose, why in self.granted if a <= t < b and whose == [enrolment, lesson]}
        if start is not None and t < start:
            return "before_open"
        if end is not None and t >= end:
            return "after_close"
        corrected = any(a <= t < b and who in (None, enrolment) for a, b, who in self.corrected)
        return "corrected" if corrected and "corrected" not in given else None

    def room(self, t: int) -> tuple[int, int, int] | None:
        """In which room the person is at this ms, if in any: the one entered last."""
        there = [(a, who, what) for a, b, who, what in self.attended if a <= t < b and not self.absence(t, who, what)]
        return max(there, default=None)

    def attend(self) -> None:
        """Every ms of every attendance, one after another."""
        for a, b, who, what in self.attended:
            for t in range(a, b):
                why = self.absence(t, who, what) or ("" if self.room(t) == (a, who, what) else "in_person")
                day = local_date(t, self.hours)
                if why:
                    self.lost[who, what, day, why] += 1
                else:
                    self.cells[who, what, day] += 1

    def capped(self, tab: Tab, day: date) -> bool:
        return tab.rules.cap is not None and self.daily[tab.enrolment, day] >= tab.rules.cap

    def fresh(self, tab: Tab, span: Span, t: int) -> bool:
        key = (tab.enrolment, tab.lesson)
        if span[2] < 0:
            return self.credit[key] < tab.duration
        return any(m not in self.shown[key] for m in range(position(span, t), position(span, t + 1)))

    def earn(self, tab: Tab, day: date, t: int) -> None:
        self.earned[tab.enrolment, tab.lesson].append((t, day))
        self.credit[tab.enrolment, tab.lesson] += 1
        self.daily[tab.enrolment, day] += 1
        self.cells[tab.enrolment, tab.lesson, day] += 1

    def lose(self, tab: Tab, day: date, reason: str) -> None:
        self.lost[tab.enrolment, tab.lesson, day, reason] += 1

    def give(self, tab: Tab, span: Span, t: int, day: date) -> None:
        """The ms is this session's: does it earn?"""
        key = (tab.enrolment, tab.lesson)
        if self.capped(tab, day):
            return self.lose(tab, day, "daily_cap")
        if span[2] < 0:
            return self.earn(tab, day, t) if self.fresh(tab, span, t) else self.lose(tab, day, "over_length")
        media = range(position(span, t), position(span, t + 1))
        if not media:
            return self.lose(tab, day, "over_length")
        if any(m not in self.shown[key] for m in media):
            self.shown[key].update(media)
            self.front[key] = max(self.front[key], media[-1] + 1)
            return self.earn(tab, day, t)
        whole = len(self.shown[key]) == self.length[key]
        if tab.rules.tops_up and whole and self.credit[key] < self.length[key]:
            return self.earn(tab, day, t)
        return self.lose(tab, day, "replay")

    def release(self, key: tuple[int, int], slack: int) -> None:
        """What waited near the frontier is judged once the frontier has come near, the earliest ms first."""
        reach, ready = self.front[key], []
        for piece in sorted(self.waiting[key], key=lambda piece: piece[0]):
            if piece[0] > reach + slack:
                break
            ready.append(piece)
            reach = max(reach, piece[1])
        for piece in sorted(ready, key=lambda piece: piece[4]):
            self.waiting[key].remove(piece)
            _, _, tab, span, t = piece
            self.give(tab, span, t, local_date(t, self.hours))

    def run(self) -> "Oracle":
        self.attend()
        order = sorted(self.tabs, key=lambda tab: (tab.opened, tab.sid), reverse=True)
        claims = []
        for tab in order:
            clamped = set()
            for t0, t1, p0, p1 in tab.spans:
                clamped.add((tab.opened + t0, tab.opened + t1, min(p0, tab.duration), min(p1, tab.duration)))
            claims += [(tab, span) for span in sorted(clamped)]
        instants = sorted({t for _, span in claims for t in range(span[0], span[1])})
        before = {}  # claim -> (last free ms, its day): a piece ends where the claim is barred or the day ends
        for t in instants:
            self.step(claims, t, before)
        for pieces in self.waiting.values():
            for _, _, tab, _, t in pieces:
                self.lose(tab, local_date(t, self.hours), "seek")
        return self

    def step(self, claims: list[tuple[Tab, Span]], t: int, before: dict[int, tuple[int, date]]) -> None:
        day = local_date(t, self.hours)
        free = []
        for i, (tab, span) in enumerate(claims):
            if not span[0] <= t < span[1]:
                continue
            why = self.barred(tab, t)
            if why:
                self.lose(tab, day, why)
                continue
            if before.get(i) != (t - 1, day):  # a new piece begins: judge its lock now
                key = (tab.enrolment, tab.lesson)
                self.locked[i] = (
                    tab.rules.seek and span[2] >= 0 and position(span, t) > self.front[key] + tab.rules.slack
                )
            before[i] = (t, day)
            if self.capped(tab, day):
                self.lose(tab, day, "daily_cap")
            else:
                free.append(i)
        if not free:
            return
        new = [i for i in free if not self.locked[i] and self.fresh(*claims[i], t)]
        waits = [i for i in free if self.locked[i]]
        winner = (new or waits or free)[0]
        for i in free:
            if i != winner:
                self.lose(claims[i][0], day, "parallel")
        tab, span = claims[winner]
        key = (tab.enrolment, tab.lesson)
        if self.locked[winner]:
            self.waiting[key].append((position(span, t), position(span, t + 1), tab, span, t))
        else:
            self.give(tab, span, t, day)
        self.release(key, tab.rules.slack)
