"""A process that a test starts, and that leaves nothing behind: neither when the test fails nor when it is itself killed."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from yanxiu.config.running.lifeline import handed_down

__all__ = ["begin", "end", "running"]


def begin(command: Sequence[str], environment: Mapping[str, str], *, quiet: bool = False) -> "subprocess.Popen[bytes]":
    """In a group of its own. `yanxiu …` and `yanxiu.config.running.web` also leave when this process is gone, by their lifeline."""
    reading, told = handed_down()
    output = subprocess.DEVNULL if quiet else None
    return subprocess.Popen(
        command, env={**environment, **told}, start_new_session=True, pass_fds=(reading,), stdout=output, stderr=output
    )


def end(process: "subprocess.Popen[bytes]", seconds: float = 30) -> int:
    """Politely; whatever is left of its group after that is killed. Its exit code."""
    try:
        process.terminate()
        return process.wait(seconds)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(seconds)


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], *, quiet: bool = False
) -> Iterator["subprocess.Popen[bytes]"]:
    process = begin(command, environment, quiet=quiet)
    try:
        yield process
    finally:
        end(process)
