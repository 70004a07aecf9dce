"""The index that is filled behind the head: what is found is the same before and after, whatever becomes of the filing."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from factories.beats import NOW, beat, session

from yanxiu.core.beats import SessionFacts
from yanxiu.engines.sqlite.ledger import SqliteLedger

Tamper = Callable[..., list[Any]]


@pytest.fixture(params=["behind", "filed", "half"])
def filing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tamper: Tamper) -> Callable[[], None]:
    """How much of what is stored is in the index when it is looked for."""
    monkeypatch.setattr("yanxiu.engines.sqlite.ledger.IDLE_SECONDS", 0.01 if request.param == "filed" else 3600)
    monkeypatch.setattr("yanxiu.engines.sqlite.ledger.FILE_AT", 5 if request.param == "half" else 10**9)

    def settled() -> None:
        head = tamper("SELECT max(position) FROM entry")[0][0]
        while request.param == "filed" and tamper("SELECT position FROM filed_up_to") != [(head,)]:
            threading.Event().wait(0.005)

    return settled


def test_what_is_found_does_not_hang_on_what_is_filed(path: Path, filing: Callable[[], None]) -> None:
    ledger = SqliteLedger(path)
    both = [session(person)[0] for person in (7, 8)]
    for seq in (0, 1, 3):
        for facts in both:
            ledger.append(facts, [beat(seq)], NOW)
    ledger.append(both[0], [beat(1, p0=900)], NOW)
    filing()
    assert ledger.append(both[0], [beat(1, p0=900), beat(1), beat(3)], NOW).conflicts == (1,)
    ledger.append_fact("attendance", 7, b"{}", NOW)
    filing()
    found = [(entry.kind, entry.seq) for entry in ledger.of_person(7)]
    ledger.close()
    facts = [("session", -1), ("beat", 0), ("beat", 1), ("beat", 3), ("conflict", 1), ("attendance", -1)]
    assert found == facts

    again = SqliteLedger(path)
    stored = again.append(both[0], [beat(3), beat(2), beat(0, p0=9)], NOW)
    assert (stored.durable_seq, stored.conflicts) == (3, (0,))
    assert [e.kind for e in again.of_person(7)].count("session") == 1
    assert [entry.position for entry in again.of_person(7, up_to=3)] == [1, 2]
    assert list(again.broken_links()) == []
    again.close()


def test_a_long_life_is_read_in_order_page_by_page(ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yanxiu.engines.sqlite.ledger.PAGE", 7)
    facts, _ = session()
    for seq in range(20, -1, -1):
        ledger.append(facts, [beat(seq)], NOW)
    assert [entry.position for entry in ledger.of_person(facts.person_id)] == list(range(1, 23))


def test_an_idle_writer_files_what_there_is(ledger: SqliteLedger, tamper: Tamper) -> None:
    facts, _ = session()
    ledger.append(facts, [beat(0), beat(1)], NOW)
    wait_for(lambda: tamper("SELECT position FROM filed_up_to") == [(3,)])
    assert tamper("SELECT seq, nth, position FROM filed ORDER BY 1") == [(-1, 0, 1), (0, 0, 2), (1, 0, 3)]


def test_a_filing_that_fails_costs_nobody_a_beat_and_is_tried_again(
    path: Path, tamper: Tamper, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("yanxiu.engines.sqlite.ledger.IDLE_SECONDS", 0.01)
    ledger = SqliteLedger(path)
    facts, _ = session()
    tamper("CREATE TRIGGER no_room BEFORE INSERT ON filed BEGIN SELECT RAISE(FAIL, 'no room'); END")
    assert ledger.append(facts, [beat(0)], NOW).durable_seq == 0
    wait_for(lambda: "could not be filed" in caplog.text)
    assert ledger.append(facts, [beat(1), beat(0)], NOW).durable_seq == 1
    assert [entry.seq for entry in ledger.of_person(facts.person_id)] == [-1, 0, 1]
    tamper("DROP TRIGGER no_room")
    ledger.append(facts, [beat(2)], NOW)
    wait_for(lambda: tamper("SELECT position FROM filed_up_to") == [(4,)])
    assert [entry.seq for entry in ledger.of_person(facts.person_id)] == [-1, 0, 1, 2]
    ledger.close()


def test_an_entry_that_repeats_another_is_told_and_the_first_stands(
    path: Path, tamper: Tamper, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("yanxiu.engines.sqlite.ledger.IDLE_SECONDS", 3600)
    facts, _ = session()
    ledger = SqliteLedger(path)
    ledger.append(facts, [beat(0)], NOW)
    ledger.close()
    copied = (
        "INSERT INTO entry SELECT 3, kind, person_id, sid, seq, received_ms, body, 'x' FROM entry WHERE position = 2"
    )
    tamper(copied)
    monkeypatch.setattr("yanxiu.engines.sqlite.ledger.IDLE_SECONDS", 0.01)
    ledger = SqliteLedger(path)
    ledger.append(facts, [beat(1)], NOW)
    wait_for(lambda: tamper("SELECT position FROM filed_up_to") == [(4,)])
    assert tamper("SELECT position FROM filed WHERE seq = 0") == [(2,)]
    assert "repeat a (sid, seq)" in caplog.text
    assert list(ledger.broken_links()) != []
    ledger.close()


def test_answers_come_in_the_order_of_submission_and_one_call_a_group(ledger: SqliteLedger) -> None:
    heard: list[int | str] = []
    done = threading.Event()

    def wake() -> None:
        heard.append("wake")
        if len(heard) - heard.count("wake") == len(sessions):
            done.set()

    sessions: list[SessionFacts] = [session(person)[0] for person in range(1, 41)]
    for number, facts in enumerate(sessions):
        ledger.submit(facts, [beat(0)], NOW, lambda _, number=number: heard.append(number), wake=wake)  # type: ignore[misc]  # bound
    assert done.wait(20)
    assert [number for number in heard if number != "wake"] == list(range(40))
    assert heard.count("wake") < 40
    assert heard[-1] == "wake"


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)
