"""Which steps still lift a learner to a pass: the fewest of what they can still do, each with what it brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations

from yanxiu.core.rules.assess import Fact, Facts, Verdict, assess
from yanxiu.core.rules.scheme import Scheme

__all__ = ["Offer", "Path", "Step", "way_to_pass"]

MOST_TRIED = 400  # combinations assessed before the first that was found is taken


@dataclass(frozen=True)
class Offer:
    """Something a learner can still do. `facts` are what it would add; `free` a fact whose quantity is theirs to choose,
    from 1 to `most` (points in an exam, ms of study), which also goes to the `courses` named, each up to its own ms.
    """

    code: str
    facts: tuple[Fact, ...] = ()
    free: Fact | None = None
    most: int = 0
    courses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """`quantity`: the least that will do of an offer's free fact, 0 where nothing is free; `gains` points, `meets` gates."""

    offer: Offer
    quantity: int
    gains: Fraction
    meets: tuple[str, ...]


@dataclass(frozen=True)
class Path:
    """The steps, and the verdict they lead to. `reaches` False: what can still be done is not enough."""

    steps: tuple[Step, ...]
    verdict: Verdict

    @property
    def reaches(self) -> bool:
        return self.verdict.grade != "fail"


Chosen = tuple[tuple[Offer, int], ...]


def _with(facts: Facts, chosen: Sequence[tuple[Offer, int]]) -> Facts:
    added: list[Fact] = []
    studied: dict[str, int] = {}
    for offer, quantity in chosen:
        added += offer.facts
        if offer.free is not None:
            added.append(replace(offer.free, quantity=quantity))
        left = quantity
        for course, ms in offer.courses.items():
            studied[course] = studied.get(course, 0) + min(ms, left)
            left -= min(ms, left)
    courses = tuple(
        replace(course, credited_ms=course.credited_ms + studied.get(course.key, 0)) for course in facts.courses
    )
    return Facts((*facts.facts, *added), courses, facts.params)


def _met(verdict: Verdict) -> frozenset[str]:
    return frozenset(reason.key for reason in verdict.reasons if reason.what == "met")


def way_to_pass(scheme: Scheme, facts: Facts, offers: Sequence[Offer]) -> Path:
    """No steps where the learner passes already, or where even everything together would not do.

    First what no way can do without, then the smallest number of others that suffices, earlier offers preferred; then the
    least of every free quantity, in the order of the offers.
    """
    now = assess(scheme, facts)
    everything: Chosen = tuple((offer, offer.most) for offer in offers)
    best = assess(scheme, _with(facts, everything))
    if now.grade != "fail" or best.grade == "fail":
        return Path((), now if now.grade != "fail" else best)
    chosen = _least(scheme, facts, _fewest(scheme, facts, everything))
    return _told(scheme, facts, now, chosen)


def _passes(scheme: Scheme, facts: Facts, chosen: Sequence[tuple[Offer, int]]) -> bool:
    return assess(scheme, _with(facts, chosen)).grade != "fail"


def _fewest(scheme: Scheme, facts: Facts, everything: Chosen) -> Chosen:
    needed = tuple(
        each for each in everything if not _passes(scheme, facts, [other for other in everything if other is not each])
    )
    others = [each for each in everything if each not in needed]
    tried = 0
    for size in range(len(others) + 1):
        for more in combinations(others, size):
            taken = {id(each) for each in (*needed, *more)}
            attempt = tuple(each for each in everything if id(each) in taken)
            if _passes(scheme, facts, attempt):
                return attempt
            tried += 1
            if tried == MOST_TRIED:
                return everything
    return everything


def _least(scheme: Scheme, facts: Facts, chosen: Chosen) -> Chosen:
    taken = list(chosen)
    for place, (offer, most) in enumerate(taken):
        if offer.free is None:
            continue
        low, high = 1, most
        while low < high:
            middle = (low + high) // 2
            taken[place] = (offer, middle)
            low, high = (low, middle) if _passes(scheme, facts, taken) else (middle + 1, high)
        taken[place] = (offer, high)
    return tuple(taken)


def _told(scheme: Scheme, facts: Facts, now: Verdict, chosen: Chosen) -> Path:
    steps: list[Step] = []
    before = now
    for count, (offer, quantity) in enumerate(chosen, 1):
        after = assess(scheme, _with(facts, chosen[:count]))
        gains = (after.score or Fraction(0)) - (before.score or Fraction(0))
        steps.append(Step(offer, quantity if offer.free else 0, gains, tuple(sorted(_met(after) - _met(before)))))
        before = after
    return Path(tuple(steps), before)
