"""Papers drawn from a blueprint: which questions, in which order, with their options in which order; pure.

Everything random is a sort by SHA-256 over the seed and an id. So a drawing does not depend on the order in which the bank
was read, nor on how a version of Python shuffles: the same seed over the same bank is the same paper for ever.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Candidate", "Drawn", "Section", "Shortage", "arrange", "draw", "option_order", "shortages"]

IN_ORDER_KINDS = frozenset({"true_false"})  # 正确 stands before 错误, always


@dataclass(frozen=True, slots=True)
class Section:
    """So many questions of one kind from one bank; `tag` "" takes any. Each is worth `points`."""

    bank: int
    kind: str
    count: int
    points: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn."""

    question: int
    bank: int
    kind: str
    tag: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question of a paper."""

    question: int
    kind: str
    points: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """Section number `place` (from 0) wants more questions than are left for it."""

    place: int
    wanted: int
    found: int


def _rank(seed: str, *parts: object) -> bytes:
    return hashlib.sha256("\n".join((seed, *map(str, parts))).encode()).digest()


def _picked(sections: Sequence[Section], pool: Iterable[Candidate], seed: str) -> list[list[Candidate]]:
    """For each section what it gets, at most its count. Sections with a tag choose first: what they may take is a part
    of what the untagged ones may take, so this order finds a paper whenever there is one.
    """
    left = {candidate.question: candidate for candidate in pool}
    picked: list[list[Candidate]] = [[] for _section in sections]
    for place in sorted(range(len(sections)), key=lambda n: (not sections[n].tag, n)):
        section = sections[place]
        fitting = [
            c for c in left.values() if (c.bank, c.kind) == (section.bank, section.kind) and section.tag in ("", c.tag)
        ]
        fitting.sort(key=lambda c: _rank(seed, "question", place, c.question))
        picked[place] = fitting[: section.count]
        for candidate in picked[place]:
            del left[candidate.question]
    return picked


def shortages(sections: Sequence[Section], pool: Iterable[Candidate]) -> list[Shortage]:
    """Sections for which the pool is too small; none = every seed finds a paper."""
    picked = _picked(sections, pool, "")
    return [
        Shortage(place, section.count, len(picked[place]))
        for place, section in enumerate(sections)
        if len(picked[place]) < section.count
    ]


def option_order(seed: str, question: int, kind: str, options: int) -> tuple[int, ...]:
    """Place i of the paper shows option `order[i]` of the bank's question."""
    places = range(options)
    if kind in IN_ORDER_KINDS:
        return tuple(places)
    return tuple(sorted(places, key=lambda index: _rank(seed, "option", question, index)))


def draw(sections: Sequence[Section], pool: Iterable[Candidate], seed: str) -> list[Drawn]:
    """A paper: the sections in their order, inside each a random order. Ask `shortages` first."""
    picked = _picked(sections, pool, seed)
    return [
        Drawn(c.question, c.kind, section.points)
        for section, chosen in zip(sections, picked, strict=True)
        for c in chosen
    ]


def arrange(paper: Sequence[Drawn], seed: str) -> list[Drawn]:
    """A fixed paper in one person's order: kinds stay together, in the order of their first question."""
    kinds = list(dict.fromkeys(drawn.kind for drawn in paper))
    return sorted(paper, key=lambda drawn: (kinds.index(drawn.kind), _rank(seed, "question", "fixed", drawn.question)))
