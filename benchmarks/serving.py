"""Claim: a page served from our lanes of threads costs the server less CPU than by Django's own ASGI handler.

    python benchmarks/serving.py [--times N] [--rounds N] [--record]

Both are granian with one worker, over copies of one small class (tests/e2e/stage.py), asked by a process of its own on four keep-alive
connections, in turns. CPU is what the server's processes used, user and system, a request; medians of the rounds. The page
/healthz asks nothing of anybody: what it costs is what serving costs. Exit code 1 where it costs more than 1/1.5 of what it does
with Django's handler.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from yanxiu.config.running.supervisor import Child, start, stop

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
LEAST = 1.5
CONNECTIONS = 4
CLASS = "/my/classes/small-2017"
PASSWORD, PHONE = "liudong-4-kandao-haiou", "10000000100"
PAGES = {
    "health": "/healthz",
    "sign-in": "/sign-in",
    "lessons": f"{CLASS}/lessons",
    "home": CLASS,
    "session": "/api/sessions",
}
SIDES = {"Django": "serving_parts:application", "ours": "yanxiu.config.asgi:application"}


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _tree(int(child))
    return found


def _cpu_seconds(pid: int) -> float:
    ticks = 0
    for each in _tree(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class _Server:
    def __init__(self, folder: str, application: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        own = {
            "YANXIU_DATA_DIR": folder, "YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": f"{folder}/clock",
            "YANXIU_ORIGIN": f"http://127.0.0.1:{self._port}", "YANXIU_STAFF_SECOND_FACTOR": "off", "PYTHONPATH": str(HERE),
        }  # fmt: skip
        command = [
            sys.executable,
            "-m",
            "yanxiu.config.running.web",  # granian's own command, which leaves when this process is killed
            "--interface",
            "asgi",
            "--port",
            str(self._port),
            "--no-ws",
            application,
        ]
        self._child = Child("server", [*command, "--log-level", "warning"], own)
        start(self._child)
        assert self._child.process is not None
        self._process = self._child.process
        self._cookies: dict[str, str] = {}
        self._wait()
        self._sign_in()

    def _wait(self) -> None:
        while self._process.poll() is None:
            try:
                return HTTPConnection("127.0.0.1", self._port, timeout=5).request("GET", "/healthz")
            except OSError:
                time.sleep(0.1)
        raise SystemExit("a server of the benchmark ended early")

    def _ask(
        self, connection: HTTPConnection, address: str, body: str | None = None, kind: str = ""
    ) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(map("=".join, self._cookies.items())), "Content-Type": kind}
        headers["X-CSRFToken"] = self._cookies.get("csrf", "")
        connection.request("GET" if body is None else "POST", address, body, headers)
        answer = connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self._cookies[name] = rest.split(";")[0]
        return answer.status, answer.read().decode()

    def _sign_in(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', self._ask(connection, "/sign-in")[1])
        assert token
        form = urlencode({"phone": PHONE, "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
        assert self._ask(connection, "/sign-in", form, "application/x-www-form-urlencoded")[0] == 302
        told = re.search(r'id="player-page"[^>]*>(.*?)</script>', self._ask(connection, f"{CLASS}/lessons/1")[1])
        assert told
        page = json.loads(told[1])
        self._session = json.dumps({"enrolment": page["enrolment"], "lesson": page["lesson"]})
        self._visitor = {
            "Cookie": "; ".join(map("=".join, self._cookies.items())),
            "X-CSRFToken": self._cookies["csrf"],
        }

    def _worker(self, name: str, times: int, taken: list[float]) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        method, body = ("POST", self._session) if name == "session" else ("GET", None)
        headers = {} if name in {"health", "sign-in"} else self._visitor | {"Content-Type": "application/json"}
        for _ in range(times):
            began = time.perf_counter()
            connection.request(method, PAGES[name], body, headers)
            answer = connection.getresponse()
            answer.read()
            taken.append(time.perf_counter() - began)
            assert answer.status in {200, 201}, (name, answer.status)

    def load(self, name: str, times: int) -> tuple[float, float, float]:
        """(CPU ms a request, median ms, p95 ms)."""
        taken: list[float] = []
        before = _cpu_seconds(self._process.pid)
        workers = [
            threading.Thread(target=self._worker, args=(name, times // CONNECTIONS, taken)) for _ in range(CONNECTIONS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        used = _cpu_seconds(self._process.pid) - before
        taken.sort()
        return used / len(taken) * 1000, statistics.median(taken) * 1000, taken[int(len(taken) * 0.95)] * 1000

    def end(self) -> None:
        stop(self._child)  # with all it has started


def measure(times: int, rounds: int) -> dict[str, dict[str, list[tuple[float, float, float]]]]:
    with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
        subprocess.run([sys.executable, str(TESTS / "e2e" / "stage.py"), folder, "12"], check=True)
        servers = {side: _Server(folder, application) for side, application in SIDES.items()}
        found: dict[str, dict[str, list[tuple[float, float, float]]]] = {}
        try:
            for name in PAGES:
                for server in servers.values():
                    server.load(name, 2 * CONNECTIONS)
                found[name] = {side: [] for side in SIDES}
                for _ in range(rounds):
                    for side, server in servers.items():
                        found[name][side].append(server.load(name, times))
        finally:
            for server in servers.values():
                server.end()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=80, help="requests a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--record", action="store_true", help="write the section of RESULTS.md")
    asked = parser.parse_args()
    rows, ratios = [], {}
    for name, sides in measure(asked.times, asked.rounds).items():
        medians = {side: [statistics.median(each) for each in zip(*runs, strict=True)] for side, runs in sides.items()}
        ratios[name] = medians["Django"][0] / medians["ours"][0]
        cells = [f"{cpu:.1f} | {middle:.0f}, {late:.0f}" for cpu, middle, late in medians.values()]
        rows.append(f"| {name} | {' | '.join(cells)} | {ratios[name]:.1f} × |")
    head = "| page | Django: CPU ms | p50, p95 ms | ours: CPU ms | p50, p95 ms | less CPU |\n|---|---|---|---|---|---|"
    text = "\n".join([head, *rows, "", f"Load average {os.getloadavg()[0]:.1f}."])
    print(text)
    if asked.record:
        from results import record

        record(
            "serving",
            f"Claim: serving itself (the page health) costs at least {LEAST} times less CPU than Django's ASGI handler.\n\n{text}",
        )
    return 0 if ratios["health"] >= LEAST else 1


if __name__ == "__main__":
    raise SystemExit(main())
