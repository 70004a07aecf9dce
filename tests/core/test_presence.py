"""When presence challenges are due, and which ids are ours."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from yanxiu.core.presence import challenge_id, due_of, dues, next_due
from yanxiu.core.time.windows import day_start_ms

KEY, OTHER = b"k" * 32, b"o" * 32
MINUTE = 60_000
EVERY = (8 * MINUTE, 20 * MINUTE)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "Asia/Urumqi")


@settings(max_examples=60, deadline=None, database=None)
@given(st.integers(1, 10**9), st.dates(date(2016, 2, 27), date(2028, 3, 2)), st.sampled_from(ZONES))
def test_due_moments_are_8_to_20_minutes_apart_over_midnights_leap_days_and_changes_of_the_clock(
    person: int, day: date, zone: str
) -> None:
    found = [due for n in range(3) for due in dues(KEY, person, day + timedelta(days=n), zone, EVERY)]
    gaps = [b - a for a, b in pairwise(found)]
    assert EVERY[0] <= min(gaps)
    assert max(gaps) <= EVERY[1]
    assert day_start_ms(day, zone) <= found[0] < day_start_ms(day, zone) + EVERY[0]


def test_they_differ_between_people_days_and_installations_and_fill_the_whole_range() -> None:
    day = date(2017, 6, 22)
    mine = dues(KEY, 7, day, "Asia/Shanghai", EVERY)
    others = [dues(KEY, 8, day, "Asia/Shanghai", EVERY), dues(OTHER, 7, day, "Asia/Shanghai", EVERY)]
    assert all(set(mine).isdisjoint(other) for other in others)
    many = [dues(KEY, n, day, "Asia/Shanghai", EVERY) for n in range(40)]
    gaps = [b - a for found in many for a, b in pairwise(found)]
    counts = [sum(low <= gap < low + 2 * MINUTE for gap in gaps) for low in range(8 * MINUTE, 20 * MINUTE, 2 * MINUTE)]
    assert min(counts) > len(gaps) / 12  # six equal parts would have a sixth each


@given(st.integers(0, 3 * 24 * 60))
def test_the_next_due_moment_is_the_first_after_an_instant(minute: int) -> None:
    start = day_start_ms(date(2017, 6, 21), "Asia/Shanghai") + minute * MINUTE
    every = [d for n in range(6) for d in dues(KEY, 7, date(2017, 6, 20) + timedelta(days=n), "Asia/Shanghai", EVERY)]
    assert next_due(KEY, 7, start, "Asia/Shanghai", EVERY) == min(due for due in every if due > start)
    assert next_due(KEY, 7, every[minute % 100], "Asia/Shanghai", EVERY) == every[minute % 100 + 1]


def test_spacings_that_cannot_be_bridged_exactly_still_go_on() -> None:
    found = dues(KEY, 7, date(2017, 6, 22), "Asia/Shanghai", (19 * MINUTE, 20 * MINUTE))
    assert 70 <= len(found) <= 77


def test_an_id_is_of_one_person_one_moment_and_this_installation() -> None:
    mine = challenge_id(KEY, 7, 1_498_100_000_000)
    assert due_of(KEY, 7, mine) == 1_498_100_000_000
    for person, key, id_ in ((8, KEY, mine), (7, OTHER, mine), (7, KEY, mine + "0"), (7, KEY, mine[:-1]), (7, KEY, "")):
        assert due_of(key, person, id_) is None
    for nonsense in ("-", "zz-00", "1-", "中-文", "f" * 65, f"{1:x}-{mine.partition('-')[2]}", " " + mine):
        assert due_of(KEY, 7, nonsense) is None
