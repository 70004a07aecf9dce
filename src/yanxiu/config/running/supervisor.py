"""Keeps child processes running: starts them, starts a died one again, stops them all in order."""

import logging
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from yanxiu.config.running import lifeline

__all__ = ["Child", "start", "stop", "supervise"]

log = logging.getLogger(__name__)
STOP_SECONDS = 10.0
FAST_DEATH_SECONDS = 2.0
GIVE_UP_AFTER = 5


@dataclass
class Child:
    """A command to keep running; `extra` joins the environment of this process."""

    name: str
    command: Sequence[str]
    extra: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    fast_deaths: int = 0


def start(child: Child) -> None:
    """Start it in its own process group: Ctrl-C reaches the parent alone, which then stops the children in order.

    Should the parent be killed before it can, the children notice by its lifeline and leave.
    """
    reading, told = lifeline.handed_down()
    child.started = time.monotonic()
    child.process = subprocess.Popen(  # noqa: S603  (our own commands, no shell)
        child.command, env={**os.environ, **child.extra, **told}, start_new_session=True, pass_fds=(reading,)
    )


def stop(child: Child) -> None:
    """SIGTERM, then SIGKILL after ten seconds: what was acknowledged is on disk either way. Nothing it started outlives it."""
    process = child.process
    if process is None:
        return
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    _sweep(process)
    process.wait()


def _sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of its group: granian's own worker would go on taking requests beside the one started next."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _watch(child: Child, deaths: "queue.SimpleQueue[Child | None]") -> None:
    process = child.process
    if process is None:
        return

    def wait() -> None:
        process.wait()
        deaths.put(child)

    threading.Thread(target=wait, daemon=True).start()


def _restart(child: Child) -> bool:
    """Start a died child again; False when it has died at once too often to go on."""
    if child.process is not None:
        _sweep(child.process)
    lived = time.monotonic() - child.started
    child.fast_deaths = child.fast_deaths + 1 if lived < FAST_DEATH_SECONDS else 0
    if child.fast_deaths >= GIVE_UP_AFTER:
        log.error("%s 一启动就退出，已放弃", child.name)
        return False
    log.warning("%s 退出（%s），重新启动", child.name, child.process.returncode if child.process else "?")
    time.sleep(min(child.fast_deaths * 0.5, 2.0))
    start(child)
    return True


def supervise(children: Sequence[Child]) -> int:
    """Runs until SIGTERM or SIGINT (0), or until a child cannot be kept alive (2)."""
    events: queue.SimpleQueue[Child | None] = queue.SimpleQueue()
    before = {number: signal.signal(number, lambda *_: events.put(None)) for number in (signal.SIGTERM, signal.SIGINT)}
    code = 0
    try:
        for child in children:
            start(child)
            _watch(child, events)
        while (died := events.get()) is not None:
            if not _restart(died):
                code = 2
                break
            _watch(died, events)
    finally:
        for child in children:
            stop(child)
        for number, handler in before.items():
            signal.signal(number, handler)
    return code
