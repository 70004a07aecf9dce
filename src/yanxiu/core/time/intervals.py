"""Sets of instants as sorted lists of half-open intervals [a, b) of whole milliseconds.

Every function takes intervals in any order, overlapping, touching, doubled or empty, and returns the one canonical form
of the set: sorted, disjoint, not touching, none empty. A set has no arrival order, so a re-sent fact changes nothing.
"""

from collections.abc import Iterable

__all__ = ["Interval", "intersect", "measure", "subtract", "union"]

Interval = tuple[int, int]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The set of all instants in any of them."""
    merged: list[Interval] = []
    for a, b in sorted(intervals):
        if b <= a:
            continue
        if merged and a <= merged[-1][1]:
            if b > merged[-1][1]:
                merged[-1] = (merged[-1][0], b)
        else:
            merged.append((a, b))
    return merged


def intersect(a: Iterable[Interval], b: Iterable[Interval]) -> list[Interval]:
    """The instants in both."""
    left, right = union(a), union(b)
    both: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i][0], right[j][0])
        end = min(left[i][1], right[j][1])
        if start < end:
            both.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return both


def subtract(a: Iterable[Interval], b: Iterable[Interval]) -> list[Interval]:
    """The instants in `a` that are not in `b`."""
    holes = union(b)
    rest: list[Interval] = []
    j = 0
    for start, end in union(a):
        while j < len(holes) and holes[j][1] <= start:
            j += 1
        k, at = j, start
        while k < len(holes) and holes[k][0] < end:
            if at < holes[k][0]:
                rest.append((at, holes[k][0]))
            at = max(at, holes[k][1])
            k += 1
        if at < end:
            rest.append((at, end))
    return rest


def measure(intervals: Iterable[Interval]) -> int:
    """How many whole milliseconds the set holds."""
    return sum(b - a for a, b in union(intervals))
