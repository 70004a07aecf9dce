"""presence_v1 and credit_v2 against oracles that walk second by second and ms by ms."""

from dataclasses import replace
from functools import cache

from core.credit.challenged import EVER, Life, credited, unproven
from core.credit.oracle import Oracle, Rules, Tab
from core.credit.test_oracle import MODEST
from core.credit.worlds import MIXED, answers_of_product, traces_of, worlds
from hypothesis import given, settings
from hypothesis import strategies as st

from yanxiu.core.credit import credit_v1, credit_v2
from yanxiu.core.credit.presence_v1 import NEVER, Answered, Asked, Miss, misses
from yanxiu.core.credit.traces import Grant, PersonCredit
from yanxiu.core.time.intervals import measure, union

SECOND = 1000
WINDOW = 12  # seconds to answer, in these small lives


STRETCHES, PAUSE = st.integers(1, 6), st.sampled_from((0, 0, 3, 20))
LASTING = st.sampled_from((2, 9, 11, 12, 13, 25, 40))


@cache
def seconds(until: int, most: int, *, unique: bool = False) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, until), max_size=most, unique=unique)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Some minutes of one person: stretches of study, questions, answers in time or not, contacts as they come."""
    life, t = Life(), 0
    life.proofs.add(0)
    for _ in range(draw(STRETCHES)):
        t += draw(PAUSE)
        length = draw(LASTING)
        life.present |= set(range(t, t + length))
        t += length
    for at in draw(seconds(t + 5, 5, unique=True)):
        if all(abs(at - other) > WINDOW for other in life.asked):
            life.asked[at] = at + WINDOW
    life.heard = set(draw(seconds(t + 5, 20)))
    life.proofs |= set(draw(seconds(t + 5, 3)))
    return life


def product_of(life: Life) -> list[Miss]:
    asked = [Asked(f"c{at}", at * SECOND, by * SECOND, 10**9) for at, by in life.asked.items()]
    present = union((s * SECOND, (s + 1) * SECOND) for s in life.present)
    return misses(asked, (), [s * SECOND for s in life.proofs], present, [s * SECOND for s in life.heard])


@settings(MODEST, max_examples=250)
@given(lives())
def test_misses_are_those_of_the_oracle(life: Life) -> None:
    found = union((miss.from_ms, miss.until_ms) for miss in product_of(life))
    assert found == union((a * SECOND, NEVER if b == EVER else b * SECOND) for a, b in unproven(life))


@MODEST
@given(lives())
def test_who_proves_presence_in_every_answer_time_misses_nothing(life: Life) -> None:
    life.proofs |= {at + (by - at) // 2 for at, by in life.asked.items()}
    assert product_of(life) == []


@MODEST
@given(lives(), st.data())
def test_another_proof_never_takes_more(life: Life, data: st.DataObject) -> None:
    before = measure((m.from_ms, min(m.until_ms, 10**9)) for m in product_of(life))
    life.proofs.add(data.draw(st.integers(0, 250)))
    assert measure((m.from_ms, min(m.until_ms, 10**9)) for m in product_of(life)) <= before


def challenged(tabs: list[Tab], every: bool = True) -> list[Tab]:
    return [replace(tab, rules=replace(tab.rules, challenged=every or i % 2 == 0)) for i, tab in enumerate(tabs)]


@st.composite
def taken_from(draw: st.DrawFn, tabs: list[Tab]) -> list[tuple[int, int]]:
    start = min(tab.opened for tab in tabs)
    found = []
    for _ in range(draw(st.integers(1, 2))):
        a = start + draw(st.integers(0, 150))
        found.append((a, draw(st.sampled_from((a + 20, a + 60, EVER)))))
    return found


def product_with(tabs: list[Tab], taken: list[tuple[int, int]], granted: list[Grant] | None = None) -> PersonCredit:
    asked = Asked("x", 0, 0, 0)
    traces, policies = traces_of(tabs)
    missed = [Miss(asked, a, NEVER if b == EVER else b) for a, b in taken]
    return credit_v2.credit_person(traces, policies, missed=missed, grants=granted or ())


@settings(MODEST, max_examples=80)
@given(st.data())
def test_credit_with_misses_agrees_with_the_oracle(data: st.DataObject) -> None:
    tabs = challenged(data.draw(MIXED), every=data.draw(st.booleans()))
    taken = data.draw(taken_from(tabs))
    assert answers_of_product(product_with(tabs, taken)) == credited(tabs, taken)


@MODEST
@given(st.data())
def test_upheld_appeals_agree_with_the_oracle(data: st.DataObject) -> None:
    tabs = challenged(data.draw(worlds(st.just(Rules(grace=45)))))
    taken = data.draw(taken_from(tabs))
    a = tabs[0].opened + data.draw(st.integers(0, 100))
    reason = data.draw(st.sampled_from(("unproven", "no_contact")))
    grant = (a, a + 80, tabs[0].enrolment, tabs[0].lesson, reason)
    found = answers_of_product(product_with(tabs, taken, [Grant(*grant)]))
    assert found == credited(tabs, taken, [grant])


@settings(MODEST, max_examples=100)
@given(st.data())
def test_challenges_never_add_credit_and_every_ms_stays_in_one_cell(data: st.DataObject) -> None:
    tabs = challenged(data.draw(MIXED))
    less = product_with(tabs, data.draw(taken_from(tabs)))
    traces, policies = traces_of(tabs)
    full = credit_v1.credit_person(traces, policies)
    assert less.total_ms <= full.total_ms
    assert all(lesson.credited_ms <= full.lessons[key].credited_ms for key, lesson in less.lessons.items())
    assert less.total_ms == sum(lesson.credited_ms for lesson in less.lessons.values())
    assert less.total_ms + sum(less.uncounted.values()) == full.total_ms + sum(full.uncounted.values())


@MODEST
@given(MIXED)
def test_without_a_miss_credit_v2_is_credit_v1_cell_by_cell(tabs: list[Tab]) -> None:
    traces, policies = traces_of(challenged(tabs))
    assert credit_v2.credit_person(traces, policies) == credit_v1.credit_person(traces, policies)


def test_watching_slowly_again_what_a_miss_took_at_double_speed_is_no_gain() -> None:
    rules = Rules(tops_up=False, challenged=True)
    fast = Tab("a", 1_498_093_200_000, 1, 1, 150, [(0, 60, 0, 120)], [], rules)
    again = Tab("b", 1_498_093_200_200, 1, 1, 150, [(0, 120, 0, 120)], [], rules)
    taken = [(fast.opened, again.opened)]
    found = product_with([fast, again], taken)
    assert found.total_ms == Oracle([fast, again]).run().credit[1, 1] == 60
    assert found.by_reason() == {"unproven": 60, "replay": 60}


def test_an_answer_is_one_proof_however_often_and_by_whomever_it_is_sent() -> None:
    asked = Asked("c", 10_000, 22_000, 60_000)
    present, heard = [(0, 60_000)], [12_000]
    in_time, late = Answered("c", 22_000, 23_000), Answered("c", 22_001, 23_000)
    assert misses([asked], [in_time], [0], present, heard) == []
    assert misses([asked], [late], [0], present, heard) == [Miss(asked, 0, 22_001)]
    assert misses([asked], [late, in_time, late], [0], present, heard) == []
    assert misses([asked], [Answered("of somebody else", 15_000, 15_000)], [0], present, heard) == [
        Miss(asked, 0, NEVER)
    ]
    later = Asked("d", 40_000, 52_000, 60_000)
    again = Answered("c", 45_000, 45_000)  # the first one's id cannot answer the second
    assert misses([asked, later], [in_time, again], [0], present, [12_000, 42_000]) == [Miss(later, 22_000, NEVER)]


def test_news_of_an_answer_is_believed_for_the_contact_grace_only() -> None:
    asked = Asked("c", 10_000, 22_000, 60_000)
    present, heard = [(0, 200_000)], [12_000]
    assert misses([asked], [Answered("c", 15_000, 75_000)], [0], present, heard) == []
    assert misses([asked], [Answered("c", 15_000, 75_001)], [0], present, heard) == [Miss(asked, 0, 75_001)]
    assert (
        misses([asked], [Answered("c", -5_000, 30_000)], [0], present, heard) == []
    )  # a clock ahead: not before the question
    assert misses([asked], [Answered("c", 99_000, 20_000)], [0], present, heard) == []  # nor after its receipt


def test_a_proof_at_the_very_moment_of_a_question_ends_the_row() -> None:
    """Two unanswered in a row count only where nothing was proved between them."""
    first, second = Asked("a", 100_000, 190_000, 0), Asked("b", 1_000_000, 1_090_000, 0)
    third = Asked("c", 2_000_000, 2_090_000, 0)
    present = [(0, 120_000), (1_200_000, 1_210_000), (2_090_000, 2_300_000)]
    assert [m.asked.id for m in misses([first, third], (), [0], present, [])] == ["c"]
    assert misses([first, second, third], (), [0, 1_000_000], present, []) == []


def test_going_on_for_exactly_an_answer_time_after_the_second_question_is_not_yet_a_miss() -> None:
    pair = [Asked("a", 100_000, 190_000, 0), Asked("b", 1_000_000, 1_090_000, 0)]
    assert misses(pair, (), [0], [(0, 90_000), (1_090_000, 1_180_000)], []) == []
    assert len(misses(pair, (), [0], [(0, 90_000), (1_090_000, 1_180_001)], [])) == 1
