"""Sets of instants and local days."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.time import clock
from yanxiu.core.time.intervals import intersect, measure, subtract, union
from yanxiu.core.time.windows import day_start_ms, local_day, split_days, window

SETS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def points(intervals: list[tuple[int, int]]) -> set[int]:
    return {t for a, b in intervals for t in range(a, b)}


@given(SETS, SETS)
def test_the_algebra_is_that_of_sets(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    assert points(union(a + b)) == points(a) | points(b)
    assert points(intersect(a, b)) == points(a) & points(b)
    assert points(subtract(a, b)) == points(a) - points(b)
    assert measure(a) == len(points(a))


@given(SETS)
def test_a_set_has_one_form(a: list[tuple[int, int]]) -> None:
    assert union(a) == union(reversed(a)) == union(a + a) == subtract(a, []) == intersect(a, a)


def test_the_whole_last_day_belongs_to_a_window() -> None:
    opens, closes = window(date(2017, 6, 10), date(2017, 7, 21), "Asia/Shanghai")
    assert (opens.isoformat(), closes.isoformat()) == ("2017-06-09T16:00:00+00:00", "2017-07-21T16:00:00+00:00")


def test_a_leap_day_is_a_day_of_its_own() -> None:
    start = day_start_ms(date(2024, 2, 28), "Asia/Shanghai")
    days = [(day.isoformat(), b - a) for day, a, b in split_days(start + 1, start + 3 * 86_400_000, "Asia/Shanghai")]
    assert days == [("2024-02-28", 86_399_999), ("2024-02-29", 86_400_000), ("2024-03-01", 86_400_000)]


def test_days_of_23_and_25_hours_and_a_day_that_never_was() -> None:
    for zone, first in (("Europe/Berlin", date(2024, 3, 30)), ("Europe/Berlin", date(2024, 10, 26)),
                        ("Pacific/Apia", date(2011, 12, 29)), ("America/Havana", date(2024, 3, 9))):  # fmt: skip
        start = day_start_ms(first, zone)
        parts = list(split_days(start, start + 4 * 86_400_000, zone))
        assert sum(b - a for _, a, b in parts) == 4 * 86_400_000
        assert [day for day, _, _ in parts] == sorted({day for day, _, _ in parts})
        for day, a, b in parts:
            assert local_day(a, zone) == local_day(b - 1, zone) == day


def test_instants_survive_the_way_to_ms_and_back() -> None:
    for ms in (0, 1, 999, -1, 1_709_136_000_001):
        assert clock.to_ms(clock.from_ms(ms)) == ms
