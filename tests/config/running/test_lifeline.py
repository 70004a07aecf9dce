"""kill -9 of `yanxiu serve` itself: everything it had started leaves, and nothing acknowledged is missing."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from config.running.test_supervisor import _lives as lives
from config.test_asgi import Learner, check, free_port
from config.test_cli import _children as children
from factories.running import begin

from yanxiu.config import options

pytestmark = pytest.mark.slow
KINDS = ("yanxiu.config.running.web", "digest", "worker", "chores")


def _descendants(pid: int) -> dict[int, str]:
    """Everything started by it or by those: pid to command line."""
    found, new = {}, [pid]
    while new:
        new = [each for parent in new for each in children(parent)]
        found |= {each: _command_line(each) for each in new}
    return found


def _command_line(pid: int) -> str:
    file = Path(f"/proc/{pid}/cmdline")
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about in time"
        threading.Event().wait(0.02)


def _healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _all_there(pid: int) -> bool:
    lines = _descendants(pid).values()
    return len(lines) >= 5 and all(any(kind in line for line in lines) for kind in KINDS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path / "data"))
    return options.data_dir()


def test_nobody_outlives_a_killed_supervisor_and_nothing_acknowledged_is_missing(folder: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "yanxiu", "serve", "--port", str(port), "--data-dir", str(folder)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("YANXIU_")}
    serving = begin(command, environment, quiet=True)
    learners = {person: Learner(person) for person in (1, 2)}
    started: dict[int, str] = {}
    try:
        _until(lambda: _healthy(port) and _all_there(serving.pid))
        for learner in learners.values():
            learner.port = port
            learner.start()
        _until(lambda: all(learner.acknowledged for learner in learners.values()))
        started = _descendants(serving.pid)
        os.kill(serving.pid, signal.SIGKILL)
        serving.wait()
        _until(lambda: not any(lives(pid) for pid in started), 15)
    finally:
        started = started or _descendants(serving.pid)
        serving.kill()
        for pid in started:
            if lives(pid):
                os.kill(pid, signal.SIGKILL)
    for learner in learners.values():
        learner.join(30)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))
    check(folder, {person: learner.acknowledged for person, learner in learners.items()})
