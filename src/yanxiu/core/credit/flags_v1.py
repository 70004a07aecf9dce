"""flags_v1: what in a person's records a class manager should look at. A flag is a question, never a verdict: it changes no credit.

Computed from the ledger alone and one an incident: the same incident has the same key however often it is computed, so a
flag can neither double nor depend on when the digest ran; late evidence may take one away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from yanxiu.core.beats import SessionFacts
from yanxiu.core.credit.presence_v1 import NEVER, Miss
from yanxiu.core.time.intervals import Interval, intersect, measure, subtract, union
from yanxiu.core.time.windows import split_days

__all__ = ["KINDS", "Flag", "SessionLog", "flags"]

KINDS = ("unanswered", "conflict", "gap", "clock", "parallel", "long_day", "openings")

MINUTE, HOUR = 60_000, 3_600_000
STAYED_MS = 10 * MINUTE  # of study going on after one unanswered challenge
SETTLED_MS = 10 * MINUTE  # a gap younger than this may still be filled
CLOCK_MS = MINUTE  # a device's clock moved by more than this within a session
MANY, MANY_MS = 3, 10 * MINUTE  # sessions at once, for how long in a day
LONG_DAY_MS = 16 * HOUR  # proved presence in one day
MOST_OPENED = 30  # sessions in an hour


@dataclass
class SessionLog:
    """What the ledger holds of a session besides its media: (seq, receipt), (end of a beat, device clock), conflicts."""

    facts: SessionFacts
    stretches: list[Interval] = field(default_factory=list)  # server's clock, as reported
    beats: list[tuple[int, int]] = field(default_factory=list)
    devices: list[tuple[int, int]] = field(default_factory=list)
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Flag:
    """One incident. `facts`: the session whose enrolment and class it belongs to; `quantities`: what its words need."""

    kind: str
    incident: str
    facts: SessionFacts
    from_ms: int
    until_ms: int
    quantities: Mapping[str, int]


def flags(logs: Iterable[SessionLog], missed: Sequence[Miss]) -> list[Flag]:
    """All flags of one person, by kind, then by time."""
    held = sorted(logs, key=lambda log: (log.facts.opened_at_ms, log.facts.sid))
    if not held:
        return []
    whole = [(log, union(log.stretches)) for log in held]
    found = [*_unanswered(whole, missed)]
    latest = max((received for log in held for _, received in log.beats), default=0)
    for log, present in whole:
        found += _of_session(log, present, latest)
    found += _parallel(whole)
    found += _long_days(whole, missed)
    found += _openings([log.facts for log in held])
    return sorted(found, key=lambda flag: (KINDS.index(flag.kind), flag.from_ms, flag.incident))


Whole = Sequence[tuple[SessionLog, list[Interval]]]


def _unanswered(whole: Whole, missed: Sequence[Miss]) -> Iterator[Flag]:
    """Challenges missed one after another, without a proof between them, are one incident."""
    runs: dict[int, list[Miss]] = {}
    for miss in missed:
        runs.setdefault(miss.from_ms, []).append(miss)
    for run in runs.values():
        first = run[0].asked
        present = union(piece for _, pieces in whole for piece in pieces)
        lost = intersect(present, [(run[0].from_ms, run[0].until_ms)])
        after = measure(intersect(lost, [(first.issued_ms, NEVER)]))
        if not lost or (len(run) == 1 and after < STAYED_MS):
            continue
        facts = _studied_at(whole, first.issued_ms)
        quantities = {"challenges": len(run), "lost_ms": measure(lost), "after_ms": after}
        yield Flag("unanswered", first.id, facts, lost[0][0], lost[-1][1], quantities)


def _studied_at(whole: Whole, at_ms: int) -> SessionFacts:
    """The latest-opened session that was studied at an instant, else the last one opened before it."""
    before = [entry for entry in whole if entry[0].facts.opened_at_ms <= at_ms] or list(whole)
    there = [log for log, pieces in before if any(a <= at_ms < b for a, b in pieces)]
    return (there or [log for log, _ in before])[-1].facts


def _of_session(log: SessionLog, present: list[Interval], latest: int) -> Iterator[Flag]:
    facts = log.facts
    start = facts.opened_at_ms
    end = present[-1][1] if present else start
    if log.conflicts:
        yield Flag("conflict", facts.sid, facts, start, end, {"conflicts": log.conflicts})
    top = max((seq for seq, received in log.beats if received <= latest - SETTLED_MS), default=-1)
    missing = top + 1 - len({seq for seq, _ in log.beats if seq <= top})
    if missing:
        yield Flag("gap", facts.sid, facts, start, end, {"missing": missing, "cadence_ms": facts.cadence_ms})
    drifts = [device - at for at, device in sorted(log.devices) if device]
    jump = max((abs(b - a) for a, b in pairwise(drifts)), default=0)
    if jump > CLOCK_MS:
        yield Flag("clock", facts.sid, facts, start, end, {"jump_ms": jump})


def _parallel(whole: Whole) -> Iterator[Flag]:
    """Many sessions at one time, longer than somebody who clicked about would leave open."""
    crowded: list[Interval] = []
    depth, since = 0, 0
    edges = sorted((at, step) for _, pieces in whole for a, b in pieces for at, step in ((a, 1), (b, -1)))
    for at, step in edges:
        if depth >= MANY:
            crowded.append((since, at))
        depth += step
        since = at
    yield from _by_day("parallel", whole, union(crowded), MANY_MS)


def _long_days(whole: Whole, missed: Sequence[Miss]) -> Iterator[Flag]:
    """More proved presence in a day than a person has. What a missed challenge took is flagged as that."""
    present = union(piece for _, pieces in whole for piece in pieces)
    proved = subtract(present, [(miss.from_ms, miss.until_ms) for miss in missed])
    yield from _by_day("long_day", whole, proved, LONG_DAY_MS)


def _by_day(kind: str, whole: Whole, pieces: Iterable[Interval], least: int) -> Iterator[Flag]:
    zone = whole[0][0].facts.zone
    days: dict[str, list[Interval]] = {}
    for piece in pieces:
        for day, a, b in split_days(*piece, zone):
            days.setdefault(day.isoformat(), []).append((a, b))
    for day_text, parts in days.items():
        ms = sum(b - a for a, b in parts)
        if ms >= least:
            first, last = parts[0][0], parts[-1][1]
            yield Flag(kind, day_text, _studied_at(whole, first), first, last, {"ms": ms})


def _openings(opened: Sequence[SessionFacts]) -> Iterator[Flag]:
    """Every opening is a proof of presence: a script that opens one lesson after another would always have proved it."""
    hours: dict[int, list[SessionFacts]] = {}
    for facts in opened:
        hours.setdefault(facts.opened_at_ms // HOUR, []).append(facts)
    for hour, those in hours.items():
        if len(those) > MOST_OPENED:
            last = those[-1]
            yield Flag("openings", str(hour), last, hour * HOUR, (hour + 1) * HOUR, {"sessions": len(those)})
