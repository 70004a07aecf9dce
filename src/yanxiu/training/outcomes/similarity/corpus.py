"""The corpus: every handed-in outcome and reflection as bands of a MinHash signature, looked up in the database."""

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from rensa import RMinHash

from yanxiu.core.similar import VERSION, Folded, fold, shingles
from yanxiu.training.outcomes.models import Outcome, OutcomeVersion, WritingState
from yanxiu.training.outcomes.similarity.models import Fingerprint, FingerprintBand
from yanxiu.training.outcomes.similarity.quoting import quoted_spans

__all__ = [
    "ALGORITHM",
    "CORPUS_STATES",
    "add_piece",
    "candidates",
    "drop_piece",
    "folded_version",
    "keys_of",
    "rebuild_corpus",
]

# Two of 256 places agree in a band: at a resemblance of 0.1, 72 % of pairs share one of the 128 bands; at 0.2, 99.5 %.
PLACES, ROWS, SEED = 256, 2, 20170610
MOST_CANDIDATES = 24
ALGORITHM = VERSION * 1000 + int(RMinHash.ALGORITHM_VERSION)
CORPUS_STATES = (WritingState.SUBMITTED, WritingState.RETURNED, WritingState.RESUBMITTED, WritingState.ACCEPTED)
_SHORTEST = 40  # characters; a shorter text resembles everything


def folded_version(version: OutcomeVersion) -> Folded:
    """What takes part of a version: its quotations do not."""
    return fold(version.body, quoted_spans(version.body, version.html))


def keys_of(folded: Folded) -> list[int]:
    """The band keys of a text; none of a text too short to resemble anything in particular."""
    if len(folded.chars) < _SHORTEST:
        return []
    sketch = RMinHash(PLACES, SEED)
    sketch.update(sorted(shingles(folded)))
    digest: Sequence[int] = sketch.digest()
    keys = []
    for band in range(PLACES // ROWS):
        packed = struct.pack(f">{ROWS + 1}Q", band, *digest[band * ROWS : (band + 1) * ROWS])
        keys.append(int.from_bytes(hashlib.blake2b(packed, digest_size=8).digest()) >> 1)
    return keys


def add_piece(version: OutcomeVersion) -> None:
    """Put the piece's version into the corpus, in place of an older one. Inside the caller's transaction."""
    drop_piece(version.outcome_id)
    mark = Fingerprint.objects.create(outcome_id=version.outcome_id, version=version, algorithm=ALGORITHM)
    keys = keys_of(folded_version(version))
    FingerprintBand.objects.bulk_create((FingerprintBand(fingerprint=mark, key=key) for key in keys), batch_size=500)


def drop_piece(outcome_id: int) -> None:
    """Take a piece out of the corpus: withdrawn, a draft again, or erased."""
    FingerprintBand.objects.filter(fingerprint__outcome_id=outcome_id).delete()
    Fingerprint.objects.filter(outcome_id=outcome_id).delete()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that shares `bands` bands."""

    version_id: int
    bands: int


def candidates(folded: Folded, person_id: int) -> list[Candidate]:
    """Pieces of other people that may share passages, the likeliest first. One statement, whatever the size."""
    keys = keys_of(folded)
    rows = (
        FingerprintBand.objects.filter(key__in=keys, fingerprint__algorithm=ALGORITHM)
        .exclude(fingerprint__outcome__enrolment__person_id=person_id)
        .values("fingerprint__version_id")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "fingerprint__version_id")
    )
    return [Candidate(row["fingerprint__version_id"], row["shared"]) for row in rows[:MOST_CANDIDATES]]


def _newest(outcomes: Iterable[Outcome]) -> Iterable[OutcomeVersion]:
    for outcome in outcomes:
        version = outcome.versions.order_by("-num").first()
        if version is not None:
            yield version


def rebuild_corpus() -> int:
    """Make every fingerprint anew from the pieces, one short transaction each, so that nobody waits; how many."""
    count = 0
    for version in _newest(Outcome.objects.filter(state__in=CORPUS_STATES).order_by("pk").iterator(chunk_size=200)):
        with transaction.atomic():
            if Outcome.objects.filter(pk=version.outcome_id, state__in=CORPUS_STATES).exists():
                add_piece(version)
                count += 1
    for outcome_id in Fingerprint.objects.exclude(outcome__state__in=CORPUS_STATES).values_list(
        "outcome_id", flat=True
    ):
        drop_piece(outcome_id)
    return count
