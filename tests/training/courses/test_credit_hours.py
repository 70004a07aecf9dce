"""The credit-hour rules that are shipped."""

from datetime import date
from fractions import Fraction

import pytest

from yanxiu.training.courses.credit_hours import credit_hour_rules, credit_hours, rules_in_force


def test_the_shipped_rules_are_read_and_say_where_they_come_from() -> None:
    rules = credit_hour_rules()
    assert set(rules) == {"minutes-45@1", "yunnan-2023@1", "in-person@1"}
    assert all(rule.article and rule.source_url.startswith("http") for rule in rules.values())


def test_the_same_lesson_under_two_rules() -> None:
    length = 30 * 60_000
    assert credit_hours("minutes-45@1", length, length) == Fraction(6, 10)
    assert credit_hours("yunnan-2023@1", length, length) == 1
    with pytest.raises(KeyError):
        credit_hours("no-such-rule@1", length)


def test_a_class_of_2017_does_not_get_a_rule_of_2023() -> None:
    assert [rule.rule_id for rule in rules_in_force(date(2017, 6, 10))] == ["minutes-45@1", "in-person@1"]
