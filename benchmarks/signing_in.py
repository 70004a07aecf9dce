"""Claim: while a hundred people sign in at once from one address, a light page's p95 is at most twice what it is without them.

    python benchmarks/signing_in.py [--people N] [--rounds N] [--record]

granian with one worker over a small class (tests/e2e/stage.py). A visitor asks for the page of lessons again and again on one
connection: alone, then while N threads send the sign-in form at the same moment, in turns. Exit code 1 above the ratio.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import serving

HERE = Path(__file__).resolve().parent
MOST = 2.0
ALONE = 40  # requests
PAGE = serving.PAGES["lessons"]


def _form(server: serving._Server) -> tuple[str, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", server._port, timeout=120)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', answer.read().decode())
    assert token
    cookie = "; ".join(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or ())
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    return urlencode({"phone": serving.PHONE, "password": serving.PASSWORD, "csrfmiddlewaretoken": token[1]}), headers


def _sign_in(server: serving._Server, form: str, headers: dict[str, str], go: threading.Event, into: list[int]) -> None:
    connection = HTTPConnection("127.0.0.1", server._port, timeout=300)
    go.wait()
    connection.request("POST", "/sign-in", form, headers)
    into.append(connection.getresponse().status)


def _asked(server: serving._Server, until: threading.Event | None) -> list[float]:
    """What the page took, `ALONE` times or until something has happened."""
    taken: list[float] = []
    connection = HTTPConnection("127.0.0.1", server._port, timeout=120)
    while not until.is_set() if until is not None else len(taken) < ALONE:
        began = time.perf_counter()
        connection.request("GET", PAGE, headers=server._visitor)
        assert connection.getresponse().read()
        taken.append(time.perf_counter() - began)
        time.sleep(0.02)
    return sorted(taken)


def _storm(server: serving._Server, people: int) -> tuple[list[float], float, set[int]]:
    form, headers = _form(server)
    go, over, answers = threading.Event(), threading.Event(), list[int]()
    senders = [threading.Thread(target=_sign_in, args=(server, form, headers, go, answers)) for _ in range(people)]
    for sender in senders:
        sender.start()

    def wait() -> None:
        for sender in senders:
            sender.join()
        over.set()

    began = time.perf_counter()
    threading.Thread(target=wait).start()
    go.set()
    taken = _asked(server, over)
    return taken, time.perf_counter() - began, set(answers)


def _p95(taken: list[float]) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * 0.95))] * 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="write the section of RESULTS.md")
    asked = parser.parse_args()
    alone, beside, seconds = [], [], []
    with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
        subprocess.run([sys.executable, str(serving.TESTS / "e2e" / "stage.py"), folder, "12"], check=True)
        server = serving._Server(folder, serving.SIDES["ours"])
        try:
            _asked(server, None)
            for _ in range(asked.rounds):
                alone.append(_p95(_asked(server, None)))
                taken, took, answers = _storm(server, asked.people)
                beside.append(_p95(taken))
                seconds.append(took)
                print(
                    f"alone {alone[-1]:.0f} ms, beside {beside[-1]:.0f} ms ({len(taken)}), {took:.1f} s, {answers}",
                    flush=True,
                )
        finally:
            server.end()
    ratio = statistics.median(beside) / statistics.median(alone)
    text = (
        f"A light page alone: p95 {statistics.median(alone):.0f} ms; while {asked.people} people sign in: {statistics.median(beside):.0f} ms, "
        f"**{ratio:.2f} ×**; all of them in {statistics.median(seconds):.1f} s. Medians of {asked.rounds} rounds. Load average {os.getloadavg()[0]:.1f}."
    )
    print(text)
    if asked.record:
        from results import record

        record(
            "signing in",
            f"Claim: the p95 of a light page is at most {MOST} × as long while {asked.people} people sign in at once.\n\n{text}",
        )
    return 0 if ratio <= MOST else 1


if __name__ == "__main__":
    raise SystemExit(main())
