"""Threads for work that may wait: as many as a lane allows, each begun when there is work for it and kept."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

__all__ = ["Lane"]

T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Lane:
    """What finds no free thread waits in line. `at_end` runs in every thread that ends.

    Not a ThreadPoolExecutor: that has no place for what a thread must do last, closing its database connections.
    """

    def __init__(self, name: str, most: int, at_end: Callable[[], None] = lambda: None) -> None:
        self._name, self._most, self._at_end = name, most, at_end
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._free = 0  # threads without work, less the jobs on their way to them
        self._closed = False

    def submit(self, call: Callable[..., T], *arguments: Any) -> "Future[T]":
        """The call's future. Cancelling it works as long as it waits in line. RuntimeError once the lane is closed."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError(f"the lane {self._name} is closed")
            self._jobs.put((future, call, arguments))
            if self._free <= 0 and len(self._threads) < self._most:
                thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
            else:
                self._free -= 1
        return future

    def close(self, seconds: float) -> bool:
        """Take nothing more, drop what waits in line, let what has begun end; whether it did in that time."""
        with self._lock:
            self._closed = True
        while not self._jobs.empty():
            if (job := self._jobs.get()) is not None:
                job[0].cancel()
        for _thread in self._threads:
            self._jobs.put(None)
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                tell = _done(*job)
                del job  # what it holds may be large, the next job far away
                with self._lock:  # before whoever hears of it brings the next
                    self._free += 1
                tell()
                del tell
        finally:
            self._at_end()


def _done(future: "Future[Any]", call: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[[], None]:
    """Makes the call; how to say what came of it."""
    if not future.set_running_or_notify_cancel():
        return lambda: None
    try:
        return partial(future.set_result, call(*arguments))
    except BaseException as error:  # noqa: BLE001  (whoever waits for it hears of it)
        return partial(future.set_exception, error)
