"""Credit hours: the same minutes under different rules."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.rules.credit_hours import MINUTE_MS, credit_hours, in_force, read_rules

RULES = read_rules(
    {
        "rule": [
            {
                "rule_id": "m@1", "kind": "minutes", "label_zh": "45 分钟", "article": "", "source_url": "",
                "minutes_an_hour": 45,
            },
            {
                "rule_id": "b@1", "kind": "bands", "label_zh": "分档", "article": "", "source_url": "",
                "hours_a_test": "1/2", "effective_from": date(2023, 1, 1), "effective_to": date(2027, 12, 31),
                "bands": [
                    {"minutes": 0, "hours": "1/4", "longer_than": True},
                    {"minutes": 15, "hours": "1/2", "longer_than": True},
                    {"minutes": 30, "hours": "1"},
                ],
            },
            {
                "rule_id": "p@1", "kind": "in_person", "label_zh": "面授", "article": "", "source_url": "",
                "hours_a_day": 8, "hours_a_half_day": 4,
            },
        ]
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "hours"), [(0, "0"), (4.49, "0"), (4.5, "1/10"), (45, "1"), (89, "19/10"), (1635, "363/10")]
)
def test_forty_five_minutes_are_an_hour_and_parts_are_cut_off(minutes: float, hours: str) -> None:
    assert credit_hours(RULES["m@1"], credited_ms=int(minutes * MINUTE_MS)) == Fraction(hours)


@pytest.mark.parametrize(
    ("minutes", "hours"), [(1, "1/4"), (15, "1/4"), (16, "1/2"), (29, "1/2"), (30, "1"), (90, "1")]
)
def test_bands_go_by_the_length_of_a_finished_lesson(minutes: int, hours: str) -> None:
    length = minutes * MINUTE_MS
    assert credit_hours(RULES["b@1"], credited_ms=length, duration_ms=length) == Fraction(hours)
    assert credit_hours(RULES["b@1"], credited_ms=length - 1, duration_ms=length) == 0


def test_a_lesson_without_length_is_never_finished_and_a_test_is_half_an_hour() -> None:
    assert credit_hours(RULES["b@1"], credited_ms=0, duration_ms=0) == 0
    assert credit_hours(RULES["b@1"], tests=3) == Fraction(3, 2)


@pytest.mark.parametrize(("half_days", "hours", "credit"), [(1, 0, 4), (2, 0, 8), (3, 0, 12), (0, 3, 3), (0, 12, 8)])
def test_attendance_in_person(half_days: int, hours: int, credit: int) -> None:
    assert credit_hours(RULES["p@1"], half_days=half_days, hours=hours) == credit


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    rule = RULES["b@1"]
    days = (date(2022, 12, 31), date(2023, 1, 1), date(2027, 12, 31), date(2028, 1, 1))
    assert [in_force(rule, day) for day in days] == [False, True, True, False]
    assert in_force(RULES["m@1"], date(1990, 1, 1))


def test_two_rules_of_one_id_are_an_error() -> None:
    row = {"rule_id": "x@1", "kind": "minutes", "label_zh": "", "article": "", "source_url": "", "minutes_an_hour": 45}
    with pytest.raises(ValueError, match="twice"):
        read_rules({"rule": [row, row]})


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_more_study_is_never_worth_less_and_cutting_never_gains(a: int, b: int) -> None:
    rule = RULES["m@1"]
    one, other, both = (credit_hours(rule, credited_ms=ms) for ms in (a, b, a + b))
    assert both >= one + other
    assert both * 45 * MINUTE_MS <= a + b
