"""The real server process: what its endpoint answers, and that kill -9 loses nothing acknowledged."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from config.running.test_supervisor import _lives as lives
from factories.beats import post, session, wire_beat
from factories.running import running

from yanxiu.config import options
from yanxiu.core.time import clock
from yanxiu.engines.sqlite.ledger import SqliteLedger

COMMAND = [
    sys.executable, "-m", "yanxiu.config.running.web", "--interface", "asgi", "--host", "127.0.0.1", "--workers", "1", "--no-ws",
    "--log-level", "critical", "yanxiu.config.asgi:application",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def worker_of(server: "subprocess.Popen[bytes]") -> list[int]:
    """Child processes of granian's main process."""
    found = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii")
    return [int(child) for child in found.split()]


@contextmanager
def served(folder: Path, port: int, *, by_force: bool = False, orphaning: bool = False) -> Iterator[None]:
    """A server that answers; ended politely, or, by force, with kill -9 of all its processes, or of granian's own alone."""
    environment = os.environ | {"YANXIU_DATA_DIR": str(folder)}
    environment.pop("YANXIU_TEST_CLOCK", None)
    with running([*COMMAND, "--port", str(port)], environment) as server:
        wait_for(server, port)
        yield
        if by_force:
            for pid in (*worker_of(server), server.pid):
                os.kill(pid, signal.SIGKILL)
        elif orphaning:
            left = worker_of(server)
            server.kill()
            wait_until_gone(left)


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + 15
    while any(lives(pid) for pid in pids):
        assert time.monotonic() < deadline, "the worker outlived granian"
        threading.Event().wait(0.02)


def wait_for(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Until a POST is answered: granian listens before its worker is ready."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            ask(port, b"{")
        except (OSError, HTTPException):
            threading.Event().wait(0.02)
        else:
            return
    raise AssertionError("the server does not answer")


def ask(port: int, body: bytes, method: str = "POST", **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, "/api/beats", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path / "data"))
    return options.data_dir()


def token_of(person: int) -> str:
    return session(person, opened_ms=clock.now_ms() - 3_600_000, key=options.secret("beats"))[1]


def test_the_endpoint_answers_before_django_does(folder: Path) -> None:
    port = free_port()
    token = token_of(1)
    with served(folder, port):
        status, answer, headers = ask(port, post(token, wire_beat(0)), **{"Content-Type": "text/plain;charset=UTF-8"})
        assert (status, answer["durable_seq"], answer["refused"]) == (200, 0, [])
        assert headers["content-type"] == "application/json"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert ask(port, post(token, wire_beat(0)), Origin=f"http://127.0.0.1:{port}")[0] == 200
        for foreign in ("https://evil.example", "null", f"http://127.0.0.1:{port + 1}", "http://[", "file://"):
            status, answer, _ = ask(port, post(token, wire_beat(1)), Origin=foreign)
            assert (status, answer["error"]) == (403, "foreign_origin")
        status, answer, headers = ask(port, b"", "GET")
        assert (status, headers["allow"]) == (405, "POST")
        assert ask(port, b"{")[0] == 422
        assert ask(port, post("no.token", wire_beat(1)))[0] == 401
        status, answer, _ = ask(port, post(token) + b" " * 5_000_000)
        assert (status, answer["error"]) == (413, "too_large")
        assert chunked(port, 5_000_000) == 413
        assert ask(port, post(token, wire_beat(0, [0, 15_000, 7, 15_007])))[0] == 409
    ledger = SqliteLedger(folder / "ledger.sqlite3")
    assert [(entry.kind, entry.seq) for entry in ledger.entries(0, 10)] == [
        ("session", -1),
        ("beat", 0),
        ("challenge", -1),  # an hour after the lesson was opened
        ("conflict", 0),
    ]
    ledger.close()


def chunked(port: int, size: int) -> int:
    """Status for a body whose length was never declared."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(
            "POST",
            "/api/beats",
            (b" " * 50_000 for _ in range(size // 50_000)),
            encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        )
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_ledger_that_cannot_be_opened_means_503_and_is_tried_again(folder: Path) -> None:
    file = folder / "ledger.sqlite3"
    file.write_bytes(b"damaged " * 1000)
    port = free_port()
    token = token_of(1)
    with served(folder, port, orphaning=True):
        status, answer, headers = ask(port, post(token, wire_beat(0)))
        assert (status, answer["error"], headers["retry-after"]) == (503, "not_stored", "5")
        assert file.read_bytes() == b"damaged " * 1000
        file.rename(folder / "damaged.sqlite3")
        assert ask(port, post(token, wire_beat(0)))[0] == 200


class Learner(threading.Thread):
    """Sends beat after beat until the server dies; what was in flight is sent again to the next one."""

    def __init__(self, person: int) -> None:
        super().__init__()
        self.token = token_of(person)
        self.port = 0
        self.acknowledged = 0  # beats 0 … acknowledged - 1

    def run(self) -> None:
        try:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
            while self.acknowledged < 240:
                again = max(0, self.acknowledged - 2)
                beats = [wire_beat(seq) for seq in range(again, self.acknowledged + 2)]
                connection.request("POST", "/api/beats", post(self.token, *beats))
                answer = json.loads(connection.getresponse().read())
                assert answer["refused"] == []
                assert answer["durable_seq"] >= self.acknowledged + 1
                self.acknowledged += 2
        except (OSError, HTTPException):
            return


def test_kill_9_with_beats_in_flight_loses_none_acknowledged_and_stores_none_twice(folder: Path) -> None:
    sent = [(number, token_of(number)) for number in range(1, 9)]
    progress = dict.fromkeys((number for number, _ in sent), 0)
    for round_ in range(4):
        port = free_port()
        learners = []
        for number, token in sent:
            learner = Learner(number)
            learner.token, learner.port, learner.acknowledged = token, port, progress[number]
            learners.append(learner)
        with served(folder, port, by_force=True):
            for learner in learners:
                learner.start()
            deadline = time.monotonic() + 20
            while sum(learner.acknowledged for learner in learners) < 64 * (round_ + 1) + 7 * round_:
                assert time.monotonic() < deadline
                threading.Event().wait(0.003)
        for learner in learners:
            learner.join(30)
        progress = {number: learner.acknowledged for (number, _), learner in zip(sent, learners, strict=True)}
        check(folder, progress)
    assert sum(progress.values()) >= 256


def check(folder: Path, progress: dict[int, int]) -> None:
    ledger = SqliteLedger(folder / "ledger.sqlite3")
    try:
        assert list(ledger.broken_links()) == []
        for person, acknowledged in progress.items():
            seqs = [entry.seq for entry in ledger.of_person(person) if entry.kind == "beat"]
            assert len(seqs) == len(set(seqs))
            assert set(range(acknowledged)) <= set(seqs)
            assert [entry.kind for entry in ledger.of_person(person)].count("session") == (1 if seqs else 0)
    finally:
        ledger.close()
