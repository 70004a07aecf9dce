"""雷同: which passages of one Chinese text are also in another, as exact spans.

Only letters, digits and ideographs take part, full-width ones as their ordinary form and without case: white space,
punctuation and invisible fillers hide nothing. Two texts share a passage where at least `PASSAGE` of these characters agree
in runs of `SEED` or more that follow each other closely in both; what lies between the runs is not counted. Blocks may stand
in another order. Pure functions, versioned by `VERSION`: what was found stays explainable.
"""

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["SEED", "VERSION", "Folded", "Passage", "fold", "passages", "per_mille", "shingles", "united"]

VERSION = 1
SEED = 4  # characters of a shingle, and of the shortest run that is looked at
PASSAGE = 13  # agreeing characters that make a passage; shorter agreement is common usage
GAP = 12  # characters that may differ between two runs of one passage
MOST_PLACES = 12  # places of one shingle that are followed; more of them is repetition, not text

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Folded:
    """The characters that take part, and where each stands in the text."""

    chars: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """[start, end) of the characters as a stretch of the text."""
        return self.places[start], self.places[end - 1] + 1


def _takes_part(char: str) -> bool:
    return unicodedata.category(char)[0] in "LN" or 0x20000 <= ord(char) < 0x40000


def fold(text: str, left_out: Sequence[Span] = ()) -> Folded:
    """The characters of a text that take part; those inside `left_out` (quotations) do not."""
    chars: list[str] = []
    places: list[int] = []
    starts = [start for start, _end in left_out]
    for place, char in enumerate(text):
        if starts:
            before = bisect_right(starts, place) - 1
            if before >= 0 and place < left_out[before][1]:
                continue
        for one in unicodedata.normalize("NFKC", char).lower():
            if _takes_part(one):
                chars.append(one)
                places.append(place)
    return Folded("".join(chars), tuple(places))


def shingles(folded: Folded, size: int = SEED) -> set[str]:
    """The distinct shingles; a text shorter than one shingle is one shingle by itself."""
    chars = folded.chars
    if len(chars) <= size:
        return {chars} if chars else set()
    return {chars[at : at + size] for at in range(len(chars) - size + 1)}


@dataclass(slots=True)
class Passage:
    """Runs (place in mine, place in theirs, length) of folded characters, close together and in the same order."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def agreeing(self) -> int:
        return sum(length for _mine, _theirs, length in self.runs)

    @property
    def mine(self) -> Span:
        return self.runs[0][0], self.runs[-1][0] + self.runs[-1][2]

    @property
    def theirs(self) -> Span:
        return self.runs[0][1], self.runs[-1][1] + self.runs[-1][2]


def _index(chars: str) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for at in range(len(chars) - SEED + 1):
        known = places[chars[at : at + SEED]]
        if len(known) < MOST_PLACES:
            known.append(at)
    return places


def _runs(mine: str, theirs: str) -> list[tuple[int, int, int]]:
    """Maximal agreeing runs, in the order of mine."""
    index = _index(theirs)
    open_runs: dict[int, tuple[int, int]] = {}  # by diagonal: start in mine, end in mine
    found: list[tuple[int, int, int]] = []
    for at in range(len(mine) - SEED + 1):
        for there in index.get(mine[at : at + SEED], ()):
            diagonal = there - at
            start, end = open_runs.get(diagonal, (-1, -1))
            if end == at + SEED - 1:
                open_runs[diagonal] = start, end + 1
            else:
                if end >= 0:
                    found.append((start, start + diagonal, end - start))
                open_runs[diagonal] = at, at + SEED
    found += [(start, start + diagonal, end - start) for diagonal, (start, end) in open_runs.items()]
    return sorted(found)


def _joins(passage: Passage, mine: int, theirs: int) -> bool:
    end_mine, end_theirs = passage.mine[1], passage.theirs[1]
    return -SEED < mine - end_mine <= GAP and -SEED < theirs - end_theirs <= GAP


def _chained(runs: Iterable[tuple[int, int, int]]) -> list[Passage]:
    """Runs joined greedily to the passage that ends nearest before them."""
    done: list[Passage] = []
    live: list[Passage] = []
    for mine, theirs, length in runs:
        near = [passage for passage in live if passage.mine[1] + GAP >= mine]
        if len(near) != len(live):
            done += [passage for passage in live if passage.mine[1] + GAP < mine]
            live = near
        able = [passage for passage in live if _joins(passage, mine, theirs)]
        if not able:
            live.append(Passage([(mine, theirs, length)]))
            continue
        best = min(able, key=lambda p: abs(mine - p.mine[1]) + abs(theirs - p.theirs[1]))
        skip = max(0, best.mine[1] - mine, best.theirs[1] - theirs)
        if skip < length:
            best.runs.append((mine + skip, theirs + skip, length - skip))
    return done + live


def passages(mine: Folded, theirs: Folded) -> list[Passage]:
    """What mine shares with theirs, in the order of mine."""
    chained = _chained(_runs(mine.chars, theirs.chars))
    kept = [passage for passage in chained if passage.agreeing >= PASSAGE]
    return sorted(kept, key=lambda passage: passage.mine)


def united(spans: Iterable[Span]) -> list[Span]:
    """The union of spans, none touching another."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def per_mille(spans: Iterable[Span], length: int) -> int:
    """Thousandths of `length` that the union of the spans covers, cut off; 0 of nothing."""
    covered = sum(end - start for start, end in united(spans))
    return covered * 1000 // length if length else 0
