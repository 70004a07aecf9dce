"""Six weeks of study for a class, laid out so that the oracle's totals come to exactly the wanted seconds.

plan → oracle → the last learner's remaining time is set → oracle again, until both totals are exact. Seeded: the same plan
every time, and nothing here has ever heard of core.credit.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yanxiu.config.demo.cast import LessonRow
from yanxiu.config.demo.study.oracle import Claim, credited_seconds
from yanxiu.config.demo.study.sitting import Seat, Session, posts, sit

__all__ = ["Goal", "Plan", "credit_of", "make_plan"]

ORIGIN = int(datetime.fromisoformat("2017-06-05T00:00:00+08:00").timestamp())
SLOTS = (8 * 3600, 13 * 3600 + 1800, 18 * 3600 + 2400)
DAY = 86_400


@dataclass(frozen=True)
class Goal:
    """Seconds the whole class is to earn, by kind, and how far one learner may be from the mean."""

    learners: int
    compulsory: int
    elective: int
    seed: int = 2017
    cadence: int = 30
    first_learner: int = 0
    first_day: int = 5  # since ORIGIN: from 10 June
    days: int = 41  # to 20 July


@dataclass(frozen=True)
class Plan:
    """Every session of every learner, and what the oracle says each learner earns in each lesson."""

    sessions: tuple[Session, ...]
    credit: Mapping[int, Mapping[int, int]]


def _shares(rng: random.Random, goal: int, count: int, spread: tuple[float, float], cap: int) -> list[int]:
    """Whole seconds around the mean, one per learner, summing to the goal."""
    mean = goal / count
    drawn = [mean * rng.uniform(*spread) for _ in range(count)]
    scale = goal / sum(drawn)
    shares = [min(int(value * scale), cap) for value in drawn]
    shares[-1] = 0
    shares[-1] = goal - sum(shares)
    return shares


def _fill(rows: Sequence[LessonRow], seconds: int) -> list[tuple[LessonRow, int]]:
    """Lessons in order until the seconds are used up; the last one is left half-way."""
    chosen: list[tuple[LessonRow, int]] = []
    for row in rows:
        if seconds <= 0:
            break
        chosen.append((row, min(row.seconds, seconds)))
        seconds -= row.seconds
    return chosen


def _tasks(
    rng: random.Random, rows: Sequence[LessonRow], compulsory: int, elective: int
) -> list[tuple[LessonRow, int]]:
    tasks = _fill([row for row in rows if row.kind == "compulsory"], compulsory)
    electives = [row for row in rows if row.kind == "elective"]
    turn = rng.randrange(len(electives)) if electives else 0
    for task in _fill(electives[turn:] + electives[:turn], elective):
        tasks.insert(rng.randrange(len(tasks) + 1), task)
    return tasks


def _instants(rng: random.Random, goal: Goal, count: int) -> list[int]:
    """Mornings, afternoons and evenings, never two in one."""
    slots = [ORIGIN + day * DAY + slot for day in range(goal.first_day, goal.first_day + goal.days) for slot in SLOTS]
    return [at + rng.randrange(0, 2400) for at in sorted(rng.sample(slots[1:], count))]


def _study(
    learner: int, rows: Sequence[LessonRow], amounts: tuple[int, int], goal: Goal, *, plain: bool
) -> list[Session]:
    rng = random.Random(goal.seed * 1000 + learner)  # noqa: S311  (a play)
    beside = next((row for row in rows if row.kind == "self_study"), None)
    heard_beside = 0
    tasks = _tasks(rng, rows, *amounts)
    sessions: list[Session] = []
    for (row, wanted), opened in zip(tasks, _instants(rng, goal, len(tasks)), strict=True):
        full = beside is None or heard_beside > beside.seconds - 1000
        seat = Seat(learner, row.index, 0, wanted, opened, beside.index if beside else -1, heard_beside, goal.cadence)
        sat = sit(seat, rng, behaviour="plain" if plain else None)
        if full and beside is not None and any(s.lesson == beside.index for s in sat):
            sat = sit(seat, rng, behaviour="paused")
        heard_beside += sum(s.stretches[-1].t1 for s in sat if beside is not None and s.lesson == beside.index)
        sessions += sat
    return sessions


def credit_of(sessions: Iterable[Session], rows: Sequence[LessonRow]) -> dict[int, int]:
    """What the oracle says of one learner's POSTs, by lesson index."""
    claims = [
        Claim(s.opened, f"{number}", beat.seq, s.lesson, s.opened - ORIGIN + beat.t0, beat.t1 - beat.t0, beat.p0)
        for number, s in enumerate(sessions) for post in posts(s) for beat in post.beats
    ]  # fmt: skip
    return credited_seconds(claims, {row.index: row.seconds for row in rows})


def _by_kind(credit: Mapping[int, int], rows: Sequence[LessonRow], kind: str) -> int:
    kinds = {row.index: row.kind for row in rows}
    return sum(seconds for lesson, seconds in credit.items() if kinds[lesson] == kind)


def make_plan(rows: Sequence[LessonRow], goal: Goal) -> Plan:
    """Raises RuntimeError if the totals cannot be met; three rounds have always been enough."""
    rng = random.Random(goal.seed)  # noqa: S311  (a play)
    longest = {kind: sum(row.seconds for row in rows if row.kind == kind) for kind in ("compulsory", "elective")}
    compulsory = _shares(rng, goal.compulsory, goal.learners, (0.72, 1.24), longest["compulsory"])
    elective = _shares(rng, goal.elective, goal.learners, (0.2, 1.8), longest["elective"])
    sessions: dict[int, list[Session]] = {}
    credit: dict[int, dict[int, int]] = {}
    todo = list(range(goal.learners))
    for _ in range(4):
        for num in todo:
            learner = goal.first_learner + num
            amounts = (compulsory[num], elective[num])
            last = num == goal.learners - 1
            sessions[num] = _study(learner, rows, amounts, goal, plain=last)
            credit[num] = credit_of(sessions[num], rows)
        off = [
            wanted - sum(_by_kind(credit[num], rows, kind) for num in credit)
            for kind, wanted in (("compulsory", goal.compulsory), ("elective", goal.elective))
        ]
        if not any(off):
            every = tuple(session for num in sorted(sessions) for session in sessions[num])
            return Plan(every, {goal.first_learner + num: credit[num] for num in credit})
        todo = [goal.learners - 1]
        compulsory[-1] += off[0]
        elective[-1] += off[1]
    raise RuntimeError(f"the plan misses its totals by {off} seconds")
