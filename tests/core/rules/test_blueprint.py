"""Papers drawn from a blueprint: reproducible, complete, never a question twice."""

import random

from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.rules.blueprint import Candidate, Drawn, Section, Shortage, arrange, draw, option_order, shortages

POOL = [Candidate(n, n % 2, ("single", "essay")[n % 3 == 0], ("", "党章", "管理")[n % 3] ) for n in range(1, 61)]  # fmt: skip


def test_the_same_seed_is_the_same_paper_in_whatever_order_the_bank_is_read() -> None:
    sections = [Section(0, "single", 5, 10), Section(1, "single", 5, 10, "党章")]
    mixed = random.Random(4).sample(POOL, len(POOL))
    assert draw(sections, POOL, "seed") == draw(sections, mixed, "seed")
    assert draw(sections, POOL, "seed") != draw(sections, POOL, "another")


def test_a_drawing_is_pinned_for_ever() -> None:
    """A new version of Python, or of this module, must not deal other papers for stored seeds."""
    assert [drawn.question for drawn in draw([Section(0, "single", 4, 25)], POOL, "2017")] == [32, 22, 56, 2]
    assert option_order("2017", 7, "single", 4) == (2, 3, 0, 1)


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["single", "essay"]), st.integers(1, 12),
                          st.sampled_from(["", "党章", "管理"])), max_size=6), st.text(max_size=5))  # fmt: skip
def test_a_paper_fits_its_blueprint_and_asks_nothing_twice(rows: list[tuple[int, str, int, str]], seed: str) -> None:
    sections = [Section(bank, kind, count, place + 1, tag) for place, (bank, kind, count, tag) in enumerate(rows)]
    by_id = {candidate.question: candidate for candidate in POOL}
    paper = draw(sections, POOL, seed)
    assert len({drawn.question for drawn in paper}) == len(paper)
    short = {each.place: each for each in shortages(sections, POOL)}
    place_of = {section.points: place for place, section in enumerate(sections)}
    for place, section in enumerate(sections):
        mine = [by_id[d.question] for d in paper if place_of[d.points] == place]
        assert all((c.bank, c.kind) == (section.bank, section.kind) and section.tag in ("", c.tag) for c in mine)
        assert len(mine) == (short[place].found if place in short else section.count)


def test_untagged_sections_leave_tagged_ones_what_only_they_can_use() -> None:
    pool = [Candidate(1, 1, "single", "党章"), Candidate(2, 1, "single", "")]
    sections = [Section(1, "single", 1, 50), Section(1, "single", 1, 50, "党章")]
    assert shortages(sections, pool) == []
    assert draw(sections, pool, "any") == [Drawn(2, "single", 50), Drawn(1, "single", 50)]


def test_a_bank_too_small_is_named() -> None:
    assert shortages([Section(0, "single", 99, 1)], POOL) == [Shortage(0, 99, 20)]
    assert shortages([Section(9, "single", 1, 100)], POOL) == [Shortage(0, 1, 0)]


def test_a_fixed_paper_in_ones_own_order_keeps_kinds_together() -> None:
    paper = [Drawn(n, "single", 5) for n in range(10)] + [Drawn(n, "essay", 25) for n in range(10, 12)]
    mine = arrange(paper, "mine")
    assert sorted(mine, key=lambda d: d.question) == paper
    assert mine != paper
    assert [d.kind for d in mine] == [d.kind for d in paper]


def test_options_are_a_permutation_and_right_stands_before_wrong() -> None:
    orders = {option_order(f"s{n}", 7, "single", 4) for n in range(50)}
    assert len(orders) > 10
    assert all(sorted(order) == [0, 1, 2, 3] for order in orders)
    assert {option_order(f"s{n}", 7, "true_false", 2) for n in range(50)} == {(0, 1)}
