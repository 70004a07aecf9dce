"""Claim: all fifteen figures take ≤ 20 statements at any size and ≤ 3 times a bare scan of the same rows.

    python benchmarks/figures.py [--learners N …]

A class of 100 and one of 10,000 learners is put straight into the tables of a fresh database. The bare scan reads the
very same evidence rows – one plain SELECT a table, no join, no aggregate, the columns evidence is made of – on the same
connection in the same run. Both are the median of five alternated runs; the figures include rounding, formulas and the
SHA-256 digest of every figure's evidence. Exit code 1 when either claim fails.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parent.parent / "src"
MOST_STATEMENTS = 20
MOST_TIMES = 3.0
RUNS = 5


def _start(folder: str) -> None:
    os.environ["YANXIU_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "yanxiu.config.settings"
    sys.path.insert(0, str(SOURCE))
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


def _scan(class_id: int) -> Callable[[], int]:
    """Bare SELECTs of the rows the fifteen figures are measured over, once each time a figure uses them."""
    from django.db import connections

    texts = {
        "study_creditcell": "SELECT person_id, lesson_id, lesson_version, day, credited_ms, enrolment_id FROM study_creditcell WHERE class_id = %s",
        "training_enrolment": "SELECT person_id, registered_at, id FROM training_enrolment WHERE training_class_id = %s",
        "training_quotaallocation": "SELECT nominating_org_id, seats, id FROM training_quotaallocation WHERE training_class_id = %s",
        "training_outcome": "SELECT enrolment_id, submitted_at, id FROM training_outcome",
        "training_outcomecomment": "SELECT author_id, posted_at, id FROM training_outcomecomment",
        "training_examattempt": "SELECT enrolment_id, submitted_at, score, id FROM training_examattempt",
        "training_post": "SELECT author_id, round_id, posted_at, id FROM training_post",
        "training_announcement": "SELECT author_id, published_at, id FROM training_announcement WHERE training_class_id = %s",
    }
    # Figures 3, 4 and 5 are over the cells: each cell under its own kind and once more under the mean. The roster stands
    # under figures 1, 2, 5, 10 and, twice (two rounds), 12; outcomes under 6 and 7; attempts under 9 and 11.
    uses = [
        *["study_creditcell"] * 2, *["training_enrolment"] * 6, "training_quotaallocation", *["training_outcome"] * 2,
        "training_outcomecomment", *["training_examattempt"] * 2, "training_post", "training_announcement",
    ]  # fmt: skip

    def run() -> int:
        rows = 0
        with connections["snapshot"].cursor() as cursor:
            for table in uses:
                text = texts[table]
                cursor.execute(text, [class_id] if "%s" in text else None)
                rows += len(cursor.fetchall())
        return rows

    return run


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(learners: int) -> bool:
    """Fill, count statements, time; True where both claims hold."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext
    from figures_data import fill

    from yanxiu.record.figures.queries import figure_values

    class_ = fill(learners)
    scan = _scan(class_.pk)

    def figures() -> Any:
        return figure_values(class_)

    scanned = scan()
    with CaptureQueriesContext(connections["snapshot"]) as asked:
        values = figures()
    times = [(_timed(figures), _timed(scan)) for _ in range(RUNS)]
    ours, bare = (statistics.median(t[n] for t in times) for n in (0, 1))
    statements, ratio, rows = len(asked), ours / bare, sum(v.evidence_count for v in values.values())
    good = statements <= MOST_STATEMENTS and ratio <= MOST_TIMES
    print(
        f"{learners:>7,} learners  {rows:>9,} evidence rows ({scanned:,} scanned)  {statements} statements  "
        f"figures {ours * 1000:8.1f} ms  bare scan {bare * 1000:8.1f} ms  ratio {ratio:.2f}  {'ok' if good else 'FAILED'}"
    )
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, nargs="+", default=[100, 10_000])
    sizes = parser.parse_args().learners
    good = True
    for size in sizes:
        # A process of its own for each size: a fresh database and nothing warm from the one before.
        if len(sizes) > 1:
            good = (
                os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, "--learners", str(size)]) == 0 and good
            )
            continue
        with tempfile.TemporaryDirectory(prefix="yanxiu-bench-") as folder:
            _start(folder)
            good = measure(size)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
