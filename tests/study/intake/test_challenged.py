"""Behaviours 11 and 12 of the twelve, and whoever must not lose a minute: POST by POST through the intake and the digest."""

from typing import Any

import msgspec
import pytest
from core.credit.challenged import Life, unproven
from factories.beats import KEY
from study.intake.live import MINUTE, STEP, Memory, Outcome, Page, digested, somewhen

from yanxiu.core.presence import challenge_id
from yanxiu.study.intake.presence import Desk

SEEDS = range(200)
HOUR = 60 * MINUTE


def scene(seed: int = 1, **more: Any) -> tuple[Memory, Page]:
    memory = Memory()
    person, opened = somewhen(seed)
    return memory, Page(memory, Desk(KEY), opened, person=person, **more)


def minutes(outcome: Outcome) -> float:
    return outcome.credit.total_ms / MINUTE


def by_the_oracle(memory: Memory) -> list[tuple[int, int]]:
    """What the second-by-second oracle says of the ledger's facts, everything on whole seconds of the opening."""
    facts = memory.kinds("session")
    opened = [msgspec.json.decode(entry.body)["opened_at_ms"] for entry in facts]
    zero = min(opened)
    life = Life(proofs={(at - zero) // 1000 for at in opened})
    for entry in memory.kinds("beat"):
        start = msgspec.json.decode(facts[0].body)["opened_at_ms"]
        for t0, t1, *_ in msgspec.json.decode(entry.body)["spans"]:
            life.present |= set(range((start + t0 - zero) // 1000, (start + t1 - zero) // 1000))
        life.heard.add((entry.received_ms - zero) // 1000)
    for entry in memory.kinds("challenge"):
        at = (entry.received_ms - zero) // 1000
        life.asked[at] = at + 90
    return unproven(life)


@pytest.mark.parametrize("first", [0, 50, 100, 150])
def test_12_a_40_minute_video_to_an_empty_chair_is_0_with_one_flag(first: int) -> None:
    for seed in SEEDS[first : first + 50]:
        memory, page = scene(seed)
        said = page.watch(0, 40 * MINUTE)
        found = digested(memory)
        assert (found.credit.total_ms, found.credit.by_reason()) == (0, {"unproven": 40 * MINUTE})
        assert [flag.kind for flag in found.flags] == ["unanswered"]
        assert said[-1]["challenge"]["missed"]
        assert by_the_oracle(memory) == [(0, 10**15)]


def test_11_a_bot_that_replays_the_client_s_beat_for_24_hours_is_0_with_one_flag() -> None:
    """In every seed half an hour of it at three times of the day; in two of them without a pause, round the clock."""
    for seed in SEEDS:
        memory, page = scene(seed)
        whole = range(0, 24 * HOUR - 20_000, 20_000)
        for t0 in whole if seed in {3, 141} else (t for t in whole if t % (8 * HOUR) < HOUR // 2):
            page.post(page.opened + t0 + 20_100, page.beat(t0, t0 + 20_000, t0 % (40 * MINUTE)))
        found = digested(memory)
        assert (found.credit.total_ms, [flag.kind for flag in found.flags]) == (0, ["unanswered"])
        if seed in {3, 141}:
            assert 72 <= found.flags[0].quantities["challenges"] <= 180


def test_always_answered_credit_is_what_it_would_be_without_challenges() -> None:
    for seed in range(40):
        memory, page = scene(seed)
        after = 5_000 + seed * 2_000
        page.watch(0, 40 * MINUTE, answer=lambda _question, after=after: after)
        found = digested(memory)
        assert (found.credit.total_ms, found.misses, found.flags) == (40 * MINUTE, [], [])
        answered, asked = len(memory.kinds("proof")), len(memory.kinds("challenge"))
        assert 1 <= asked <= 5
        assert asked - answered in {0, 1}  # the last one may stand when the lesson ends


def test_the_last_ms_of_the_answer_time_is_in_time_and_the_next_is_not() -> None:
    for late, expected in ((0, "in_time"), (1, "late")):
        memory, page = scene()
        question = next(said["challenge"] for said in page.play(0, 40 * MINUTE) if "challenge" in said)
        t = question["answer_by"] - page.opened + late
        start = page.seq * STEP
        page.watch(start, start + 105_000, start)
        said = page.post(page.opened + start + 105_200, proofs=[{"id": question["id"], "t": t}])
        assert said["proofs"] == [{"id": question["id"], "state": expected}]
        assert "challenge" not in said
        found = digested(memory)
        assert (found.misses == []) is (late == 0)
        if late:  # only what was before is lost, and it may be earned again
            assert found.misses[0].until_ms == question["answer_by"] + 1


def closed(page: Page, question: dict[str, Any]) -> None:
    """The answer to the last POST was never read."""


def leaves(page: Page, question: dict[str, Any]) -> None:
    """Goes on for 89 of the 90 seconds, then closes the page."""
    start = page.seq * STEP
    page.watch(start, question["answer_by"] - page.opened - 1_000, start)


def goes_offline(page: Page, question: dict[str, Any]) -> None:
    """Plays on without a network; everything arrives ten minutes later, and nobody was asked."""
    start = page.seq * STEP
    beats = [page.beat(t, t + STEP, t) for t in range(start, start + 10 * MINUTE, STEP)]
    page.post(page.opened + start + 10 * MINUTE + 200, *beats)


def answers_offline(page: Page, question: dict[str, Any]) -> None:
    start = page.seq * STEP
    beats = [page.beat(t, t + STEP, t) for t in range(start, start + 15 * MINUTE, STEP)]
    proof = {"id": question["id"], "t": start + 30_000}
    page.post(page.opened + start + 15 * MINUTE + 200, *beats, proofs=[proof])


def opens_the_next_lesson(page: Page, question: dict[str, Any]) -> None:
    following = Page(page.memory, page.desk, question["answer_by"] - 20_000, person=page.person, lesson=5)
    following.watch(0, 3 * MINUTE)


def goes_and_comes_back(page: Page, question: dict[str, Any]) -> None:
    """Hides the page after a minute, comes back a quarter of an hour later on the same page, and answers what stands there."""
    start = page.seq * STEP
    page.watch(start, start + MINUTE, start)
    back = start + 16 * MINUTE
    said = page.post(page.opened + back + STEP + 100, page.beat(back, back + STEP, start + MINUTE))
    proof = {"id": said["challenge"]["id"], "t": back + STEP + 5_000}
    page.post(
        page.opened + back + 2 * STEP + 100, page.beat(back + STEP, back + 2 * STEP, start + 75_000), proofs=[proof]
    )


@pytest.mark.parametrize(
    "what", [closed, leaves, goes_offline, answers_offline, opens_the_next_lesson, goes_and_comes_back]
)
def test_whoever_was_not_there_to_be_asked_or_left_loses_nothing(what: Any) -> None:
    for seed in range(30):
        memory, page = scene(seed, minutes=90)
        question = next(said["challenge"] for said in page.play(0, 40 * MINUTE) if "challenge" in said)
        what(page, question)
        found = digested(memory)
        assert "unproven" not in found.credit.by_reason(), (seed, found.misses)
        assert found.flags == []
        reported = sum(t1 - t0 for e in memory.kinds("beat") for t0, t1, *_ in msgspec.json.decode(e.body)["spans"])
        assert found.credit.total_ms == reported


def test_a_page_that_pauses_itself_when_nobody_answers_has_missed() -> None:
    for seed in range(30):
        memory, page = scene(seed)
        question = next(said["challenge"] for said in page.play(0, 40 * MINUTE) if "challenge" in said)
        start = page.seq * STEP
        page.watch(start, question["answer_by"] - page.opened, start)
        assert digested(memory).credit.by_reason().keys() == {"unproven"}


def test_a_page_that_pauses_itself_at_every_question_misses_the_second() -> None:
    memory, page = scene()
    t = 0
    while t < 3 * HOUR:
        said = page.post(page.opened + t + STEP + 100, page.beat(t, t + STEP, t % (30 * MINUTE)))
        question = said.get("challenge")
        fresh = question and question["answer_by"] > page.opened + t + STEP + 100
        t += 2 * MINUTE if fresh else STEP
    found = digested(memory)
    assert (found.credit.total_ms, [flag.kind for flag in found.flags]) == (0, ["unanswered"])


def test_a_bot_that_is_in_touch_once_in_19_minutes_earns_nothing_in_the_long_run() -> None:
    memory, page = scene()
    for start in range(0, 6 * HOUR, 19 * MINUTE):
        beats = [page.beat(t, t + STEP, t % (30 * MINUTE)) for t in range(start, start + 19 * MINUTE, STEP)]
        page.post(page.opened + start + 19 * MINUTE + 100, *beats)
    assert minutes(digested(memory)) == 0


def test_two_tabs_and_two_devices_share_one_question_and_one_answer() -> None:
    memory, page = scene()
    question = next(said["challenge"] for said in page.play(0, 40 * MINUTE) if "challenge" in said)
    phone = Page(memory, page.desk, page.opened, person=page.person, lesson=5)
    at = question["answer_by"] - 60_000
    t = at - page.opened
    said = phone.post(at + 100, phone.beat(t - STEP, t, 0))
    assert said["challenge"] == question
    proof = {"id": question["id"], "t": t + 1_000}
    assert phone.post(at + 2_000, proofs=[proof])["proofs"][0]["state"] == "in_time"
    start = page.seq * STEP
    assert "challenge" not in page.post(page.opened + start + STEP + 90_000, page.beat(start, start + STEP, start))
    assert page.post(at + 99_000, proofs=[proof])["proofs"][0]["state"] == "again"
    assert [len(memory.kinds(kind)) for kind in ("challenge", "proof")] == [1, 1]
    assert digested(memory).misses == []


def test_nobody_answers_for_somebody_else_or_before_the_question() -> None:
    memory, page = scene()
    other = Page(memory, page.desk, page.opened, person=page.person + 1)
    question = next(said["challenge"] for said in page.play(0, 40 * MINUTE) if "challenge" in said)
    now = question["answer_by"] - 30_000
    for wrong in (
        question["id"],
        "x",
        "",
        "0-",
        challenge_id(b"x" * 32, other.person, question["due"]),
        "-1-ff",
        "中文",
    ):
        said = other.post(now, proofs=[{"id": wrong, "t": 1}])
        assert said["proofs"] == [{"id": wrong, "state": "unknown"}]
    unborn = challenge_id(KEY, other.person, now + HOUR)
    assert other.post(now, proofs=[{"id": unborn, "t": 1}])["proofs"][0]["state"] == "unknown"
    assert memory.kinds("proof") == []
    assert page.post(now)["challenge"] == question


def test_an_old_answer_cannot_be_played_again() -> None:
    memory, page = scene(minutes=90)
    first = ""
    for said in page.play(0, 60 * MINUTE, answer=lambda question: None if memory.kinds("proof") else 4_000):
        first = first or said.get("challenge", {}).get("id", "")
        if first and len(memory.kinds("proof")) == 1:
            again = page.post(said["now"] + 1, proofs=[{"id": first, "t": said["now"] - page.opened}])
            assert again["proofs"] == [{"id": first, "state": "again"}]
    found = digested(memory)
    assert (len(memory.kinds("proof")), found.credit.by_reason().keys()) == (1, {"unproven"})


def test_the_desk_of_a_new_process_goes_on_where_the_old_one_stood() -> None:
    memory, page = scene(minutes=90)
    question = next(said["challenge"] for said in page.play(0, 40 * MINUTE) if "challenge" in said)
    page.desk = Desk(KEY)
    start = page.seq * STEP
    said = page.post(page.opened + start + STEP + 100, page.beat(start, start + STEP, start))
    assert said["challenge"] == question
    t = start + STEP + 1_000
    assert page.post(page.opened + t + 100, proofs=[{"id": question["id"], "t": t}])["proofs"][0]["state"] == "in_time"
    page.desk = Desk(KEY)
    assert page.post(page.opened + t + 200, proofs=[{"id": question["id"], "t": t}])["proofs"][0]["state"] == "again"
    assert [len(memory.kinds(kind)) for kind in ("challenge", "proof")] == [1, 1]


def test_a_policy_without_challenges_asks_nothing_and_loses_nothing() -> None:
    memory, page = scene(policy="enaea-2017@1")
    assert not any("challenge" in said for said in page.watch(0, 40 * MINUTE))
    assert {entry.kind for entry in memory.held} == {"session", "beat"}
    assert minutes(digested(memory)) == 40


def test_a_late_answer_starts_the_count_again_and_what_was_lost_may_be_earned() -> None:
    memory, page = scene(3)
    said = page.watch(0, 30 * MINUTE)
    question = said[-1]["challenge"]
    assert question["missed"]
    assert question["since"] == page.opened
    t = 30 * MINUTE + 2_000
    assert page.post(page.opened + t + 10, proofs=[{"id": question["id"], "t": t}])["proofs"][0]["state"] == "late"
    page.watch(31 * MINUTE, 71 * MINUTE, 0, answer=lambda _: 3_000)
    found = digested(memory)
    assert (minutes(found), found.credit.by_reason()) == (40, {"unproven": 30 * MINUTE})
