"""POST /api/beats below any server: how its body may arrive, and who hears what when the ledger cannot."""

import asyncio
import json
import threading
from collections.abc import Iterator, MutableMapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories.beats import KEY, post, session, wire_beat

from yanxiu.core.time import clock
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.faces.intake.endpoint import BeatsEndpoint, Looker


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.sqlite3")
    yield opened
    opened.close()


async def send(
    endpoint: BeatsEndpoint, *pieces: bytes, declared: int | None, gone: bool = False
) -> tuple[int, Any, int]:
    """Status, JSON, and how many messages of the request were left unread."""
    messages: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": True} for piece in pieces
    ]
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False})
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return messages.pop(0)

    async def answer(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [] if declared is None else [(b"content-length", b"%d" % declared)]
    await endpoint({"type": "http", "method": "POST", "path": "/api/beats", "headers": headers}, receive, answer)
    return sent[0]["status"], json.loads(sent[1]["body"]), len(messages)


def body_of(person: int, *seqs: int) -> bytes:
    return post(session(person, opened_ms=clock.now_ms() - 3_600_000)[1], *map(wire_beat, seqs))


def test_a_body_is_whole_when_its_declared_length_is_there_and_no_sooner(ledger: SqliteLedger) -> None:
    endpoint = BeatsEndpoint(lambda: ledger, KEY, "http://127.0.0.1:8000")

    async def scenario() -> None:
        one, two, three = body_of(1, 0), body_of(2, 0), body_of(3, 0)
        status, answer, unread = await send(endpoint, one, declared=len(one))
        assert (status, answer["durable_seq"], unread) == (200, 0, 1)
        status, answer, unread = await send(endpoint, two[:100], two[100:], declared=len(two))
        assert (status, answer["durable_seq"], unread) == (200, 0, 0)
        status, answer, unread = await send(endpoint, three, declared=None)
        assert (status, answer["durable_seq"], unread) == (200, 0, 0)
        status, answer, _ = await send(endpoint, one[:100], declared=len(one), gone=True)
        assert (status, answer["error"]) == (422, "malformed")

    asyncio.run(scenario())
    assert [[entry.seq for entry in ledger.of_person(person) if entry.kind == "beat"] for person in (1, 2, 3)] == [
        [0]
    ] * 3


def test_many_at_once_each_hear_their_own_answer(ledger: SqliteLedger) -> None:
    endpoint = BeatsEndpoint(lambda: ledger, KEY, "http://127.0.0.1:8000")

    async def scenario() -> list[tuple[int, Any, int]]:
        bodies = [body_of(person, *range(person)) for person in range(1, 60)]
        return await asyncio.gather(*[send(endpoint, body, declared=len(body)) for body in bodies])

    assert [(status, answer["durable_seq"]) for status, answer, _ in asyncio.run(scenario())] == [
        (200, person - 1) for person in range(1, 60)
    ]


def test_a_client_that_has_gone_keeps_nobody_else_waiting(ledger: SqliteLedger) -> None:
    endpoint = BeatsEndpoint(lambda: ledger, KEY, "http://127.0.0.1:8000")

    async def scenario() -> list[int]:
        bodies = [body_of(person, 0) for person in range(1, 9)]
        tasks = [asyncio.create_task(send(endpoint, body, declared=len(body))) for body in bodies]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::2])
        return [answer[0] for answer in answers[1::2] if not isinstance(answer, BaseException)]

    assert asyncio.run(scenario()) == [200] * 4


def test_a_closed_ledger_is_told_as_not_stored(ledger: SqliteLedger) -> None:
    endpoint = BeatsEndpoint(lambda: ledger, KEY, "http://127.0.0.1:8000")
    ledger.close()
    body = body_of(1, 0)
    status, answer, _ = asyncio.run(send(endpoint, body, declared=len(body)))
    assert (status, answer["error"]) == (503, "not_stored")


class SlowView:
    """What is counted, on a disk that answers when it is let."""

    def __init__(self) -> None:
        self.released, self.thread = threading.Event(), 0

    def of(self, enrolment_id: int, lesson_id: int, day: date) -> tuple[int, int, int, int] | None:
        self.thread = threading.get_ident()
        self.released.wait(10)
        return 1, 2, 3, 4

    def position(self) -> int:
        return -1

    def publish(self, *_cells: object, **_how: object) -> None: ...


def test_a_slow_disk_under_what_is_counted_holds_up_neither_the_loop_nor_the_answer(
    ledger: SqliteLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Looker, "PATIENCE", 0.05)
    monkeypatch.setattr(Looker, "MOST", 2)
    view = SlowView()
    endpoint = BeatsEndpoint(lambda: ledger, KEY, "http://127.0.0.1:8000", lambda: view)
    wanting = [json.dumps({**json.loads(body_of(n, 0)), "want": "credited"}).encode() for n in (1, 2, 3, 4)]

    async def scenario() -> None:
        asked = [asyncio.create_task(send(endpoint, body, declared=len(body))) for body in wanting]
        plain = body_of(5, 0)
        assert (await send(endpoint, plain, declared=len(plain)))[1]["durable_seq"] == 0
        assert not view.released.is_set()
        answers = [(await each)[1] for each in asked]
        assert [(answer["durable_seq"], answer.get("credited")) for answer in answers] == [(0, None)] * 4
        view.released.set()
        while (answer := (await send(endpoint, wanting[0], declared=len(wanting[0])))[1]).get("credited") is None:
            continue  # until those before it have been looked up
        assert answer["credited"] == {"lesson": 1, "today": 2, "class": 3, "as_of": 4}
        assert view.thread != threading.get_ident()

    asyncio.run(scenario())
