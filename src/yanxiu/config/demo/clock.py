"""The movable clocks of the play: files that a process reads at each call; each only ever goes forward."""

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

    def environment(self) -> dict[str, str]:
        """What a process needs to live by this clock."""
        return {"YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": str(self.path)}

    def rule_here(self) -> None:
        """From now on the process that calls lives by it."""
        os.environ.update(self.environment())

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

    def resume(self) -> None:
        """Go on from what the file says."""
        self.at = int(datetime.fromisoformat(self.path.read_text(encoding="ascii")).timestamp())

    def run_on(self) -> None:
        """From now on it ticks like a clock, so that somebody can study in the demo."""
        started, from_here = time.monotonic(), self.at

        def tick() -> None:
            pause = threading.Event()
            while not pause.wait(0.5):
                self._write(datetime.fromtimestamp(from_here + time.monotonic() - started, UTC))

        threading.Thread(target=tick, daemon=True).start()
