"""A child leaves when its supervisor is gone, however that died: docs/decisions/0042.

The supervisor holds the writing end of a pipe that nobody writes to; every child inherits the reading end. The system closes the
writing end with the supervisor, also after kill -9, and a child reading the pipe comes to its end.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from functools import cache

__all__ = ["end_with_parent", "end_with_supervisor", "handed_down"]

ENVIRONMENT = "YANXIU_LIFELINE"  # set by the supervisor for its children, no option of an installation
LEAVE_SECONDS = 3.0


@cache
def _pipe() -> tuple[int, int]:
    """Of this process, as long as it lives; neither end is inherited unless handed down."""
    return os.pipe()


def handed_down() -> tuple[int, dict[str, str]]:
    """For a new child: the descriptor to inherit, and what tells the child of it."""
    reading, _writing = _pipe()
    return reading, {ENVIRONMENT: str(reading)}


def end_with_supervisor() -> None:
    """In a child, first of all. Does nothing in a process no supervisor has started."""
    told = os.environ.pop(ENVIRONMENT, "")  # what this process starts is its own to end
    if told:
        _when_over(lambda: _read_to_the_end(int(told)))


def end_with_parent() -> None:
    """In a process of `multiprocessing` (granian's worker): its parent may be killed alone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        _when_over(parent.join)


def _read_to_the_end(descriptor: int) -> None:
    os.set_inheritable(descriptor, False)
    while os.read(descriptor, 1):
        pass


def _when_over(wait: Callable[[], object]) -> None:
    def watch() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(LEAVE_SECONDS)
        _kill()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def _kill() -> None:
    """With everything this process has started, if the group is its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
