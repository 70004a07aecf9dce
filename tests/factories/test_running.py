"""What tests start leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from config.running.test_supervisor import _lives as lives
from factories.running import begin, end

ROOT = Path(__file__).parents[2]
# Something that starts something of its own, both deaf to SIGTERM.
DEAF = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(own.pid, flush=True)
own.wait()
"""
# As a test run that is killed while its server runs.
RUN = """
import os, sys
from factories.running import begin
print(begin([sys.executable, "-c", sys.argv[1]], os.environ).pid, flush=True)
sys.stdin.read()
"""
LIFELINE = """
from yanxiu.config.running.lifeline import end_with_supervisor
end_with_supervisor()
import time; time.sleep(600)
"""


def _gone(pid: int) -> bool:
    deadline = time.monotonic() + 30
    while lives(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not lives(pid)


def test_what_a_process_has_started_goes_with_it_even_if_neither_listens(tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = begin(["sh", "-c", f'exec "{sys.executable}" -c "$0" > "$1"', DEAF, str(out)], os.environ)
    deadline = time.monotonic() + 30
    while not (out.exists() and out.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    with pytest.raises(subprocess.TimeoutExpired):
        end(process, 0.2)
    assert process.returncode == -signal.SIGKILL
    assert _gone(int(out.read_text()))


def test_it_leaves_when_the_test_run_is_killed() -> None:
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    with subprocess.Popen(
        [sys.executable, "-c", RUN, LIFELINE], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        started = int(run.stdout.readline())
        assert lives(started)
        run.kill()
    assert _gone(started)
