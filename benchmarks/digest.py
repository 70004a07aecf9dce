"""Claim: digesting costs the same for each learner however many there are at once, and holds the writing lock for at most a second of CPU.

    python benchmarks/digest.py [--learners SMALL LARGE] [--record]

For each size, a fresh database, class and ledger. A session in person is entered for everybody at once; then everybody's player
sends four beats, and later (a second round) four more. Measured for each: CPU of the digest a learner, how much CPU its
transaction took while it held the lock every other writer waits for, and the slowest of the beats another thread sent to the intake's store
meanwhile. Exit code 1 when a learner costs more than twice as much in the large class, or the lock was held longer.
"""

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MOST_TIMES = 2.0
MOST_HELD = 1.0  # seconds
STEP = 15_000
HOUR = 3_600_000


def _start(folder: str) -> None:
    os.environ["YANXIU_DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanxiu.config.settings")
    sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]
    from yanxiu.config.running.setup import prepare, start_django

    start_django()
    prepare()


class _Held:
    """What transactions of the digest took of the processor while they held the lock, from the first statement to the commit."""

    def __init__(self) -> None:
        self.longest = 0.0

    def watch(self, actions: Any) -> None:
        honest, held = actions.transaction.atomic, self

        class Watched:
            def __init__(self) -> None:
                self._atomic = honest()

            def __enter__(self) -> None:
                self._atomic.__enter__()
                self._began = time.thread_time()

            def __exit__(self, *args: object) -> Any:
                ended = self._atomic.__exit__(*args)
                held.longest = max(held.longest, time.thread_time() - self._began)
                return ended

        actions.transaction = type("T", (), {"atomic": staticmethod(Watched)})


def _facts(enrolment: int, person: int, class_id: int, lesson: int) -> Any:
    from yanxiu.core.beats import SessionFacts

    return SessionFacts(
        f"s{enrolment}", person, enrolment, class_id, lesson, 1, "video", 2_400_000, "enaea-2017@1", 1.0, STEP, "Asia/Shanghai",
        OPENED, OPENED + 10**9,
    )  # fmt: skip


OPENED = 1_498_093_200_000  # 2017-06-22T09:00+08:00


def _beats(learners: list[tuple[int, int]], class_id: int, lesson: int, which: range) -> None:
    """As the intake would: handed to the store without waiting, one commit for many."""
    from yanxiu.core.beats import Beat, MediaSpan
    from yanxiu.study.ports import ledger

    left = threading.Semaphore(0)
    for enrolment, person in learners:
        own = _facts(enrolment, person, class_id, lesson)
        for n in which:
            span = MediaSpan(n * STEP, (n + 1) * STEP, n * STEP, (n + 1) * STEP)
            ledger().submit(own, [Beat(n, (span,))], OPENED + (n + 1) * STEP + 100, lambda _answer: left.release())
        for _n in which:
            left.acquire()


def _attended(learners: list[tuple[int, int]], class_id: int, lesson: int) -> None:
    from yanxiu.core.attendance.facts import AttendanceFact
    from yanxiu.study.digest.attending import enter_attendance

    begins = OPENED + 5 * HOUR
    enter_attendance(1, [
        AttendanceFact(person, class_id, enrolment, lesson, 1, "present", begins, begins + HOUR, HOUR, "Asia/Shanghai")
        for enrolment, person in learners
    ])  # fmt: skip


def _slowest_beat(stop: threading.Event, into: list[float]) -> None:
    """A learner beyond the class's, whose beats go on while the digest works."""
    from yanxiu.core.beats import Beat, MediaSpan
    from yanxiu.study.ports import ledger

    own, n = _facts(10**9, 10**9, 1, 1), 0
    while not stop.wait(0.02):
        began = time.perf_counter()
        ledger().append(own, [Beat(n, (MediaSpan(0, 1, 0, 1),))], OPENED + (n + 1) * STEP)
        into.append(time.perf_counter() - began)
        n += 1


def _digested(name: str, learners: int, work: Callable[[], None]) -> None:
    actions: Any = importlib.import_module("yanxiu.study.digest.actions")
    work()
    held, beats, stop = _Held(), [0.0], threading.Event()
    honest = actions.transaction
    held.watch(actions)
    sender = threading.Thread(target=_slowest_beat, args=(stop, beats))
    sender.start()
    began, cpu = time.perf_counter(), time.process_time()
    try:
        counted = actions.digest_once()
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    finally:
        stop.set()
        sender.join()
        actions.transaction = honest
    assert counted >= learners, (counted, learners)
    print(
        f"{name}\t{cpu / learners * 1000:.4f}\t{seconds:.2f}\t{held.longest:.4f}\t{max(beats) * 1000:.1f}", flush=True
    )


def measure(learners: int) -> None:
    import figures_data
    from django.db import connection

    from yanxiu.training.models import Enrolment

    figures_data.CELLS = 0
    class_ = figures_data.fill(learners)
    rows = list(Enrolment.objects.order_by("pk").values_list("pk", "person_id"))
    lessons = list(class_.curriculum.order_by("num").values_list("course__lessons", flat=True))
    _digested("attendance of all at once", learners, lambda: _attended(rows, class_.pk, lessons[0]))
    _digested("four beats of everybody", learners, lambda: _beats(rows, class_.pk, lessons[1], range(4)))
    _digested("four more beats", learners, lambda: _beats(rows, class_.pk, lessons[1], range(4, 8)))
    connection.close()


def _one(learners: int) -> dict[str, list[float]]:
    command = [sys.executable, __file__, "--one", str(learners)]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = [line.split("\t") for line in text.splitlines() if "\t" in line]
    return {name: [float(each) for each in numbers] for name, *numbers in lines}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, nargs=2, default=[1000, 10_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help="write the section of RESULTS.md")
    asked = parser.parse_args()
    if asked.one:
        with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
            _start(folder)
            measure(asked.one)
        return 0
    small, large = (_one(size) for size in asked.learners)
    lines, good = [], True
    for name, (cpu, _seconds, _held, _beat) in small.items():
        more, seconds, held, beat = large[name]
        fine = more / cpu <= MOST_TIMES and held <= MOST_HELD
        good = good and fine
        lines.append(
            f"| {name} | {cpu:.2f} | {more:.2f} | {more / cpu:.2f} | {seconds:.1f} | {held:.2f} | {beat:.0f} | {'ok' if fine else 'FAILED'} |"
        )
    sizes = [f"{size:,}" for size in asked.learners]
    head = (
        f"| | {sizes[0]}: CPU ms a learner | {sizes[1]}: CPU ms a learner | ratio | {sizes[1]}: s | lock held, CPU s | slowest beat ms | |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    text = "\n".join([head, *lines])
    print(text)
    if asked.record:
        from results import record

        record(
            "digest",
            f"Claim: a learner costs at most {MOST_TIMES} × as much at {sizes[1]} as at {sizes[0]}; the lock is held for ≤ {MOST_HELD} s of CPU.\n\n{text}",
        )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
