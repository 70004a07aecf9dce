"""Marking, pure: what an answer must look like, and what a paper with its answers is worth."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yanxiu.core.text import clean_line

__all__ = [
    "CHOICE_KINDS", "KINDS", "PARTIAL_RULES", "GivenAnswer", "KeyedQuestion", "is_possible", "normal_text", "points_of",
    "question_points",
]  # fmt: skip

CHOICE_KINDS = ("single", "multiple", "true_false")
KINDS = (*CHOICE_KINDS, "fill_in", "essay")
PARTIAL_RULES = ("none", "half", "share")  # of a multiple choice with some right options and no wrong one


@dataclass(frozen=True, slots=True)
class KeyedQuestion:
    """One question of a paper with its key; stays on the server. `accepted`: right texts of a fill-in."""

    num: int
    kind: str
    key: tuple[int, ...]
    points: int
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered; `mark`: what a tutor gave an essay, None before."""

    choice: tuple[int, ...] = ()
    text: str = ""
    mark: int | None = None


NOTHING = GivenAnswer()


def is_possible(kind: str, options: int, choice: Sequence[int]) -> bool:
    """Distinct indexes of existing options; at most one of them unless the question is a multiple one."""
    in_range = all(type(index) is int and 0 <= index < options for index in choice)
    return in_range and len(set(choice)) == len(choice) and (kind == "multiple" or len(choice) <= 1)


def normal_text(text: str) -> str:
    """A fill-in as it is compared: full and half width alike, spaces around gone, runs of them one, case ignored."""
    return clean_line(unicodedata.normalize("NFKC", text)).casefold()


def _multiple(question: KeyedQuestion, chosen: set[int], partial: str) -> int:
    key = set(question.key)
    if chosen == key:
        return question.points
    if not chosen or chosen - key or partial == "none":
        return 0
    return question.points // 2 if partial == "half" else question.points * len(chosen) // len(key)


def question_points(question: KeyedQuestion, given: GivenAnswer, partial: str = "none") -> int | None:
    """Points for one answer, whole ones, rounded down; None for an essay that nobody has marked yet."""
    if question.kind == "essay":
        return given.mark if given.text else 0
    if question.kind == "fill_in":
        typed = normal_text(given.text)
        return question.points if typed and typed in {normal_text(text) for text in question.accepted} else 0
    return _multiple(question, set(given.choice), partial)


def points_of(paper: Sequence[KeyedQuestion], answers: Mapping[int, GivenAnswer], partial: str = "none") -> int | None:
    """The score of a paper by number of question; None while an essay waits for its mark."""
    total = 0
    for question in paper:
        points = question_points(question, answers.get(question.num, NOTHING), partial)
        if points is None:
            return None
        total += points
    return total
