"""The oracle's little worlds, and the same worlds in the product's own shapes."""

from dataclasses import replace
from functools import cache

from core.credit.oracle import Answers, Corrected, Oracle, Rules, Span, Tab, Windows
from hypothesis import strategies as st

from yanxiu.core.beats import SessionFacts
from yanxiu.core.credit.credit_v1 import credit_person
from yanxiu.core.credit.traces import Correction, CountingWindow, PersonCredit, SessionTrace
from yanxiu.core.policy import Policy

SHANGHAI_MIDNIGHTS = {
    "leap day begins": 1_709_136_000_000,  # 2024-02-29T00:00+08:00
    "leap day ends": 1_709_222_400_000,
    "an ordinary night": 1_498_060_800_000,  # 2017-06-22T00:00+08:00
}
LENGTHS = {1: 150, 2: 260, 3: 90}  # lesson 3 is a reading
RATES = (0, 0.5, 0.75, 0.97, 1, 1, 1, 1.03, 1.5, 2, 3)


def facts(tab: Tab, policy_id: str) -> SessionFacts:
    reading = bool(tab.spans) and tab.spans[0][2] < 0
    return SessionFacts(
        tab.sid, tab.enrolment, 7, tab.enrolment + 100, tab.lesson, 1, "reading" if reading else "video",
        tab.duration, policy_id, 16.0, 15_000, "Asia/Shanghai", tab.opened, tab.opened + 10**9,
    )  # fmt: skip


def product(tabs: list[Tab], windows: Windows | None = None, corrected: Corrected = ()) -> PersonCredit:
    """Ask credit_v1 about the oracle's tabs."""
    traces, policies = traces_of(tabs)
    limits = {enrolment: CountingWindow(*window) for enrolment, window in (windows or {}).items()}
    return credit_person(traces, policies, limits, [Correction(*c) for c in corrected])


def traces_of(tabs: list[Tab]) -> tuple[list[SessionTrace], dict[str, Policy]]:
    """The tabs as the product has them, and their policies."""
    policies, traces = {}, []
    for tab in tabs:
        rules = tab.rules
        key = repr(rules)
        policies[key] = Policy(
            key, max_rate=16.0, replay_tops_up=rules.tops_up, first_view_seek=rules.seek, seek_slack_ms=rules.slack,
            contact_grace_ms=rules.grace, daily_cap_ms=rules.cap, challenges=rules.challenged,
        )  # fmt: skip
        traces.append(SessionTrace(facts(tab, key), tuple(tab.spans), tuple(tab.receipts)))
    return traces, policies


def answers_of_product(credit: PersonCredit) -> Answers:
    cells = {(e, lesson, day): ms for (e, lesson, _, day), ms in credit.cells.items()}
    return cells, dict(credit.uncounted)


def answers_of_oracle(tabs: list[Tab], windows: Windows | None = None, corrected: Corrected = ()) -> Answers:
    oracle = Oracle(tabs, windows, corrected).run()
    return dict(oracle.cells), dict(oracle.lost)


# What is drawn from is made once: making a strategy costs more than drawing from it.
STARTS, LASTING, RATE = st.sampled_from((0, 0, 0, 7, 40, -5)), st.integers(1, 60), st.sampled_from(RATES)
AGAIN = st.sampled_from((lambda p: p, lambda p: p, lambda p: p, lambda _: 0, lambda p: max(0, p - 20)))
ANYWHERE = {length: st.integers(0, length) for length in LENGTHS.values()}
EITHER = st.booleans()
UP_TO = [st.integers(0, most) for most in range(6)]


@st.composite
def spans(draw: st.DrawFn, length: int, reading: bool, most: int = 5) -> list[Span]:
    found, t = [], 0
    p = 0
    for _ in range(draw(UP_TO[most])):
        t0 = max(0, t + draw(STARTS))
        dt = draw(LASTING)
        t = t0 + dt
        if reading:
            found.append((t0, t, -1, -1))
            continue
        p0 = draw(AGAIN)(p) if draw(EITHER) else draw(ANYWHERE[length])
        p = p0 + int(dt * draw(RATE))
        found.append((t0, t, p0, p))
    return found


FROM_ONE_TO = [st.just(0), *(st.integers(1, most) for most in range(1, 5))]
SPANS = {lesson: spans(length, lesson == 3) for lesson, length in LENGTHS.items()}
NIGHTS, BEFORE = st.sampled_from(sorted(SHANGHAI_MIDNIGHTS.values())), st.sampled_from((0, 100, 100_000))
LESSONS, OPENED, ENROLMENTS = (
    st.sampled_from((1, 1, 2, 3)),
    st.sampled_from((0, 0, 30, 150)),
    st.sampled_from((1, 1, 2)),
)
RECEIPTS = st.lists(st.integers(0, 300), max_size=3)


@st.composite
def worlds(draw: st.DrawFn, rules: st.SearchStrategy[Rules], most_tabs: int = 4) -> list[Tab]:
    """Tabs of one person around a local midnight."""
    start = draw(NIGHTS) - draw(BEFORE)
    tabs = []
    for i in range(draw(FROM_ONE_TO[most_tabs])):
        lesson = draw(LESSONS)
        opened = start + draw(OPENED)
        mine = draw(SPANS[lesson])
        receipts = [opened + t for t in draw(RECEIPTS)]
        tabs.append(Tab(f"s{i}", opened, draw(ENROLMENTS), lesson, LENGTHS[lesson], mine, receipts, draw(rules)))
    return tabs


def shuffled(draw: st.DrawFn, tabs: list[Tab]) -> list[Tab]:
    """The same facts, told in another order, some twice, a session in two parts."""
    told = []
    for tab in draw(st.permutations(tabs)):
        again = draw(st.lists(st.sampled_from(tab.spans), max_size=3)) if tab.spans else []
        told.append(replace(tab, spans=list(draw(st.permutations(tab.spans + again)))))
    if told and draw(st.booleans()):
        told.append(told[0])
    return told


@cache
def rule_sets() -> st.SearchStrategy[Rules]:
    """Rules, one world usually under one of them."""
    return st.builds(
        Rules,
        tops_up=st.booleans(),
        seek=st.booleans(),
        slack=st.sampled_from((10, 40)),
        grace=st.sampled_from((25, 80, 1_200_000)),
        cap=st.sampled_from((None, None, 60)),
    )


MIXED = worlds(rule_sets())
