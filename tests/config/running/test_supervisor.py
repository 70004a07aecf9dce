"""A child that is stopped or dies leaves nobody of its own behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from yanxiu.config.running import supervisor
from yanxiu.config.running.supervisor import Child, start, stop

# Starts a process that does nothing for long, writes its pid, and hears no SIGTERM; neither does what it started.
STUBBORN = """
import pathlib, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
file = pathlib.Path(sys.argv[1])
file.with_suffix(".new").write_text(str(own.pid))
file.with_suffix(".new").rename(file)
own.wait()
"""


def _until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def _lives(pid: int) -> bool:
    """Neither gone nor a zombie nobody has waited for."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def stubborn(tmp_path: Path) -> tuple[Child, int]:
    """A running child and the pid of what it has started."""
    file = tmp_path / "pid"
    child = Child("stubborn", [sys.executable, "-c", STUBBORN, str(file)])
    start(child)
    assert _until(file.exists)
    return child, int(file.read_text())


def test_a_child_that_hears_no_sigterm_is_killed_with_all_it_started(
    stubborn: tuple[Child, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    child, own = stubborn
    stop(child)
    assert child.process is not None
    assert child.process.poll() == -signal.SIGKILL
    assert _until(lambda: not _lives(own))


def test_what_a_killed_child_had_started_is_gone_before_it_starts_again(stubborn: tuple[Child, int]) -> None:
    child, own = stubborn
    first = child.process
    assert isinstance(first, subprocess.Popen)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert _lives(own)
    assert supervisor._restart(child)
    assert _until(lambda: not _lives(own))
    os.kill(child.process.pid, signal.SIGKILL)
    stop(child)


def test_stopping_twice_is_stopping_once(stubborn: tuple[Child, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    stop(stubborn[0])
    stop(stubborn[0])
