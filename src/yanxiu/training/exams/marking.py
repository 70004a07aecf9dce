"""Marking, pure: what a choice must look like, and what a paper with its answers is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["KeyedQuestion", "is_possible", "points_of"]


@dataclass(frozen=True, slots=True)
class KeyedQuestion:
    """One question of a paper with its key; stays on the server."""

    num: int
    kind: str  # "single" | "multiple" | "true_false"
    key: tuple[int, ...]
    points: int


def is_possible(kind: str, options: int, choice: Sequence[int]) -> bool:
    """Distinct indexes of existing options; at most one of them unless the question is a multiple one."""
    in_range = all(type(index) is int and 0 <= index < options for index in choice)
    return in_range and len(set(choice)) == len(choice) and (kind == "multiple" or len(choice) <= 1)


def points_of(paper: Sequence[KeyedQuestion], answers: Mapping[int, Sequence[int]]) -> int:
    """All points of a question for exactly its key, else none (half a multiple choice is a wrong one)."""
    return sum(q.points for q in paper if sorted(answers.get(q.num, ())) == sorted(q.key))
