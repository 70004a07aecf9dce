"""A site of its own whose clock the test moves, for a walk through a whole class."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from e2e.conftest import HERE, wait_for_server
from factories.running import begin, end

__all__ = ["Walk"]


class Walk:
    """A server over the class of walk_stage.py. Time passes on it from wherever `at` puts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        command = [sys.executable, str(HERE / "walk_stage.py"), str(folder)]
        staged = subprocess.run(command, check=True, timeout=300, capture_output=True, text=True)
        self.told: dict[str, Any] = json.loads(staged.stdout.splitlines()[-1])
        self._begins = (datetime.fromisoformat("2017-06-08T08:00:00+08:00"), time.monotonic())
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._ticking = threading.Thread(target=self._tick)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://localhost:{port}"
        self.environment = os.environ | {
            "YANXIU_DATA_DIR": str(folder), "YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": str(folder / "clock"),
            "YANXIU_ORIGIN": self.address, "YANXIU_STAFF_SECOND_FACTOR": "optional",
            "YANXIU_FRESH_MINUTES": "0",  # grave deeds ask for the password every time
        }  # fmt: skip
        web = [
            sys.executable,
            "-m",
            "yanxiu.config.running.web",
            "--interface",
            "asgi",
            "--host",
            "127.0.0.1",
            "--no-ws",
        ]
        self.server = begin([*web, "--port", str(port), "yanxiu.config.asgi:application"], self.environment)

    def __enter__(self) -> Self:
        self._ticking.start()
        try:
            wait_for_server(self.address, self.server)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_why: object) -> None:
        self._stop.set()
        self._ticking.join()
        end(self.server)

    def _write(self) -> None:
        started, since = self._begins
        new = self.folder / "clock.new"
        new.write_text((started + timedelta(seconds=time.monotonic() - since)).isoformat(), encoding="ascii")
        new.replace(self.folder / "clock")

    def _tick(self) -> None:
        while not self._stop.wait(0.05):
            with self._lock:
                self._write()

    def at(self, instant: str) -> None:
        """Moves the clock of facts; it goes on from there."""
        with self._lock:
            self._begins = (datetime.fromisoformat(instant), time.monotonic())
            self._write()

    def run(self, *command: str) -> None:
        """One of the background commands, once."""
        subprocess.run([sys.executable, "-m", "yanxiu", *command], env=self.environment, check=True, timeout=120)
