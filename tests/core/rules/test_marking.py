"""Marking: what each kind is worth."""

import pytest

from yanxiu.core.rules.marking import GivenAnswer, KeyedQuestion, is_possible, normal_text, points_of, question_points


def test_marking_gives_all_points_or_none() -> None:
    paper = [KeyedQuestion(1, "single", (1,), 40), KeyedQuestion(2, "multiple", (0, 2), 60)]
    assert points_of(paper, {1: GivenAnswer((1,)), 2: GivenAnswer((2, 0))}) == 100
    assert points_of(paper, {1: GivenAnswer(), 2: GivenAnswer((0,))}) == 0
    assert points_of(paper, {}) == 0


@pytest.mark.parametrize(
    ("choice", "none", "half", "share"),
    [((0, 1, 3), 10, 10, 10), ((0,), 0, 5, 3), ((0, 1), 0, 5, 6), ((0, 2), 0, 0, 0), ((), 0, 0, 0), ((0, 1, 2, 3), 0, 0, 0)],
)  # fmt: skip
def test_partial_credit_of_a_multiple_choice(choice: tuple[int, ...], none: int, half: int, share: int) -> None:
    question = KeyedQuestion(1, "multiple", (0, 1, 3), 10)
    given = GivenAnswer(choice)
    assert [question_points(question, given, rule) for rule in ("none", "half", "share")] == [none, half, share]


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("民主集中制", 5), ("  民主集中制 ", 5), ("ＭＺＪＺ", 5), ("mzjz", 5), ("民主集中制\u200b", 5), ("democratic  Centralism", 5),
        ("民主", 0), ("", 0), (" ", 0),
    ],
)  # fmt: skip
def test_a_fill_in_ignores_width_case_and_space(typed: str, points: int) -> None:
    question = KeyedQuestion(1, "fill_in", (), 5, ("民主集中制", "MZJZ", "Democratic centralism"))
    assert question_points(question, GivenAnswer(text=typed)) == points


def test_half_and_full_width_are_one() -> None:
    assert normal_text("（ＡＢＣ），１２３") == normal_text("(abc),123")


def test_a_score_is_final_only_when_every_essay_is_marked() -> None:
    paper = [KeyedQuestion(1, "single", (0,), 40), KeyedQuestion(2, "essay", (), 60)]
    assert points_of(paper, {1: GivenAnswer((0,)), 2: GivenAnswer(text="文章")}) is None
    assert points_of(paper, {1: GivenAnswer((0,)), 2: GivenAnswer(text="文章", mark=45)}) == 85
    assert points_of(paper, {1: GivenAnswer((0,))}) == 40  # an essay left empty needs nobody


def test_a_choice_is_a_set_of_existing_indexes() -> None:
    assert is_possible("multiple", 3, [0, 2])
    assert is_possible("single", 3, [])
    assert not is_possible("single", 3, [0, 1])
    assert not is_possible("multiple", 3, [0, 3])
