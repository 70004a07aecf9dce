"""Behaviours 1-10 of the twelve and the examples worked out by hand, in whole minutes. Spans pass the intake's checks first."""

from dataclasses import replace

from yanxiu.core.beats import Beat, MediaSpan, SessionFacts, check, clamped
from yanxiu.core.credit.credit_v1 import credit_person
from yanxiu.core.credit.traces import CountingWindow, PersonCredit, SessionTrace
from yanxiu.core.policy import Policy

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
NINE = 1_498_093_200_000  # 2017-06-22T09:00+08:00
CADENCE = 15 * SECOND
POLICIES = {"open@1": Policy("open@1", max_rate=2.0), "no-top-up@1": Policy("no-top-up@1", replay_tops_up=False)}


def session(sid: str, lesson: int, opened: int, minutes: int = 40, policy: str = "no-top-up@1") -> SessionFacts:
    return SessionFacts(
        sid, 1, 7, 1, lesson, 1, "video", minutes * MINUTE, policy, 2.0, CADENCE, "Asia/Shanghai", opened, opened + 96 * HOUR
    )  # fmt: skip


def watch(facts: SessionFacts, media: float, minutes: float, rate: float = 1, start: float = 0) -> SessionTrace:
    """A player that sends a beat each cadence, as the intake would keep it; `media` and `start` in minutes."""
    spans, receipts = [], []
    t, end, p = int(start * MINUTE), int((start + minutes) * MINUTE), int(media * MINUTE)
    seq = 0
    while t < end:
        dt = min(CADENCE, end - t)
        span = MediaSpan(t, t + dt, p, p + int(dt * rate))
        received = facts.opened_at_ms + t + dt + 200
        assert check(facts, Beat(seq, (span,)), received) is None
        kept = clamped(span, facts)
        spans.append((kept.t0, kept.t1, kept.p0, kept.p1))
        receipts.append(received)
        t, p, seq = t + dt, p + int(dt * rate), seq + 1
    return SessionTrace(facts, spans, receipts)


def credit(*traces: SessionTrace, windows: dict[int, CountingWindow] | None = None) -> PersonCredit:
    return credit_person(traces, POLICIES, windows)


def minutes(*traces: SessionTrace) -> float:
    return credit(*traces).total_ms / MINUTE


def test_1_a_whole_40_minute_video_is_40() -> None:
    assert minutes(watch(session("a", 1, NINE), 0, 40)) == 40


def test_2_a_75_minute_lecture_is_75() -> None:
    assert minutes(watch(session("a", 1, NINE, 75), 0, 75)) == 75


def test_3_two_tabs_two_lessons_the_same_30_minutes_are_30() -> None:
    result = credit(watch(session("a", 1, NINE), 0, 30), watch(session("b", 2, NINE), 0, 30))
    assert (result.total_ms, result.by_reason()) == (30 * MINUTE, {"parallel": 30 * MINUTE})


def test_4_a_paused_video_is_0() -> None:
    assert minutes(SessionTrace(session("a", 1, NINE), [], [NINE + i * 15_000 for i in range(232)])) == 0


def test_5_a_tab_that_crashes_after_25_minutes_is_25() -> None:
    assert minutes(watch(session("a", 1, NINE), 0, 25)) == 25


def test_6_a_40_minute_video_at_2x_is_20_wall_minutes() -> None:
    assert minutes(watch(session("a", 1, NINE), 0, 20, rate=2)) == 20


def test_7_a_slider_dragged_to_the_end_is_the_minute_watched() -> None:
    before, after = watch(session("a", 1, NINE), 0, 0.5), watch(session("a", 1, NINE), 39.5, 0.5, start=0.5)
    assert minutes(before, after) == 1


def test_8_a_lid_shut_for_3_hours_then_one_late_beat_is_0() -> None:
    facts = session("a", 1, NINE, 240)
    late = Beat(0, (MediaSpan(0, 3 * HOUR, 0, 3 * HOUR),))
    assert check(facts, late, NINE + 3 * HOUR) == "span_too_long"
    woken = SessionTrace(facts, [(3 * HOUR - CADENCE, 3 * HOUR, 0, CADENCE)], [NINE + 3 * HOUR])
    assert (credit(woken).total_ms, credit(woken).by_reason()) == (0, {"no_contact": CADENCE})


def test_9_a_script_that_claims_100_hours_is_refused() -> None:
    facts = session("a", 1, NINE, 6000)
    assert check(facts, Beat(0, (MediaSpan(0, 100 * HOUR, 0, 100 * HOUR),)), NINE) == "span_too_long"
    assert check(facts, Beat(0, (MediaSpan(100 * HOUR - CADENCE, 100 * HOUR, 0, CADENCE),)), NINE) == "future"
    assert check(facts, Beat(0, (MediaSpan(0, CADENCE, 0, 40 * MINUTE),)), NINE + CADENCE) == "too_fast"


def test_10_a_bot_that_only_visits_pages_is_0() -> None:
    assert minutes() == 0


def test_1x_then_2x_of_the_same_then_2x_of_the_rest_is_30() -> None:
    facts = session("a", 1, NINE)
    assert minutes(watch(facts, 0, 20), watch(facts, 0, 10, 2, start=20), watch(facts, 20, 10, 2, start=30)) == 30


def test_half_speed_then_double_speed_is_30_on_one_day_or_two() -> None:
    slow = watch(session("a", 1, NINE), 0, 40, rate=0.5)
    for gap in (40 * MINUTE, 24 * HOUR):
        result = credit(slow, watch(session("b", 1, NINE + gap), 20, 10, rate=2))
        assert (result.total_ms, result.by_reason()) == (30 * MINUTE, {"over_length": 20 * MINUTE})
    assert sorted(result.cells.values()) == [10 * MINUTE, 20 * MINUTE]


def test_a_seen_lesson_opened_later_does_not_take_time_from_a_new_one() -> None:
    seen = watch(session("old", 2, NINE - 24 * HOUR), 0, 40)
    a, b = watch(session("a", 1, NINE), 0, 30), watch(session("b", 2, NINE + 5 * MINUTE), 0, 25)
    assert credit(seen, a, b).lessons[1, 1, 1].credited_ms == 30 * MINUTE


def test_a_span_at_1_5x_over_midnight_is_8_and_7_seconds() -> None:
    opened = NINE + 15 * HOUR - 8 * SECOND  # 23:59:52
    result = credit(SessionTrace(session("a", 1, opened), [(0, 15_000, 0, 22_500)], []))
    assert {day.isoformat(): ms for (_, _, _, day), ms in result.cells.items()} == {
        "2017-06-22": 8000,
        "2017-06-23": 7000,
    }


def test_a_lesson_once_watched_at_2x_is_topped_up_by_a_replay_to_its_length_and_no_further() -> None:
    fast = watch(session("a", 1, NINE, policy="open@1"), 0, 20, rate=2)
    again = watch(session("b", 1, NINE + HOUR, policy="open@1"), 0, 40)
    assert (minutes(fast), minutes(fast, again)) == (20, 40)
    assert credit(fast, again).by_reason() == {"replay": 20 * MINUTE}


def test_an_hour_offline_earns_20_minutes_after_the_last_contact() -> None:
    online = watch(session("a", 1, NINE, 120), 0, 10)
    offline = watch(session("a", 1, NINE, 120), 10, 60, start=10)
    offline = replace(offline, receipts=[NINE + 70 * MINUTE])
    result = credit(online, offline)
    assert result.total_ms == 30 * MINUTE + 200  # the last receipt came 200 ms after its beat
    assert result.by_reason() == {"no_contact": 40 * MINUTE - 200}


def test_study_after_a_withdrawal_is_kept_with_its_reason() -> None:
    result = credit(watch(session("a", 1, NINE), 0, 40), windows={1: CountingWindow(NINE, NINE + 15 * MINUTE)})
    assert (result.total_ms, result.by_reason()) == (15 * MINUTE, {"after_close": 25 * MINUTE})


def test_a_night_that_does_not_count_is_cut_out() -> None:
    policy = Policy("night@1", night=(22 * 60, 5 * 60))
    facts = session("a", 1, NINE + 13 * HOUR - 10 * MINUTE, policy="night@1")  # 21:50
    result = credit_person([watch(facts, 0, 30)], {"night@1": policy})
    assert (result.total_ms, result.by_reason()) == (10 * MINUTE, {"night": 20 * MINUTE})


def test_the_server_trusts_no_rate_beyond_the_session_s() -> None:
    result = credit(SessionTrace(session("a", 1, NINE), [(0, 10_000, 0, 40_000)], []))
    assert (result.total_ms, result.by_reason()) == (0, {"too_fast": 10_000})


def test_without_top_up_a_replay_earns_nothing() -> None:
    fast, again = watch(session("a", 1, NINE), 0, 20, rate=2), watch(session("b", 1, NINE + HOUR), 0, 40)
    result = credit(fast, again)
    assert (result.total_ms, result.by_reason()) == (20 * MINUTE, {"replay": 40 * MINUTE})
