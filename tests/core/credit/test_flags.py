"""Flags: one an incident, whatever the order; and nothing for honest study."""

import random
from dataclasses import replace

from core.credit.test_behaviours import HOUR, MINUTE, NINE, SECOND, session

from yanxiu.core.credit.flags_v1 import Flag, SessionLog, flags
from yanxiu.core.credit.presence_v1 import NEVER, Asked, Miss


def log(sid: str, minutes: float, opened: int = NINE, lesson: int = 1) -> SessionLog:
    """A session with a beat each quarter of a minute."""
    facts = replace(session(sid, lesson, opened), policy_id="standard@1")
    held = SessionLog(facts)
    for seq in range(int(minutes * 4)):
        a = opened + seq * 15 * SECOND
        held.stretches.append((a, a + 15 * SECOND))
        held.beats.append((seq, a + 15 * SECOND + 100))
        held.devices.append(((seq + 1) * 15 * SECOND, NINE + 5 * 365 * 24 * HOUR + (seq + 1) * 15 * SECOND))
    return held


def miss(at_minute: float, since_minute: float = 0, until: int = NEVER) -> Miss:
    issued = NINE + int(at_minute * MINUTE)
    return Miss(Asked(f"c{at_minute}", issued, issued + 90 * SECOND, 0), NINE + int(since_minute * MINUTE), until)


def kinds(found: list[Flag]) -> list[str]:
    return [flag.kind for flag in found]


def test_honest_study_with_a_device_clock_years_ahead_raises_nothing() -> None:
    assert flags([log("a", 40), log("b", 40, NINE + HOUR)], []) == []
    assert flags([], []) == []


def test_one_unanswered_question_after_which_study_soon_ended_raises_nothing() -> None:
    assert flags([log("a", 20)], [miss(15)]) == []


def test_questions_missed_in_a_row_are_one_incident_and_those_after_a_proof_another() -> None:
    held = [log("a", 60)]
    back = NINE + 35 * MINUTE
    run = [miss(12, until=back), miss(25, until=back), miss(45, 35)]
    found = flags(held, run)
    assert [(flag.incident, flag.quantities["challenges"]) for flag in found] == [("c12", 2), ("c45", 1)]
    assert found[0].quantities["lost_ms"] == 35 * MINUTE
    assert flags(held, [*run, run[0]][:3]) == found


def test_conflicts_gaps_and_jumps_of_the_device_are_of_their_session() -> None:
    broken = log("a", 30)
    broken.conflicts = 3
    del broken.beats[10:14]
    broken.devices[50:] = [(at, device + 2 * HOUR) for at, device in broken.devices[50:]]
    found = flags([broken, log("b", 10, NINE + HOUR)], [])
    assert kinds(found) == ["conflict", "gap", "clock"]
    assert [flag.incident for flag in found] == ["a", "a", "a"]
    assert [dict(flag.quantities) for flag in found] == [
        {"conflicts": 3}, {"missing": 4, "cadence_ms": 15_000}, {"jump_ms": 2 * HOUR},
    ]  # fmt: skip


def test_a_gap_that_may_still_be_filled_is_not_yet_one() -> None:
    fresh = log("a", 9)
    del fresh.beats[3]
    assert flags([fresh], []) == []
    assert kinds(flags([fresh, log("b", 4, NINE + HOUR)], [])) == ["gap"]


def test_three_sessions_at_once_for_ten_minutes_are_flagged_two_are_not() -> None:
    three = [log(sid, 12, lesson=n) for n, sid in enumerate("abc")]
    assert kinds(flags(three, [])) == ["parallel"]
    assert flags(three[:2], []) == []
    assert flags([log(sid, 9, lesson=n) for n, sid in enumerate("abc")], []) == []


def test_a_day_of_more_than_sixteen_proved_hours_is_flagged_and_what_was_missed_is_not_counted_twice() -> None:
    midnight = NINE - 9 * HOUR
    bot = log("a", 23 * 60, midnight)
    assert [(flag.kind, flag.incident) for flag in flags([bot], [])] == [("long_day", "2017-06-22")]
    ignored = Miss(Asked("c", midnight + HOUR, midnight + HOUR + 90_000, 0), midnight, NEVER)
    assert kinds(flags([bot], [ignored])) == ["unanswered"]


def test_a_script_that_opens_lesson_after_lesson_is_flagged_once() -> None:
    opened = [SessionLog(session(f"s{n}", 1, NINE + n * MINUTE)) for n in range(40)]
    assert [(flag.kind, flag.quantities["sessions"]) for flag in flags(opened, [])] == [("openings", 40)]
    assert flags(opened[:30], []) == []


def test_the_order_of_sessions_changes_no_flag() -> None:
    held = [log(f"s{n}", 20, NINE + n * 3 * MINUTE, lesson=n) for n in range(6)]
    held[2].conflicts = 1
    found = flags(held, [miss(18), miss(33)])
    random.Random(4).shuffle(held)
    assert flags(held, [miss(18), miss(33)]) == found
    assert len({(flag.kind, flag.incident) for flag in found}) == len(found) == 3
