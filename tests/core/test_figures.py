"""Measures, rounding, the 算法 line; and the canonical form of evidence."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.evidence import EvidenceRow, canonical, canonical_lines, digest, from_canonical
from yanxiu.core.figures import FigureDefinition, display, figure_of_rows, measure, rounded

BASE = FigureDefinition(
    key="k", version=1, label_zh="某数", label_en="some", unit="人", unit_en="persons", source_fact="fact", measure="count",
    filter="口径", filter_en="d", population="registered", dedup_key="person", window="class", attempt_policy="none",
    rounding_mode="floor", rounding_places=0, rounding_stage="total", late_policy="as_recorded",
)  # fmt: skip
MINUTES = replace(BASE, measure="sum", divisor=60_000)
MEAN_MINUTES = replace(BASE, measure="ratio", divisor=60_000)
MEAN = replace(BASE, measure="mean")
RATE = replace(BASE, measure="ratio", scale=100)


def row(who: int, quantity: int = 1, what: str = "", part: str = "numerator", ref: str = "x:1") -> EvidenceRow:
    return EvidenceRow(who, what, 0, quantity, ref, part)


@pytest.mark.parametrize(
    ("value", "floor", "half_up", "half_even", "ceil"),
    [
        ("1716.74", 1716, 1717, 1717, 1717),  # the 2017 report prints 1716
        ("0.5", 0, 1, 0, 1),
        ("1.5", 1, 2, 2, 2),
        ("2.5", 2, 3, 2, 3),
        ("73", 73, 73, 73, 73),
        ("72.9999999999", 72, 73, 73, 73),
    ],
)
def test_four_ways_of_rounding(value: str, floor: int, half_up: int, half_even: int, ceil: int) -> None:
    modes = {"floor": floor, "half_up": half_up, "half_even": half_even, "ceil": ceil}
    assert {mode: rounded(Fraction(value), mode, 0) for mode in modes} == modes


def test_places_after_the_point_are_whole_units_of_the_last_place() -> None:
    assert rounded(Fraction(81, 200) * 100, "floor", 1) == 405
    assert (display(405, 1), display(5, 2), display(None, 1), display(1716, 0)) == ("40.5", "0.05", "—", "1716")


def test_an_unknown_rounding_is_an_error() -> None:
    with pytest.raises(KeyError):
        rounded(Fraction(1), "sideways", 0)


@pytest.mark.parametrize(
    ("definition", "rows", "number", "formula"),
    [
        (BASE, [row(1), row(1), row(2)], 3, "计数：3"),
        (replace(BASE, measure="count_distinct"), [row(1), row(1), row(2)], 2, "3 条记录去重 = 2"),
        (MINUTES, [row(1, 90_000), row(2, 89_999)], 2, "合计 2.99…，截尾取整 2"),
        (MINUTES, [row(1, 120_000)], 2, "合计 2"),
        (MEAN, [row(1, 73), row(2, 74)], 73, "147 ÷ 2 = 73.50，截尾取整 73"),
        (MEAN, [], None, "0 ÷ 0：没有可除的人数，不计算"),
        (RATE, [row(1), row(2, 3, part="denominator")], 33, "1 ÷ 3 × 100% = 33.33…，截尾取整 33"),
        (RATE, [row(1), row(2), row(0, 1, part="denominator")], 200, "2 ÷ 1 × 100% = 200"),
        (MEAN_MINUTES, [row(1, 600_000), row(2, part="denominator")], 10, "10 ÷ 1 = 10"),
        (MEAN_MINUTES, [row(1, 600_000)], None, "10 ÷ 0：没有可除的人数，不计算"),
    ],
)
def test_measure_and_its_formula(
    definition: FigureDefinition, rows: list[EvidenceRow], number: int | None, formula: str
) -> None:
    value = figure_of_rows(definition, rows)
    assert (value.number, value.formula, value.evidence_count) == (number, formula, len(rows))
    assert measure(definition, rows) == number
    assert value.evidence_digest == digest(rows)


def test_rounding_each_learner_first_loses_the_parts_of_minutes() -> None:
    rows = [
        row(1, 59_999, "a"),
        row(1, 1, "b"),
        row(2, 119_999),
        row(3, 59_999),
    ]  # 1, 1 and 0 whole minutes; 3.99… in all
    assert measure(MINUTES, rows) == 3
    per_row = replace(MINUTES, rounding_stage="per_row")
    assert measure(per_row, rows) == 2
    assert (figure_of_rows(per_row, rows).number, figure_of_rows(per_row, rows).evidence_count) == (2, 4)
    mean = replace(MEAN_MINUTES, rounding_stage="per_row")
    assert measure(mean, [*rows, row(9, 2, part="denominator")]) == 1  # 2 whole minutes ÷ 2


def test_json_of_a_figure_says_what_was_counted_and_how() -> None:
    value = figure_of_rows(BASE, [row(1)])
    assert value.as_json() == {
        "key": "k", "value": 1, "display": "1", "unit": "人", "label": "某数", "definition": "口径", "version": 1,
        "formula": "计数：1", "evidence_count": 1, "evidence_digest": digest([row(1)]),
    }  # fmt: skip


ROWS = st.lists(
    st.builds(
        EvidenceRow,
        who=st.integers(0, 5),
        what=st.sampled_from(["", "round:1", "round:2"]),
        at_ms=st.integers(0, 10**13),
        quantity=st.integers(0, 10**9),
        ref=st.sampled_from(["post:1", "post:2", "enrolment:10"]),
        part=st.sampled_from(["numerator", "denominator"]),
    ),
    max_size=20,
)
ALL = [
    replace(BASE, measure=m, divisor=d)
    for m in ("count", "count_distinct", "sum", "mean", "ratio")
    for d in (1, 60_000)
]


@given(ROWS, st.randoms())
def test_the_order_of_rows_changes_neither_number_nor_digest(rows: list[EvidenceRow], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over a random.Random
    assert canonical(rows) == canonical(shuffled)
    assert [measure(d, rows) for d in ALL] == [measure(d, shuffled) for d in ALL]


@given(ROWS)
def test_the_canonical_form_gives_the_rows_back(rows: list[EvidenceRow]) -> None:
    assert canonical(from_canonical(canonical(rows))) == canonical(rows)
    assert sorted(map(repr, from_canonical(canonical(rows)))) == sorted(map(repr, rows))


@given(ROWS)
def test_lines_put_together_by_a_database_equal_the_canonical_form(rows: list[EvidenceRow]) -> None:
    parts = [
        (part, "\n".join(f'{r.who},"{r.what}",{r.at_ms},{r.quantity},"{r.ref}"]' for r in rows if r.part == part))
        for part in ("numerator", "denominator")
    ]
    assert canonical_lines(parts) == canonical(rows)


@given(st.integers(0, 10**12), st.integers(1, 10**5))
def test_the_mean_lies_within_a_minute_of_the_total(total_ms: int, people: int) -> None:
    rows = [row(1, total_ms), row(0, people, part="denominator")]
    mean = measure(MEAN_MINUTES, rows)
    assert mean is not None
    assert people * mean <= Fraction(total_ms, 60_000) < people * (mean + 1)


def test_one_changed_quantity_changes_the_digest() -> None:
    assert digest([row(1, 1), row(2, 1)]) != digest([row(1, 1), row(2, 2)])
