"""What the ledger keeps, and how often."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from factories.beats import NOW, beat, session

from yanxiu.core.time import clock
from yanxiu.engines.sqlite.chain import GENESIS
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study.ports import NotStored, Stored


def kinds(ledger: SqliteLedger) -> list[tuple[str, int]]:
    return [(entry.kind, entry.seq) for entry in ledger.entries(0, 10_000)]


def test_a_session_is_stored_with_its_first_beat_and_only_once(ledger: SqliteLedger) -> None:
    facts, _ = session()
    first = ledger.append(facts, [beat(0)], NOW)
    second = ledger.append(facts, [beat(1)], NOW + 1)
    assert (first.durable_seq, first.position, second.durable_seq, second.position) == (0, 2, 1, 3)
    assert kinds(ledger) == [("session", -1), ("beat", 0), ("beat", 1)]
    session_entry, beat_entry, _ = ledger.entries(0, 10)
    assert json.loads(session_entry.body)["enrolment_id"] == facts.enrolment_id
    assert json.loads(beat_entry.body) == {
        "spans": [[0, 15000, 0, 15000]], "rate": 1.0, "why": "tick", "visible": True, "focused": True, "muted": False,
        "device": 0,
    }  # fmt: skip


def test_the_same_beat_again_changes_nothing(ledger: SqliteLedger) -> None:
    facts, _ = session()
    ledger.append(facts, [beat(0), beat(1)], NOW)
    head = ledger.head()
    again = ledger.append(facts, [beat(1), beat(0), beat(1)], NOW + 60_000)
    assert (again.durable_seq, again.conflicts, ledger.head()) == (1, (), head)


def test_other_content_under_the_same_seq_is_an_integrity_event_once(ledger: SqliteLedger) -> None:
    facts, _ = session()
    ledger.append(facts, [beat(0)], NOW)
    for _ in range(3):
        assert ledger.append(facts, [beat(0, p0=500)], NOW).conflicts == (0,)
    assert kinds(ledger) == [("session", -1), ("beat", 0), ("conflict", 0)]
    assert json.loads(ledger.entries(1, 1)[0].body)["spans"] == [[0, 15000, 0, 15000]]  # what came first stands


def test_a_seq_with_two_contents_in_one_request_keeps_the_first(ledger: SqliteLedger) -> None:
    facts, _ = session()
    stored = ledger.append(facts, [beat(0), beat(0, p0=500), beat(0)], NOW)
    assert (stored.durable_seq, stored.conflicts) == (0, (0,))
    assert kinds(ledger) == [("session", -1), ("beat", 0), ("conflict", 0)]


def test_conflicts_of_one_seq_cannot_fill_the_disk(ledger: SqliteLedger) -> None:
    facts, _ = session()
    ledger.append(facts, [beat(0), *[beat(0, p0=n) for n in range(1, 40)]], NOW)
    assert [kind for kind, _ in kinds(ledger)].count("conflict") == 8


def test_a_gap_is_stored_flagged_and_closed_by_the_late_beat(ledger: SqliteLedger) -> None:
    facts, _ = session()
    assert ledger.append(facts, [beat(0), beat(2), beat(5)], NOW).durable_seq == 0
    assert list(ledger.gaps()) == [(facts.sid, 3)]
    assert ledger.append(facts, [beat(1)], NOW).durable_seq == 2
    assert ledger.append(facts, [beat(4), beat(3)], NOW).durable_seq == 5
    assert list(ledger.gaps()) == []


def test_a_request_without_beats_stores_nothing_and_says_what_is_durable(ledger: SqliteLedger) -> None:
    facts, _ = session()
    assert ledger.append(facts, [], NOW).durable_seq == -1
    assert ledger.head() == (0, GENESIS)


def test_what_is_stored_is_known_after_a_restart(path: Path) -> None:
    """The state on a cache miss comes from the file: forgetting it once lost and doubled acknowledged beats."""
    facts, _ = session()
    for seq in (0, 1, 3):
        ledger = SqliteLedger(path)
        assert ledger.append(facts, [beat(seq)], NOW).conflicts == ()
        ledger.close()
    ledger = SqliteLedger(path)
    stored = ledger.append(facts, [beat(3), beat(1), beat(2), beat(0, p0=9)], NOW)
    assert (stored.durable_seq, stored.conflicts) == (3, (0,))
    assert kinds(ledger).count(("session", -1)) == 1
    ledger.close()


def test_one_beat_from_fifty_threads_is_stored_once(ledger: SqliteLedger) -> None:
    facts, _ = session()
    start = threading.Barrier(50)

    def send(_: int) -> int:
        start.wait()
        return ledger.append(facts, [beat(0)], NOW).durable_seq

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(send, range(50))) == {0}
    assert kinds(ledger) == [("session", -1), ("beat", 0)]


def test_sixty_four_threads_lose_nothing(ledger: SqliteLedger) -> None:
    def study(person: int) -> tuple[str, int]:
        facts, _ = session(person)
        for seq in range(30):
            last = ledger.append(facts, [beat(seq)], NOW + seq)
        return facts.sid, last.durable_seq

    with ThreadPoolExecutor(64) as pool:
        results = list(pool.map(study, range(1, 65)))
    assert {durable for _, durable in results} == {29}
    assert len(ledger.entries(0, 10_000)) == 64 * 31
    assert [entry.position for entry in ledger.entries(0, 10_000)] == list(range(1, 64 * 31 + 1))
    assert list(ledger.broken_links()) == []


def test_entries_of_a_person_are_theirs_alone_in_order_up_to_a_position(ledger: SqliteLedger) -> None:
    for person in (7, 8, 7):
        facts, _ = session(person)
        ledger.append(facts, [beat(0)], NOW)
    ledger.append_fact("correction", 7, b'{"entry": 2}', NOW)
    assert [entry.position for entry in ledger.of_person(7)] == [1, 2, 5, 6, 7]
    assert [entry.position for entry in ledger.of_person(7, up_to=5)] == [1, 2, 5]
    assert [entry.kind for entry in ledger.of_person(0)] == []


def test_a_fact_is_stored_with_its_position_and_only_known_kinds_are(ledger: SqliteLedger) -> None:
    assert ledger.append_fact("attendance", 7, b'{"from_ms":1}', NOW) == 1
    for kind, body in (("beat", b"{}"), ("gossip", b"{}"), ("attendance", b"{"), ("attendance", b"\xff")):
        with pytest.raises(ValueError):
            ledger.append_fact(kind, 7, body, NOW)
    assert ledger.head()[0] == 1


def test_numbers_no_store_could_hold_are_refused_before_they_are_queued(ledger: SqliteLedger) -> None:
    for person, seq, received in ((2**63, 0, NOW), (7, 2**63, NOW), (7, -1, NOW), (7, 0, -1)):
        facts, _ = session(person)
        with pytest.raises(ValueError):
            ledger.append(facts, [beat(seq)], received)


def test_a_step_of_the_wall_clock_is_a_fact(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    facts, _ = session()
    step = [0]
    monkeypatch.setattr(clock, "wall_step_ms", lambda: step[0])
    for seq, moved in enumerate((0, 900, 3_600_000, 3_600_500, -3_600_000)):
        step[0] = moved
        ledger.append(facts, [beat(seq)], NOW)
    steps = [json.loads(entry.body)["step_ms"] for entry in ledger.entries(0, 100) if entry.kind == "clock"]
    assert steps == [3_600_000, -7_200_000]
    assert list(ledger.broken_links()) == []


def test_after_closing_nothing_is_taken_and_nothing_waits(path: Path) -> None:
    ledger = SqliteLedger(path)
    facts, _ = session()
    answers: list[Stored | NotStored] = []
    for seq in range(200):
        ledger.submit(facts, [beat(seq)], NOW, answers.append)
    ledger.close()
    ledger.close()
    assert [answer.durable_seq for answer in answers if isinstance(answer, Stored)] == list(range(200))
    for call in (lambda: ledger.append(facts, [beat(1)], NOW), ledger.head):
        with pytest.raises(NotStored):
            call()


def test_somebody_who_cannot_be_told_does_not_stop_the_writer(
    ledger: SqliteLedger, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(_: Stored | NotStored) -> None:
        raise RuntimeError("the event loop is closed")

    facts, _ = session()
    ledger.submit(facts, [beat(0)], NOW, gone)
    assert ledger.append(facts, [beat(1)], NOW).durable_seq == 1
    assert "nobody heard" in caplog.text
