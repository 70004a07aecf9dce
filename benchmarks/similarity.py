"""Claim: finding a piece's near-copies by MinHash bands and comparing those exactly is ≥ 10 times as fast as comparing all pairs.

    python benchmarks/similarity.py [--pieces N] [--queries N] [--record]

A corpus of N generated pieces of 800 to 2,500 characters goes into the tables of a fresh database; near-copies of four kinds
are planted for `queries` of them. For every near-copy both ways are run one after the other in the same process, with the
product's own functions: (a) signature, band look-up in the database, the candidates' texts read and folded, exact passages;
(b) all texts, folded beforehand and kept in memory (which favours it), exact passages with each. Printed: the ratio of the
sums, recall and precision of (a) at the desk's mark of 30 %, and how often (a)'s percentage differs from (b)'s.
Exit code 1 when the ratio is below 10 or recall below 0.95.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEAST_RATIO, LEAST_RECALL = 10.0, 0.95


def _start(folder: str) -> None:
    os.environ["YANXIU_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "yanxiu.config.settings"
    for place in (ROOT / "tests", ROOT / "src", Path(__file__).resolve().parent):
        sys.path.insert(0, str(place))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


def _fill(texts: list[str]) -> tuple[list[int], int, float]:
    """(version ids in order, id of a person who wrote none of them, seconds a piece took to enter the corpus)."""
    from django.db import transaction
    from factories.worlds import small_world

    from yanxiu.core.time import clock
    from yanxiu.training.outcomes.models import Outcome, OutcomeVersion
    from yanxiu.training.outcomes.similarity.corpus import add_piece

    world = small_world(2)
    ids, started = [], time.perf_counter()
    with transaction.atomic():
        for text in texts:
            piece = Outcome.objects.create(enrolment=world.learners[0].enrolment, title="题", state="submitted")
            version = OutcomeVersion.objects.create(outcome=piece, num=1, body=text, characters=1, saved_at=clock.now())
            add_piece(version)
            ids.append(version.pk)
    return ids, world.learners[1].person.pk, (time.perf_counter() - started) / len(texts)


def _share(mine: Any, theirs: Any) -> int:
    from yanxiu.core.similar import passages, per_mille

    return per_mille(((a, a + n) for p in passages(mine, theirs) for a, _b, n in p.runs), len(mine.chars))


def _by_minhash(text: str, person_id: int) -> dict[int, int]:
    from yanxiu.core.similar import fold
    from yanxiu.training.outcomes.models import OutcomeVersion
    from yanxiu.training.outcomes.similarity.corpus import candidates, folded_version

    mine = fold(text)
    found = OutcomeVersion.objects.in_bulk([candidate.version_id for candidate in candidates(mine, person_id)])
    return {pk: _share(mine, folded_version(version)) for pk, version in found.items()}


def _by_all_pairs(text: str, folded: dict[int, Any]) -> dict[int, int]:
    from yanxiu.core.similar import fold

    mine = fold(text)
    return {pk: _share(mine, theirs) for pk, theirs in folded.items()}


def _measure(args: argparse.Namespace) -> tuple[str, bool]:
    from factories.corpus import Corpus

    from yanxiu.core.similar import fold

    corpus = Corpus(args.pieces)
    ids, person_id, entering = _fill(corpus.texts)
    folded = {pk: fold(text) for pk, text in zip(ids, corpus.texts, strict=True)}
    makers = (corpus.paraphrase, corpus.moved, corpus.half, corpus.disguised)
    copies = [makers[n % 4](corpus.random.randrange(args.pieces)) for n in range(args.queries)]
    seconds, hits, wrong, missed, differ = [0.0, 0.0], 0, 0, 0, 0
    for copy in copies:
        began = time.perf_counter()
        quick = _by_minhash(copy.text, person_id)
        between = time.perf_counter()
        exact = _by_all_pairs(copy.text, folded)
        seconds = [seconds[0] + between - began, seconds[1] + time.perf_counter() - between]
        marked = {pk for pk, share in quick.items() if share >= 300}
        hits += ids[copy.source] in marked
        missed += ids[copy.source] not in marked
        wrong += len(marked - {ids[copy.source]})
        differ += max(quick.values(), default=0) != max(exact.values(), default=0)
    ratio, recall = seconds[1] / seconds[0], hits / (hits + missed)
    precision = hits / (hits + wrong) if hits + wrong else 0.0
    text = (
        f"{args.pieces:,} pieces, {args.queries} planted near-copies (30 % of words replaced, sentences shuffled, half copied, "
        f"disguised): MinHash + exact on candidates {seconds[0] / args.queries * 1000:.0f} ms a check, exact on all pairs "
        f"{seconds[1] / args.queries * 1000:.0f} ms: **{ratio:.1f} times** as fast (claim: ≥ {LEAST_RATIO:.0f}). At 30 %: recall "
        f"{recall:.3f}, precision {precision:.3f}; the percentage differs from the exact one in {differ} of {args.queries} checks. "
        f"Entering the corpus takes {entering * 1000:.1f} ms a piece."
    )
    return text, ratio >= LEAST_RATIO and recall >= LEAST_RECALL


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=8)
    parser.add_argument("--record", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _start(folder)
        text, held = _measure(args)
    print(text)
    if args.record:
        from results import record

        record("similarity", text)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
