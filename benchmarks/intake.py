"""Claim: the intake takes at least 20 times the beats a second of a plain Django ORM view, both fsync'd before each 200.

One beat a POST, 64 keep-alive connections, SQLite with WAL and synchronous=FULL read back on both, one granian worker
each, the load in a process of its own; median of alternated runs. Every acknowledged beat is counted in the files
afterwards. Exit status 1 below the ratio claimed or when a beat is missing.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from results import record

HERE = Path(__file__).resolve().parent
CONNECTIONS = 64
CLAIM = 20.0
GRANIAN = [
    sys.executable,
    "-m",
    "granian",
    "--host",
    "127.0.0.1",
    "--workers",
    "1",
    "--no-ws",
    "--log-level",
    "warning",
]


def plain_server(port: int) -> Sequence[str]:
    """WSGI, and granian's own number of threads: of all settings tried the best for this view."""
    return [*GRANIAN, "--port", str(port), "--interface", "wsgi", "intake_parts.baseline:application"]


def our_server(port: int) -> Sequence[str]:
    """The very command `yanxiu serve` runs."""
    from yanxiu.config.running.processes import web_child

    return web_child("127.0.0.1", port).command


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(command: Callable[[int], Sequence[str]], environment: dict[str, str]) -> Iterator[int]:
    """A server process on a free port, until the block ends."""
    port = free_port()
    server = subprocess.Popen(command(port), cwd=HERE, env=os.environ | environment)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise SystemExit(f"{command(port)} does not start") from None
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(30)


class Side:
    """One of the two servers under load."""

    def __init__(self, name: str, port: int, tokens: list[str]) -> None:
        self.name, self.port, self.tokens = name, port, tokens
        self.next = 0
        self.acknowledged = 0
        self.runs: list[dict[str, Any]] = []

    def load(self, seconds: float, *, counted: bool = True) -> None:
        order = {"port": self.port, "seconds": seconds, "first": self.next, "tokens": self.tokens}
        done = subprocess.run(
            [sys.executable, str(HERE / "intake_parts" / "load.py")],
            input=json.dumps(order), capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = json.loads(done.stdout)
        self.next = found["next"]
        self.acknowledged += found["acknowledged"]
        if found["others"]:
            raise SystemExit(f"{self.name}: {found['others']} answers were not 200")
        if counted:
            found["per_second"] = found["acknowledged"] / found["seconds"]
            self.runs.append(found)
            print(
                f"{self.name:9} {found['per_second']:9.0f} /s   p50 {found['p50_ms']:7.1f} ms   p99 {found['p99_ms']:7.1f} ms"
            )

    def median(self, name: str) -> float:
        return statistics.median(run[name] for run in self.runs)


def our_tokens(folder: Path) -> list[str]:
    os.environ["YANXIU_DATA_DIR"] = str(folder)
    from yanxiu.config import options
    from yanxiu.core.time import clock
    from yanxiu.study.intake.sessions import Lesson, Terms, open_session

    yesterday = clock.now_ms() - 71 * 3600 * 1000
    terms = Terms("standard@1", 1.5, 15_000, "Asia/Shanghai")
    lessons = [Lesson(n, n, 1, 1, 1, "video", 100 * 3600 * 1000) for n in range(1, CONNECTIONS + 1)]
    return [open_session(lesson, terms, yesterday, options.secret("beats"))[1] for lesson in lessons]


def compare(folder: Path, seconds: float, rounds: int) -> tuple[Side, Side, dict[str, Any]]:
    baseline_db = folder / "baseline.sqlite3"
    os.environ["BASELINE_DB"] = str(baseline_db)
    from intake_parts import baseline

    baseline.prepare()
    ours_at = folder / "yanxiu"
    tokens = our_tokens(ours_at)
    environment = {"YANXIU_DATA_DIR": str(ours_at)}
    with (
        served(plain_server, {"BASELINE_DB": str(baseline_db)}) as plain_port,
        served(our_server, environment) as our_port,
    ):
        plain = Side("Django", plain_port, [baseline.token(n) for n in range(1, CONNECTIONS + 1)])
        ours = Side("Yanxiu", our_port, tokens)
        for side in (plain, ours):
            side.load(1.0, counted=False)
        for _ in range(rounds):
            plain.load(seconds)
            ours.load(seconds)
        with urllib.request.urlopen(f"http://127.0.0.1:{plain_port}/durability") as answer:
            read_back: dict[str, Any] = {"Django": json.load(answer)}
    read_back["Yanxiu"] = audited(ours_at, ours.acknowledged)
    stored = baseline.Beat.objects.count()
    if stored != plain.acknowledged:
        raise SystemExit(f"Django: {plain.acknowledged} acknowledged, {stored} stored")
    return plain, ours, read_back


def audited(folder: Path, acknowledged: int) -> dict[str, Any]:
    """Every beat acknowledged is in the ledger, its chain is whole; the durability its engine insists on."""
    from yanxiu.engines.sqlite.ledger import SqliteLedger

    ledger = SqliteLedger(folder / "ledger.sqlite3")
    stored = ledger.head()[0] - CONNECTIONS  # one entry a session beside the beats
    broken = list(ledger.broken_links())
    durability = ledger.durability()
    ledger.close()
    if stored != acknowledged or broken:
        raise SystemExit(f"Yanxiu: {acknowledged} acknowledged, {stored} stored, broken links {broken}")
    return durability


def report(plain: Side, ours: Side, read_back: dict[str, Any]) -> float:
    ratio = ours.median("per_second") / plain.median("per_second")
    for name, found in read_back.items():
        print(f"{name:9} read back: {found}")
        if (found["journal_mode"], found["synchronous"]) != ("wal", 2):
            raise SystemExit(f"{name} was not durable; nothing was compared")
    result = {
        "benchmark": "intake", "connections": CONNECTIONS, "runs": len(ours.runs), "ratio": round(ratio, 1), "claim": CLAIM,
        "yanxiu_per_second": round(ours.median("per_second")), "django_per_second": round(plain.median("per_second")),
        "yanxiu_p99_ms": round(ours.median("p99_ms"), 1), "django_p99_ms": round(plain.median("p99_ms"), 1),
    }  # fmt: skip
    print(json.dumps(result))
    return ratio


def table(plain: Side, ours: Side, ratio: float) -> str:
    """The section of RESULTS.md."""
    lines = [f"{__doc__}\n", "| | beats/s, median (runs) | p50 ms | p99 ms |", "|---|---|---|---|"]
    for side in (plain, ours):
        runs = ", ".join(f"{run['per_second']:.0f}" for run in side.runs)
        rate, p50, p99 = side.median("per_second"), side.median("p50_ms"), side.median("p99_ms")
        lines.append(f"| {side.name} | **{rate:.0f}** ({runs}) | {p50:.1f} | {p99:.1f} |")
    lines.append(
        f"\nRatio of the medians: **{ratio:.1f}** (claimed: {CLAIM:.0f}). Load average {os.getloadavg()[0]:.1f}."
    )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one run")
    parser.add_argument("--rounds", type=int, default=5, help="alternated runs of each side")
    parser.add_argument("--record", action="store_true", help="write the section of RESULTS.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
        plain, ours, read_back = compare(Path(folder), asked.seconds, asked.rounds)
        ratio = report(plain, ours, read_back)
        if asked.record:
            record("intake", table(plain, ours, ratio))
    return 0 if ratio >= CLAIM else 1


if __name__ == "__main__":
    raise SystemExit(main())
