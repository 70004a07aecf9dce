"""Claim: the p95 of a page for a class of 100,000 learners is at most 1.5 times that for a class of 100; and a page that says
something of every learner at once takes at most a second of CPU for a class of 10,000, three for one of 100,000.

    python benchmarks/pages.py [--learners SMALL LARGE] [--times N] [--whole | --only-whole] [--keep FOLDER] [--record]

Each size has a process and a database of its own, its rows put straight into the tables (benchmarks/figures_data.py,
fewer credit cells a learner), then a certificate for every second learner (so that
both sizes fill a page); --keep leaves them in FOLDER and takes those found there. Pages are asked for in-process through the whole
stack of middleware, guard, view and template, by a different learner each time. Pages that say something of every learner of a
class at once (class data, a figure with its distribution, desks that count what was handed in) do work in proportion to it: outside
the ratio, they have a bound of their own, asked with --whole (or alone with --only-whole), five times each. What a large class
keeps (the edition its table of learners is found in) is made before they are asked, by the code the worker runs, and its cost is
printed. benchmarks/figures.py bounds the figures. Exit code 1 when a page misses its claim.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MOST = 1.5
WARM = 3  # requests of each page before the clock counts
CELLS = 6  # a learner: what a page reads of its own learner is the same at any size
KEY = "bench"
WHOLE_TIMES = 5
WHOLE_MOST = ((10_000, 1000.0), (100_000, 3000.0))  # up to so many learners, ms of CPU
LEARNER = {
    "home": "", "schedule": "/schedule", "result": "/result", "lessons": "/lessons", "lesson": "/lessons/{lesson}",
    "hours": "/hours", "rounds": "/rounds", "round": "/rounds/1", "outcomes": "/outcomes", "exams": "/exams",
    "announcements": "/announcements", "affairs": "/affairs",
}  # fmt: skip
STAFF = {
    "classes": "/staff/", "roster": f"/staff/classes/{KEY}/roster", "certificates": f"/staff/classes/{KEY}/certificates",
    "report": f"/staff/classes/{KEY}/report", "invites": f"/classes/{KEY}/invites",
    "courses": f"/staff/classes/{KEY}/courses", "announcements": f"/staff/classes/{KEY}/announcements",
    "corrections": f"/staff/classes/{KEY}/corrections", "hours": f"/staff/classes/{KEY}/hours",
    "affairs": f"/staff/classes/{KEY}/affairs",
}  # fmt: skip
WHOLE = {
    "class data": f"/staff/classes/{KEY}/", "figure": f"/staff/classes/{KEY}/figures/mean_minutes",
    "sorted by points": f"/staff/classes/{KEY}/?show=failing&sort=-points",
    "evidence": f"/staff/classes/{KEY}/figures/mean_minutes/evidence",
    "complement": f"/staff/classes/{KEY}/figures/exam_submitters/complement",
    "no minutes": f"/staff/classes/{KEY}/figures/mean_minutes/complement",
    "rounds": f"/staff/classes/{KEY}/rounds", "exams": f"/staff/classes/{KEY}/exams",
    "outcomes": f"/staff/classes/{KEY}/outcomes", "setup": f"/staff/classes/{KEY}/setup",
}  # fmt: skip


def _start(folder: str) -> None:
    os.environ["YANXIU_DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanxiu.config.settings")
    os.environ["YANXIU_TESTING"] = "1"
    os.environ["YANXIU_TEST_CLOCK"] = f"{folder}/clock"
    os.environ["YANXIU_STAFF_SECOND_FACTOR"] = "off"
    Path(folder, "clock").write_text("2017-07-04T10:00:00+08:00", encoding="ascii")
    sys.path[:0] = [str(HERE.parent / "src"), str(HERE)]
    from yanxiu.config.running.setup import prepare, start_django

    start_django()
    prepare()


def _certificates(class_: Any) -> None:
    """Rows only: what they say is not asked for here."""
    from yanxiu.core.time import clock
    from yanxiu.record.certificates.models import Certificate
    from yanxiu.training.classes.models import Enrolment

    enrolments = Enrolment.objects.filter(training_class=class_).order_by("pk").values_list("pk", "person__name")
    rows = [
        Certificate(
            training_class=class_, enrolment_id=pk, serial=n, number=f"BENCH-{n:06}", name=name, facts={"grade": "pass"},
            digest="", signature={}, issued_at=clock.now(),
        )
        for n, (pk, name) in enumerate(enrolments[::2], 1)
    ]  # fmt: skip
    Certificate.objects.bulk_create(rows, batch_size=1000)


def _account(person: Any, number: int) -> Any:
    from yanxiu.people import actions as people
    from yanxiu.people.privacy.consent import answer_notice
    from yanxiu.people.privacy.texts import current_version
    from yanxiu.people.profile.corrections import confirm_profile
    from yanxiu.people.queries import viewer_of_person

    person.phone = f"100{number:08d}"
    person.save(update_fields=["phone"])
    account = people.create_account(person)
    viewer = viewer_of_person(person)
    answer_notice(viewer, version=current_version(), agreed=True)
    confirm_profile(viewer)
    return account


def _world(learners: int, signed_in: int) -> tuple[list[Any], Any, int]:
    """Accounts of some learners all over the class, one of its manager, and a lesson of it."""
    import figures_data

    from yanxiu.people import actions as people
    from yanxiu.people.models import Person
    from yanxiu.people.queries import SYSTEM
    from yanxiu.training.classes.actions import assign_role

    figures_data.CELLS = CELLS
    class_ = figures_data.fill(learners)
    _certificates(class_)
    step = max(1, learners // signed_in)
    accounts = [_account(person, 100 + n) for n, person in enumerate(Person.objects.order_by("pk")[::step][:signed_in])]
    manager = people.create_person(SYSTEM, name="周班主", phone="10000000004", organisation=None, post_title="")
    assign_role(SYSTEM, class_, person=manager, role="class_manager")
    lesson = class_.curriculum.order_by("num").values_list("course__lessons", flat=True).first()
    return accounts, _account(manager, 4), lesson


def _kept_world(learners: int, kept: Path) -> tuple[list[Any], Any, int]:
    """The world whose numbers `kept` has, else one made now."""
    from yanxiu.people.models import Account

    if kept.exists():
        numbers, lesson = json.loads(kept.read_text(encoding="ascii"))
        *accounts, manager = (Account.objects.get(pk=number) for number in numbers)
        return accounts, manager, lesson
    accounts, manager, lesson = _world(learners, 10)
    kept.write_text(json.dumps([[account.pk for account in [*accounts, manager]], lesson]), encoding="ascii")
    return accounts, manager, lesson


def serve(learners: int, kept: Path) -> None:
    """The world of one size, then one request for each line read: "who<TAB>n<TAB>address" → "ms, ms of CPU, status"."""
    from django.test import Client

    accounts, manager, lesson = _kept_world(learners, kept)
    signed_in: dict[str, list[Client]] = {"learner": [], "staff": []}
    for who, account in (*(("learner", account) for account in accounts), ("staff", manager)):
        client = Client()
        client.force_login(account)
        signed_in[who].append(client)
    print("ready", flush=True)
    for line in sys.stdin:
        who, n, address = line.rstrip("\n").split("\t")
        client = signed_in[who][int(n) % len(signed_in[who])]
        began, cpu = time.perf_counter(), time.process_time()
        status = client.get(address.format(lesson=lesson)).status_code
        cpu = time.process_time() - cpu
        print(f"{(time.perf_counter() - began) * 1000:.3f} {cpu * 1000:.3f} {status}", flush=True)
        if who == "staff" and int(n) < 0:
            _worked(learners)


def _worked(learners: int) -> None:
    """What the worker does after a large class was looked at for the first time."""
    from yanxiu.record.assessment.standings.making import make
    from yanxiu.record.assessment.standings.models import StandingsEdition

    for edition in StandingsEdition.objects.filter(is_ready=False):
        cpu = time.process_time()
        make(edition.pk)
        print(f"edition of {learners:,}: {time.process_time() - cpu:.1f} s of CPU", file=sys.stderr, flush=True)


class _Site:
    """A process with a class of one size."""

    def __init__(self, learners: int, keep: str) -> None:
        command = [sys.executable, __file__, "--one", str(learners), *(["--keep", keep] if keep else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.learners = learners
        self.taken: dict[str, list[float]] = {}
        self.cpu: dict[str, list[float]] = {}
        self.statuses: set[tuple[str, int]] = set()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("a site of the benchmark ended early")
        return line

    def ready(self) -> None:
        while self._line().strip() != "ready":
            pass

    def ask(self, name: str, who: str, n: int, address: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{who}\t{n}\t{address}\n")
        self._process.stdin.flush()
        ms, cpu, status = self._line().split()
        if n >= 0:
            self.taken.setdefault(name, []).append(float(ms))
            self.cpu.setdefault(name, []).append(float(cpu))
        self.statuses.add((name, int(status)))

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)

    def p95(self, name: str, *, cpu: bool = False) -> float:
        taken = sorted((self.cpu if cpu else self.taken)[name])
        return taken[min(len(taken) - 1, int(len(taken) * 0.95))]


def _pages(*, single: bool, whole: bool) -> Iterator[tuple[str, str, str]]:
    """Name, who asks, address."""
    for name, path in LEARNER.items() if single else ():
        yield f"learner {name}", "learner", f"/my/classes/{KEY}{path}"
    for name, path in STAFF.items() if single else ():
        yield f"staff {name}", "staff", path
    for name, path in WHOLE.items() if whole else ():
        yield f"whole {name}", "staff", path


def measure(sites: list[_Site], times: int, *, single: bool, whole: bool) -> None:
    """In turns, so that whatever else the machine does hits both alike."""
    for site in sites:
        site.ready()
    for name, who, address in _pages(single=single, whole=whole):
        print(name, file=sys.stderr, flush=True)
        often = min(times, WHOLE_TIMES) if name.startswith("whole") else times
        for n in range(-1 if name.startswith("whole") else -WARM, often):
            for site in sites:
                site.ask(name, who, n, address)
    for site in sites:
        site.end()


def _lines(small: _Site, large: _Site, wrong: set[str]) -> Iterator[tuple[str, bool]]:
    for name in small.taken:
        if name.startswith("whole"):
            continue
        one, other = small.p95(name), large.p95(name)
        medians = [statistics.median(site.taken[name]) for site in (small, large)]
        good = name not in wrong and other / one <= MOST
        said = "ok" if good else "FAILED"
        yield (
            f"| {name} | {one:.1f} ({medians[0]:.1f}) | {other:.1f} ({medians[1]:.1f}) | {other / one:.2f} | {said} |",
            good,
        )


def _whole_lines(small: _Site, large: _Site, wrong: set[str]) -> Iterator[tuple[str, bool]]:
    for name in small.cpu:
        if not name.startswith("whole"):
            continue
        cells, good = [], name not in wrong
        for site in (small, large):
            p95, most = site.p95(name, cpu=True), next(ms for size, ms in WHOLE_MOST if site.learners <= size)
            good = good and p95 <= most
            cells.append(f"{p95:.0f} ({statistics.median(site.cpu[name]):.0f}) of {most:.0f}")
        yield f"| {name.removeprefix('whole ')} | {cells[0]} | {cells[1]} | {'ok' if good else 'FAILED'} |", good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, nargs=2, default=[100, 100_000])
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--whole", action="store_true", help="also the pages over every learner")
    parser.add_argument("--only-whole", action="store_true", help="those alone")
    parser.add_argument(
        "--keep", default="", metavar="FOLDER", help="keep the databases there, take those that are there"
    )
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help="write the section of RESULTS.md")
    asked = parser.parse_args()
    if asked.one:
        with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as passing:
            folder = Path(asked.keep, str(asked.one)) if asked.keep else Path(passing)
            folder.mkdir(parents=True, exist_ok=True)
            _start(str(folder))
            serve(asked.one, folder / "world.json")
        return 0
    small, large = (_Site(size, asked.keep) for size in asked.learners)
    measure([small, large], asked.times, single=not asked.only_whole, whole=asked.whole or asked.only_whole)
    wrong = {name for name, status in small.statuses | large.statuses if status != 200}
    sizes = [f"{size:,}" for size in asked.learners]
    tables = [
        ("pages", f"Claim: p95 of a page at {sizes[1]} learners ≤ {MOST} × that at {sizes[0]}.",
         f"| page | {sizes[0]}: p95 ms (median) | {sizes[1]}: p95 ms (median) | ratio | |\n|---|---|---|---|---|",
         list(_lines(small, large, wrong))),
        ("pages over a whole class", "Claim: p95 of the CPU of a page that says something of every learner ≤ 1 s up to 10,000, ≤ 3 s up to 100,000.",
         f"| page | {sizes[0]}: p95 ms of CPU (median) | {sizes[1]}: p95 ms of CPU (median) | |\n|---|---|---|---|",
         list(_whole_lines(small, large, wrong))),
    ]  # fmt: skip
    for section, claim, head, rows in tables:
        if not rows:
            continue
        text = "\n".join([head, *(row for row, _good in rows)])
        print(f"{text}\n")
        if asked.record:
            from results import record

            record(section, f"{claim}\n\n{text}")
    return 0 if all(good for *_head, rows in tables for _row, good in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
