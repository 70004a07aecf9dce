"""Run by the test beside it, on a database file of its own: many threads start and submit at once; prints what happened."""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import django

django.setup()

from django.db import connections  # noqa: E402
from factories.exams import make_exam  # noqa: E402
from factories.worlds import small_world  # noqa: E402

from yanxiu.config.running.tables import make_tables  # noqa: E402
from yanxiu.kit import audit  # noqa: E402
from yanxiu.kit.models import AuditEntry  # noqa: E402
from yanxiu.training.exams import actions  # noqa: E402
from yanxiu.training.exams.models import ExamAttempt  # noqa: E402

THREADS = 50


def at_once(do: Callable[[], object]) -> list[str]:
    """The results, as text, of so many threads doing one thing at the same moment."""
    results: list[str] = []
    gate = threading.Barrier(THREADS)

    def run() -> None:
        gate.wait()
        try:
            results.append(str(do()))
        except Exception as problem:  # noqa: BLE001  (reported to the test)
            results.append(repr(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(set(results))


def main(clock_file: str) -> None:
    make_tables(connections["default"])
    world = small_world(1)
    exam, learner = make_exam(world), world.learners[0]
    Path(clock_file).write_text("2017-07-15T08:00:00+08:00", encoding="ascii")
    started = at_once(lambda: actions.start_attempt(learner.viewer, exam, learner.enrolment).pk)
    attempt = ExamAttempt.objects.get()
    actions.save_answer(learner.viewer, attempt, num=1, choice=[1])
    scores = at_once(lambda: actions.submit_attempt(learner.viewer, attempt))
    print(
        json.dumps(
            {
                "started": started == [str(attempt.pk)],
                "scores": scores,
                "submits": AuditEntry.objects.filter(action="submit_attempt").count(),
                "starts": AuditEntry.objects.filter(action="start_attempt").count(),
                "broken_links": list(audit.broken_links()),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
