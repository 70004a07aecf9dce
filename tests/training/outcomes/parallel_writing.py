"""Run by the test beside it, on a database file of its own: many threads ask, submit, save and comment at once."""

import json
import threading
from collections.abc import Callable

import django

django.setup()

from django.db import connections  # noqa: E402
from factories.worlds import small_world  # noqa: E402
from factories.writing import written  # noqa: E402

from yanxiu.config.running.tables import make_tables  # noqa: E402
from yanxiu.core.time import clock  # noqa: E402
from yanxiu.kit import audit  # noqa: E402
from yanxiu.kit.errors import Refused  # noqa: E402
from yanxiu.training.outcomes import actions  # noqa: E402
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, WorkingCopy  # noqa: E402
from yanxiu.training.outcomes.similarity.actions import ask_check  # noqa: E402
from yanxiu.training.outcomes.similarity.models import SimilarityCheck  # noqa: E402
from yanxiu.training.outcomes.writing import keep_version, save_copy, start_outcome  # noqa: E402

THREADS = 20


def at_once(do: Callable[[int], object]) -> list[str]:
    """What so many threads get for doing one thing at the same moment."""
    results: list[str] = []
    gate = threading.Barrier(THREADS)

    def run(number: int) -> None:
        gate.wait()
        try:
            do(number)
            results.append("done")
        except Refused as refused:
            results.append(refused.code)
        except Exception as problem:  # noqa: BLE001  (reported to the test)
            results.append(repr(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def main() -> None:
    make_tables(connections["default"])
    learner = small_world(1).learners[0]
    begun = at_once(lambda _n: start_outcome(learner.viewer, learner.enrolment, "outcome"))
    pieces = Outcome.objects.count()
    piece = written(learner, "从身边的事讲起，讲得进去，才听得进去。")
    version = keep_version(learner.viewer, piece)
    saved = at_once(
        lambda n: save_copy(learner.viewer, piece, title="题", body=f"第{n}页写的", page=f"p{n}", edition=1)
    )
    copies = set(WorkingCopy.objects.filter(outcome=piece).values_list("body", flat=True))
    SimilarityCheck.objects.bulk_create(
        SimilarityCheck(
            version=version, outcome=piece, by_author=True, round=0, num=n, state="done", asked_at=clock.now()
        )
        for n in (1, 2)
    )
    at_once(lambda _n: ask_check(learner.viewer, piece))
    submits = at_once(lambda _n: actions.submit_outcome(learner.viewer, piece))
    at_once(lambda _n: actions.comment_outcome(learner.viewer, piece, body="一条", token="same"))
    print(
        json.dumps(
            {
                "begun": [set(begun) == {"done"}, pieces],
                "saved": [set(saved) == {"done"}, len(copies)],
                "checks": SimilarityCheck.objects.filter(by_author=True).count(),
                "submits": [submits.count("done"), submits.count("wrong_state")],
                "submission_checks": SimilarityCheck.objects.filter(by_author=False).count(),
                "comments": OutcomeComment.objects.count(),
                "broken_links": list(audit.broken_links()),
            }
        )
    )


if __name__ == "__main__":
    main()
