"""Claim: the p95 of a page for a class of 100,000 learners is at most 1.5 times that for a class of 100.

    python benchmarks/pages.py [--learners SMALL LARGE] [--times N] [--whole] [--keep FOLDER] [--record]

Each size has a process and a database of its own, its rows put straight into the tables (benchmarks/figures_data.py,
fewer credit cells a learner), then a certificate for every second learner (so that
both sizes fill a page); --keep leaves them in FOLDER and takes those found there. Pages are asked for in-process through the whole
stack of middleware, guard, view and template, by a different learner each time. Pages that say something of every learner of a
class at once (class data, a figure with its distribution, desks that count what was handed in) do work in proportion to it: outside
the claim, printed with --whole; benchmarks/figures.py bounds the figures. Exit code 1 when a claimed page misses the ratio.
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
    "complement": f"/staff/classes/{KEY}/figures/exam_submitters/complement",
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
    """The world of one size, then one request for each line read: "who<TAB>n<TAB>address" → "ms status"."""
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
        began = time.perf_counter()
        status = client.get(address.format(lesson=lesson)).status_code
        print(f"{(time.perf_counter() - began) * 1000:.3f} {status}", flush=True)


class _Site:
    """A process with a class of one size."""

    def __init__(self, learners: int, keep: str) -> None:
        command = [sys.executable, __file__, "--one", str(learners), *(["--keep", keep] if keep else [])]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.taken: dict[str, list[float]] = {}
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
        ms, status = self._line().split()
        if n >= 0:
            self.taken.setdefault(name, []).append(float(ms))
        self.statuses.add((name, int(status)))

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)

    def p95(self, name: str) -> float:
        taken = sorted(self.taken[name])
        return taken[min(len(taken) - 1, int(len(taken) * 0.95))]


def _pages(whole: bool) -> Iterator[tuple[str, str, str, bool]]:
    """Name, who asks, address, and whether it is claimed (pages over the whole class take seconds and are asked twice)."""
    for name, path in LEARNER.items():
        yield f"learner {name}", "learner", f"/my/classes/{KEY}{path}", True
    for name, path in STAFF.items():
        yield f"staff {name}", "staff", path, True
    for name, path in WHOLE.items() if whole else ():
        yield f"whole {name}", "staff", path, False


def measure(sites: list[_Site], times: int, whole: bool) -> None:
    """In turns, so that whatever else the machine does hits both alike."""
    for site in sites:
        site.ready()
    for name, who, address, claimed in _pages(whole):
        print(name, file=sys.stderr, flush=True)
        for n in range(-WARM if claimed else -1, times if claimed else 2):
            for site in sites:
                site.ask(name, who, n, address)
    for site in sites:
        site.end()


def _lines(small: _Site, large: _Site) -> Iterator[tuple[str, bool]]:
    wrong = {name for name, status in small.statuses | large.statuses if status != 200}
    for name in small.taken:
        one, other = small.p95(name), large.p95(name)
        medians = [statistics.median(site.taken[name]) for site in (small, large)]
        claimed = not name.startswith("whole")
        good = name not in wrong and (other / one <= MOST or not claimed)
        said = "FAILED" if not good else "ok" if claimed else "not claimed"
        yield (
            f"| {name} | {one:.1f} ({medians[0]:.1f}) | {other:.1f} ({medians[1]:.1f}) | {other / one:.2f} | {said} |",
            good,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, nargs=2, default=[100, 100_000])
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--whole", action="store_true", help="also the pages over every learner, outside the claim")
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
    measure([small, large], asked.times, asked.whole)
    rows = list(_lines(small, large))
    head = f"| page | {asked.learners[0]:,}: p95 ms (median) | {asked.learners[1]:,}: p95 ms (median) | ratio | |\n|---|---|---|---|---|"
    text = "\n".join([head, *(row for row, _good in rows)])
    print(text)
    if asked.record:
        from results import record

        record("pages", f"Claim: p95 of a page at 100,000 learners ≤ {MOST} × that at 100.\n\n{text}")
    return 0 if all(good for _row, good in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
