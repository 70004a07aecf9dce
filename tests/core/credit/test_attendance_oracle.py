"""credit_v3 against the ms-by-ms oracle that knows rooms, on random worlds; and what holds whatever happened."""

from dataclasses import replace

from core.credit.oracle import Answers, Attended, Granted, Oracle, Rules, Tab, Windows
from core.credit.test_oracle import MODEST
from core.credit.worlds import MIXED, answers_of_product, rule_sets, traces_of, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from yanxiu.core.credit import credit_v2, credit_v3
from yanxiu.core.credit import traces as shapes
from yanxiu.core.credit.presence_v1 import Asked, Miss
from yanxiu.core.credit.traces import Correction, CountingWindow, Grant, PersonCredit

Corrected = list[tuple[int, int, int | None]]
ROOMS = (11, 12, 13)  # lessons in person


@st.composite
def rooms(draw: st.DrawFn, tabs: list[Tab]) -> list[tuple[int, int, int, int]]:
    """Up to three sessions in person near the study, in two classes; they may overlap, or be empty (absent)."""
    start = min(tab.opened for tab in tabs)
    found = []
    for lesson in draw(st.lists(st.sampled_from(ROOMS), max_size=3, unique=True)):
        a = start + draw(st.integers(-40, 160))
        found.append((a, a + draw(st.sampled_from((0, 20, 60, 150))), draw(st.sampled_from((1, 2))), lesson))
    return found


def facts_of(attended: Attended) -> list[shapes.Attended]:
    return [shapes.Attended(who, what, 1, a, b, b - a, "Asia/Shanghai") for a, b, who, what in attended]


def product(
    tabs: list[Tab], attended: Attended, windows: Windows | None = None, corrected: Corrected | None = None,
    taken: list[tuple[int, int]] | None = None, granted: Granted = (),
) -> PersonCredit:  # fmt: skip
    traces, policies = traces_of(tabs)
    return credit_v3.credit_person(
        traces, policies, {who: CountingWindow(*window) for who, window in (windows or {}).items()},
        [Correction(*c) for c in corrected or ()], missed=[Miss(Asked("x", 0, 0, 0), a, b) for a, b in taken or ()],
        grants=[Grant(*g) for g in granted], attended=facts_of(attended),
    )  # fmt: skip


def oracle(
    tabs: list[Tab], attended: Attended, windows: Windows | None = None, corrected: Corrected | None = None,
    granted: Granted = (),
) -> Answers:  # fmt: skip
    told = Oracle(tabs, windows, corrected or [])
    told.attended, told.granted = attended, granted
    told.run()
    return dict(told.cells), dict(told.lost)


@settings(MODEST, max_examples=25)
@given(st.data())
def test_rooms_and_screens_agree_with_the_oracle(data: st.DataObject) -> None:
    tabs = data.draw(MIXED)
    attended = data.draw(rooms(tabs))
    assert answers_of_product(product(tabs, attended)) == oracle(tabs, attended)


@settings(MODEST, max_examples=15)
@given(st.data())
def test_windows_corrections_and_appeals_of_attendance_agree_with_the_oracle(data: st.DataObject) -> None:
    tabs = data.draw(worlds(st.just(Rules(grace=80)), most_tabs=2))
    attended = data.draw(rooms(tabs))
    start = min(tab.opened for tab in tabs)
    limit = st.none() | st.integers(0, 200).map(start.__add__)
    windows = {1: (data.draw(limit), data.draw(limit))}
    a = start + data.draw(st.integers(0, 150))
    corrected: Corrected = [(a, a + 60, data.draw(st.sampled_from((None, 1, 2))))]
    granted = [(a + 10, a + 40, 1, data.draw(st.sampled_from((1, *ROOMS))), "corrected")]
    found = product(tabs, attended, windows, corrected, granted=granted)
    assert answers_of_product(found) == oracle(tabs, attended, windows, corrected, granted)


@settings(MODEST, max_examples=15)
@given(st.data())
def test_nobody_is_in_two_places_and_every_ms_is_in_one_cell(data: st.DataObject) -> None:
    """With missed challenges too: rooms are never taken away by them, and totals never exceed the time that passed."""
    tabs = [replace(tab, rules=replace(tab.rules, challenged=True)) for tab in data.draw(MIXED)]
    attended = data.draw(rooms(tabs))
    a = tabs[0].opened + data.draw(st.integers(0, 100))
    taken = [(a, a + 60)] if data.draw(st.booleans()) else []
    credit, rests = product(tabs, attended, taken=taken), product([], attended)
    instants = {t for a, b, *_ in attended for t in range(a, b)}
    assert rests.total_ms == len(instants)
    claimed = sum(b - a for a, b, *_ in attended)
    for tab in tabs:
        clamped = {(x, y, min(p, tab.duration), min(q, tab.duration)) for x, y, p, q in tab.spans}
        claimed += sum(y - x for x, y, _, _ in clamped)
        instants |= {tab.opened + t for x, y, _, _ in clamped for t in range(x, y)}
    assert credit.total_ms + sum(credit.uncounted.values()) == claimed
    assert credit.total_ms == sum(lesson.credited_ms for lesson in credit.lessons.values()) <= len(instants)
    assert all(credit.cells[cell] == ms for cell, ms in rests.cells.items())
    assert all(lesson.credited_ms <= lesson.duration_ms for lesson in credit.lessons.values())


@settings(MODEST, max_examples=15)
@given(worlds(rule_sets(), most_tabs=2))
def test_without_attendance_credit_v3_is_credit_v2_cell_by_cell(tabs: list[Tab]) -> None:
    traces, policies = traces_of(tabs)
    assert credit_v3.credit_person(traces, policies) == credit_v2.credit_person(traces, policies)
    unseen = 10**13  # somebody was in a room, at another time
    beside = product(tabs, [(unseen, unseen + 5, 9, 11)])
    assert {cell: ms for cell, ms in beside.cells.items() if cell[0] != 9} == product(tabs, []).cells


def test_what_the_room_took_from_a_video_may_be_watched_and_earned_again() -> None:
    rules = Rules(tops_up=False)
    during = Tab("a", 1_498_093_200_000, 1, 1, 150, [(0, 100, 0, 100)], [], rules)
    again = Tab("b", 1_498_093_201_000, 1, 1, 150, [(0, 150, 0, 150)], [], rules)
    found = product([during, again], [(during.opened, during.opened + 60, 1, 11)])
    assert {key[1]: ms for key, ms in found.cells.items()} == {1: 150, 11: 60}
    # in the room for 60 of the 100 ms; 40 were new then and are a replay the second time: 40 + 110 = 150
    assert found.by_reason() == {"in_person": 60, "replay": 40}
