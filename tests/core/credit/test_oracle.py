"""credit_v1 against the ms-by-ms oracle, on random worlds."""

from core.credit.oracle import Rules, Tab
from core.credit.worlds import MIXED, answers_of_oracle, answers_of_product, product, rule_sets, shuffled, worlds
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

MODEST = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)


@MODEST
@given(worlds(st.just(Rules())))
def test_parallel_tabs_rates_replays_and_midnights_agree_with_the_oracle(tabs: list[Tab]) -> None:
    assert answers_of_product(product(tabs)) == answers_of_oracle(tabs)


@MODEST
@given(worlds(st.just(Rules(tops_up=False, grace=45))))
def test_lost_contact_agrees_with_the_oracle(tabs: list[Tab]) -> None:
    assert answers_of_product(product(tabs)) == answers_of_oracle(tabs)


@MODEST
@given(worlds(st.sampled_from((Rules(seek=True, slack=10), Rules(seek=True, slack=40, tops_up=False)))))
def test_first_view_seek_agrees_with_the_oracle(tabs: list[Tab]) -> None:
    assert answers_of_product(product(tabs)) == answers_of_oracle(tabs)


@MODEST
@given(worlds(st.just(Rules(cap=60))))
def test_a_daily_cap_agrees_with_the_oracle(tabs: list[Tab]) -> None:
    assert answers_of_product(product(tabs)) == answers_of_oracle(tabs)


RELEASED_INTO_A_CAP = [
    Tab("s0", 1_498_060_800_000, 1, 1, 150, [(0, 45, 15, 60)], [], Rules(tops_up=False, seek=True, slack=10, grace=80)),
    Tab("s1", 1_498_060_800_150, 1, 1, 150, [(0, 16, 0, 16)], [], Rules(tops_up=False, slack=10, grace=25, cap=60)),
]


@MODEST
@example(RELEASED_INTO_A_CAP)
@given(MIXED)
def test_every_mix_of_rules_agrees_with_the_oracle(tabs: list[Tab]) -> None:
    assert answers_of_product(product(tabs)) == answers_of_oracle(tabs)


@MODEST
@given(st.data())
def test_windows_and_corrections_agree_with_the_oracle(data: st.DataObject) -> None:
    tabs = data.draw(worlds(st.just(Rules(grace=80))))
    start = min(tab.opened for tab in tabs)
    limit = st.none() | st.integers(0, 200).map(start.__add__)
    windows = {1: (data.draw(limit), data.draw(limit))}
    a = start + data.draw(st.integers(0, 150))
    corrected = [(a, a + data.draw(st.integers(1, 80)), data.draw(st.sampled_from((None, 1, 2))))]
    assert answers_of_product(product(tabs, windows, corrected)) == answers_of_oracle(tabs, windows, corrected)


@MODEST
@given(st.data())
def test_order_of_arrival_and_doubles_change_nothing(data: st.DataObject) -> None:
    tabs = data.draw(MIXED)
    assert answers_of_product(product(shuffled(data.draw, tabs))) == answers_of_product(product(tabs))


@MODEST
@given(worlds(rule_sets(), most_tabs=3))
def test_no_ms_is_lost_or_counted_twice(tabs: list[Tab]) -> None:
    """Every claimed ms is in one cell; lessons add up to the total; nobody earns more than wall time or the lesson."""
    credit = product(tabs)
    claimed = 0
    present = set()
    for tab in tabs:
        clamped = {(a, b, min(p, tab.duration), min(q, tab.duration)) for a, b, p, q in tab.spans}
        claimed += sum(b - a for a, b, _, _ in clamped)
        present |= {tab.opened + t for a, b, _, _ in clamped for t in range(a, b)}
    assert credit.total_ms + sum(credit.uncounted.values()) == claimed
    assert credit.total_ms == sum(lesson.credited_ms for lesson in credit.lessons.values())
    assert credit.total_ms <= len(present)
    assert all(lesson.credited_ms <= lesson.duration_ms for lesson in credit.lessons.values())
