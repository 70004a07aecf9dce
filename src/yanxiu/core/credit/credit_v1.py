"""credit_v1: the study time of one person, a pure function of what the ledger holds. Frozen: a change is credit_v2.

Every whole ms on the server's clock is attributed to at most one session: of those that claim it and from which nothing
subtracts it, the latest-opened one for which it shows new media, else the latest-opened (ties by session id). It earns
when the media it shows was not shown before on the timeline. Nothing here depends on the order of arrival.

Two ways through the timeline, exact to the ms both: a stretch claimed once is solved in closed form (`_alone`); one that
several sessions claim is walked in runs within which nobody's standing changes (`_contested`), never ms by ms at 1x or more.
"""

import heapq
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from operator import attrgetter

from yanxiu.core.credit.claims_v1 import Claims, told_once
from yanxiu.core.credit.coverage_v1 import NEW, OVER, SEEN, STILL, WAITS, Claim, Lesson, standing_at
from yanxiu.core.credit.traces import Correction, CountingWindow, LessonCredit, PersonCredit, SessionTrace
from yanxiu.core.policy import Policy

__all__ = ["ALGORITHM", "credit_person", "settled"]

ALGORITHM = "credit_v1"

_REASON = {SEEN: "replay", STILL: "over_length", OVER: "over_length"}


def credit_person(
    sessions: Iterable[SessionTrace],
    policies: Mapping[str, Policy],
    windows: Mapping[int, CountingWindow] | None = None,
    corrections: Sequence[Correction] = (),
) -> PersonCredit:
    """All credit of one person from all their sessions, in all classes. `windows` by enrolment id."""
    return settled(Claims(policies, windows or {}, corrections), sessions)


def settled(claims: Claims, sessions: Iterable[SessionTrace]) -> PersonCredit:
    """The sessions taken into the claims, and the timeline walked."""
    for trace in sorted(told_once(sessions), key=lambda s: (s.facts.opened_at_ms, s.facts.sid), reverse=True):
        claims.take(trace)
    timeline = _Timeline(claims.uncounted, caps=any(p.daily_cap_ms is not None for p in claims.policies.values()))
    timeline.walk(sorted(claims.claims, key=attrgetter("a", "order")))
    for lesson in claims.lessons.values():
        timeline.give_up_waiting(lesson)
    lessons = {k: LessonCredit(s.credit, s.shown.covered, s.duration) for k, s in claims.lessons.items()}
    return PersonCredit(timeline.cells, timeline.uncounted, lessons)


class _Timeline:
    def __init__(self, uncounted: dict[tuple[int, int, date, str], int], *, caps: bool) -> None:
        self.cells: dict[tuple[int, int, int, date], int] = {}
        self.uncounted = uncounted
        self.caps = caps  # does any policy cap the day?
        self.daily: dict[tuple[int, date], int] = {}  # then: credited so far, by enrolment and day

    def walk(self, claims: list[Claim]) -> None:
        """Claims in order of their beginning."""
        i, n = 0, len(claims)
        while i < n:
            end, j = claims[i].b, i + 1
            while j < n and claims[j].a < end:
                end = max(end, claims[j].b)
                j += 1
            if j == i + 1:
                self._begin(claims[i])
                self._alone(claims[i], claims[i].a, end)
            else:
                self._cluster(claims[i:j])
            i = j

    def _cluster(self, claims: list[Claim]) -> None:
        active: list[Claim] = []
        bounds = sorted({c.a for c in claims} | {c.b for c in claims})
        i = 0
        for x, y in pairwise(bounds):
            active = [c for c in active if c.b > x]
            while i < len(claims) and claims[i].a == x:
                self._begin(claims[i])
                insort(active, claims[i], key=attrgetter("order"))
                i += 1
            if len(active) == 1:
                self._alone(active[0], x, y)
            else:
                self._contested(active, x, y)

    def _begin(self, c: Claim) -> None:
        if c.policy.first_view_seek and not c.reading:
            c.locked = c.media(c.a) > c.lesson.frontier + c.policy.seek_slack_ms

    def _alone(self, c: Claim, x: int, y: int) -> None:
        room = self._room(c)
        if c.locked and room:
            self._wait(c, x, y)
        elif room < y - x:  # the cap may fall inside
            self._contested([c], x, y)
        elif c.reading:
            earned = min(y - x, c.lesson.duration - c.lesson.credit)
            self._earn(c, earned)
            self._uncount(c, "over_length", y - x - earned)
        else:
            while x < y:
                end = self._meeting(c, x, y)
                self._show(c, x, end)
                x = end
                if self._room(c) < y - x:  # what was released on the way has used up the cap
                    self._contested([c], x, y)
                    return

    def _show(self, c: Claim, x: int, y: int) -> None:
        """Closed form for media: which instants of [x, y) show something new."""
        lesson = c.lesson
        u, v = c.media(x), c.media(y)
        gaps = lesson.shown.gaps(u, v)
        showing = min(y - x, v - u)  # instants with any media at all
        after = showing  # … of them after the last that earned
        earned = 0
        if gaps:
            if c.dp >= c.dt:
                last = x
                for g, h in gaps:
                    first = max(last, c.instant_showing(g))
                    last = c.instant_past(h)
                    earned += last - first
                after = y - last
            else:
                earned = sum(h - g for g, h in gaps)
                after = v - gaps[-1][1]
            lesson.shown.add(u, v)
            self._earn(c, earned)
        self._uncount(c, "over_length", y - x - showing)
        topped = 0
        if after and c.policy.replay_tops_up and lesson.is_whole():
            topped = min(after, lesson.duration - lesson.credit)
            self._earn(c, topped)
        self._uncount(c, "replay", showing - earned - topped)
        self._advance(c, v if gaps else 0)  # a still picture shows nothing

    def _contested(self, active: list[Claim], x: int, y: int) -> None:
        while x < y:
            winner, standing, end = None, "", y
            free = [c for c in active if self._room(c)]
            for c in free:  # latest-opened first
                its, until = standing_at(c, x, y)
                end = min(end, until)
                if winner is None or its is NEW or (its is WAITS and standing is not WAITS):
                    winner, standing = c, its
                if its is NEW:
                    break
            if winner is not None:
                end = min(end, x + min(self._room(c) for c in free))  # nobody's cap falls inside a run
                end = self._settle(winner, standing, x, end)
            for c in active:
                if c is not winner:
                    self._uncount(c, "parallel" if c in free else "daily_cap", end - x)
            x = end

    def _settle(self, c: Claim, standing: str, x: int, end: int) -> int:
        """Give the run to its winner; how far it really went."""
        lesson = c.lesson
        if standing is WAITS:
            self._wait(c, x, end)
        elif standing is NEW:
            if not c.reading:
                end = self._meeting(c, x, end)
            self._earn(c, end - x)
            if not c.reading:
                lesson.shown.add(c.media(x), c.media(end))
                self._advance(c, c.media(end))
        elif standing is SEEN and c.policy.replay_tops_up and lesson.is_whole() and lesson.credit < lesson.duration:
            end = min(end, x + lesson.duration - lesson.credit)
            self._earn(c, end - x)
        else:
            self._uncount(c, _REASON[standing], end - x)
        return end

    def _wait(self, c: Claim, x: int, y: int) -> None:
        part = Claim((x, y), (c.t0, c.dt, c.p0, c.dp), c.day, (c.lesson, c.policy), c.order)
        heapq.heappush(c.lesson.pending, (c.media(x), x, c.order, part))
        self._advance(c, 0)

    def _advance(self, c: Claim, media: int) -> None:
        """The frontier may have moved: what waited just beyond it is judged now, at its own instants, earliest first."""
        lesson = c.lesson
        reach = lesson.frontier = max(lesson.frontier, media)
        if lesson.releasing:  # by what is being released
            return
        ready: list[Claim] = []
        while lesson.pending and lesson.pending[0][0] <= reach + c.policy.seek_slack_ms:
            part = heapq.heappop(lesson.pending)[3]
            reach = max(reach, part.media(part.b))
            ready.append(part)
        lesson.releasing = True
        for part in sorted(ready, key=attrgetter("a")):
            self._alone(part, part.a, part.b)
        lesson.releasing = False

    @staticmethod
    def _meeting(c: Claim, x: int, y: int) -> int:
        """The instant in (x, y] at which the claim brings the frontier near what waits; y where it never does."""
        lesson = c.lesson
        if not lesson.pending or lesson.releasing or c.dp == 0:
            return y
        wanted = lesson.pending[0][0] - c.policy.seek_slack_ms
        return min(y, max(c.instant_past(wanted), c.instant_showing(c.media(x)) + 1))

    def give_up_waiting(self, lesson: Lesson) -> None:
        """At the end of the ledger: a gap that nobody filled."""
        for *_, part in lesson.pending:
            self._uncount(part, "seek", part.b - part.a)

    def _room(self, c: Claim) -> int:
        cap = c.policy.daily_cap_ms
        if cap is None:
            return 1 << 62
        return max(0, cap - self.daily.get((c.lesson.key[0], c.day), 0))

    def _earn(self, c: Claim, ms: int) -> None:
        if ms:
            c.lesson.credit += ms
            key = (*c.lesson.key, c.day)
            self.cells[key] = self.cells.get(key, 0) + ms
            if self.caps:
                mine = (c.lesson.key[0], c.day)
                self.daily[mine] = self.daily.get(mine, 0) + ms

    def _uncount(self, c: Claim, reason: str, ms: int) -> None:
        if ms:
            key = (c.lesson.key[0], c.lesson.key[1], c.day, reason)
            self.uncounted[key] = self.uncounted.get(key, 0) + ms
