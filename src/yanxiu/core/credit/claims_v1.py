"""credit_v1: from reported spans to claims: merged, cut at what is subtracted for everybody to see, cut at midnight."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from yanxiu.core.beats import SessionFacts
from yanxiu.core.credit.coverage_v1 import NEVER, Claim, Lesson
from yanxiu.core.credit.traces import Correction, CountingWindow, SessionTrace, Span
from yanxiu.core.policy import Policy
from yanxiu.core.time.intervals import Interval, intersect, subtract, union
from yanxiu.core.time.windows import day_start_ms, local_day, split_days

__all__ = ["Claims", "merged", "told_once"]

_MINUTE = 60_000


def merged(spans: Iterable[Span], *, seek_matters: bool) -> Iterator[Span]:
    """Spans in order; neighbours at exactly 1x that continue each other become one.

    Joining them changes no f(t). Under first-view seek each span is judged where it begins, so nothing is joined.
    """
    held: Span | None = None
    for span in sorted(spans):
        t0, t1, p0, p1 = span
        if held is not None and held[1] == t0 and held[3] == p0 and not seek_matters:
            a0, a1, q0, q1 = held
            straight = (p0 < 0 and q0 < 0) or (p0 >= 0 and q0 >= 0 and p1 - p0 == t1 - t0 and q1 - q0 == a1 - a0)
            if straight:
                held = (a0, t1, q0, p1)
                continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def told_once(sessions: Iterable[SessionTrace]) -> Iterable[SessionTrace]:
    """A session told in several parts is one session."""
    whole: dict[str, SessionTrace] = {}
    for trace in sessions:
        known = whole.get(trace.facts.sid)
        if known is not None:
            trace = SessionTrace(known.facts, [*known.spans, *trace.spans], [*known.receipts, *trace.receipts])  # noqa: PLW2901 (the union of both)
        whole[trace.facts.sid] = trace
    return whole.values()


class _Session(NamedTuple):
    facts: SessionFacts
    policy: Policy
    lesson: Lesson
    bad: list[tuple[str, list[Interval]]]  # what it cannot earn, by reason


class Claims:
    """Collects the claims of one person; what no session may earn goes straight to `uncounted`."""

    def __init__(
        self,
        policies: Mapping[str, Policy],
        windows: Mapping[int, CountingWindow],
        corrections: Sequence[Correction],
    ) -> None:
        self.policies = policies
        self.windows = windows
        self.corrections = corrections
        self.lessons: dict[tuple[int, int, int], Lesson] = {}
        self.uncounted: dict[tuple[int, int, date, str], int] = {}
        self.claims: list[Claim] = []
        self._day: tuple[str, date, int, int] = ("", date.min, 0, 0)

    def take(self, trace: SessionTrace) -> None:
        """Add one session; sessions come latest-opened first."""
        facts = trace.facts
        policy = self.policies[facts.policy_id]
        key = (facts.enrolment_id, facts.lesson_id, facts.lesson_version)
        lesson = self.lessons.setdefault(key, Lesson(key))
        lesson.duration = max(lesson.duration, facts.duration_ms)
        session = _Session(facts, policy, lesson, self._subtracted(trace, policy))
        # The night is looked up day by day; everything else that is subtracted is known for the whole session.
        bad = [piece for _, pieces in session.bad for piece in pieces]
        free = [] if policy.night else subtract([(-NEVER, NEVER)], bad)
        i = 0
        for t0, t1, p0, p1 in merged(set(self._checked(trace)), seek_matters=policy.first_view_seek):
            a, b = facts.opened_at_ms + t0, facts.opened_at_ms + t1
            while i < len(free) and free[i][1] <= a:
                i += 1
            if i < len(free) and free[i][0] <= a and b <= free[i][1]:
                self._claim((a, b), (a, b - a, p0, p1 - p0), session)
            else:
                self._cut((a, b), (a, b - a, p0, p1 - p0), session)

    def _checked(self, trace: SessionTrace) -> Iterator[Span]:
        """Spans within the rate, their positions inside the lesson. The intake has checked both; here nobody is trusted."""
        duration, opened = trace.facts.duration_ms, trace.facts.opened_at_ms
        for t0, t1, p0, p1 in trace.spans:
            if p1 - p0 > trace.facts.max_rate * (t1 - t0) * 1.02 + 300:
                self._uncount(trace.facts, (opened + t0, opened + t1), "too_fast")
            else:
                yield t0, t1, min(p0, duration), min(p1, duration)

    def _subtracted(self, trace: SessionTrace, policy: Policy) -> list[tuple[str, list[Interval]]]:
        """What the session cannot earn, by reason, the first reason taking precedence."""
        facts = trace.facts
        window = self.windows.get(facts.enrolment_id, CountingWindow())
        contacts = {facts.opened_at_ms, *trace.receipts}
        reached = union((c, c + policy.contact_grace_ms) for c in contacts)
        found: list[tuple[str, list[Interval]]] = [
            ("before_open", [] if window.from_ms is None else [(-NEVER, window.from_ms)]),
            ("after_close", [] if window.until_ms is None else [(window.until_ms, NEVER)]),
            (
                "corrected",
                [
                    (c.from_ms, c.until_ms)
                    for c in self.corrections
                    if c.enrolment_id is None or c.enrolment_id == facts.enrolment_id
                ],
            ),
            ("no_contact", subtract([(-NEVER, NEVER)], reached)),
        ]
        return [(reason, union(pieces)) for reason, pieces in found if pieces]

    def _cut(self, bounds: Interval, line: Span, session: _Session) -> None:
        rest, policy, zone = [bounds], session.policy, session.facts.zone
        night = [("night", list(_nights(bounds, policy.night, zone)))] if policy.night else []
        for reason, pieces in [*session.bad, *night]:
            for piece in intersect(rest, pieces):
                self._uncount(session.facts, piece, reason)
            rest = subtract(rest, pieces)
        for piece in rest:
            self._claim(piece, line, session)

    def _claim(self, bounds: Interval, line: Span, session: _Session) -> None:
        wanted = session.facts.zone
        zone, day, start, end = self._day
        if zone != wanted or not start <= bounds[0] < end:
            day = local_day(bounds[0], wanted)
            end = day_start_ms(day + timedelta(days=1), wanted)
            self._day = (wanted, day, day_start_ms(day, wanted), end)
        order = len(self.claims)
        parts = [(day, *bounds)] if bounds[1] <= end else split_days(*bounds, wanted)
        for part, a, b in parts:
            self.claims.append(Claim((a, b), line, part, (session.lesson, session.policy), order))

    def _uncount(self, facts: SessionFacts, piece: Interval, reason: str) -> None:
        for day, a, b in split_days(*piece, facts.zone):
            key = (facts.enrolment_id, facts.lesson_id, day, reason)
            self.uncounted[key] = self.uncounted.get(key, 0) + b - a


def _nights(bounds: Interval, night: tuple[int, int], zone: str) -> Iterator[Interval]:
    """The instants of the night window in every local day that `bounds` touches."""
    start, end = night
    for day, _, _ in split_days(*bounds, zone):
        midnight = day_start_ms(day, zone)
        if start < end:
            yield midnight + start * _MINUTE, midnight + end * _MINUTE
        else:  # over midnight: 22:00-05:00
            yield midnight, midnight + end * _MINUTE
            yield midnight + start * _MINUTE, day_start_ms(day + timedelta(days=1), zone)
