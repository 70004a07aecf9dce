"""The movable clock of the play: a file both this process and its server read; it only ever goes forward."""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["PlayClock"]


class PlayClock:
    """Moves the time of facts; sign-in and link expiry keep real time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.at = 0
        os.environ["YANXIU_TESTING"] = "1"
        os.environ["YANXIU_TEST_CLOCK"] = str(path)

    def move(self, epoch: int) -> None:
        """To this instant, atomically for every reader."""
        if epoch < self.at:
            raise ValueError("the clock of the play goes forward only")
        if epoch != self.at:
            self.at = epoch
            self._write(datetime.fromtimestamp(epoch, UTC))

    def _write(self, instant: datetime) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(instant.isoformat(), encoding="ascii")
        new.replace(self.path)

    def run_on(self) -> None:
        """From now on it ticks like a clock, so that somebody can study in the demo."""
        started, from_here = time.monotonic(), self.at

        def tick() -> None:
            pause = threading.Event()
            while not pause.wait(0.5):
                self._write(datetime.fromtimestamp(from_here + time.monotonic() - started, UTC))

        threading.Thread(target=tick, daemon=True).start()
