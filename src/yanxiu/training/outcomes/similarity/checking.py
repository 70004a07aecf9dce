"""One check, from candidates to exact spans. Runs in the background; writes only its own rows."""

import logging
from collections.abc import Iterable

from django.db import transaction

from yanxiu.core.similar import Folded, Passage, passages, per_mille, united
from yanxiu.core.time import clock
from yanxiu.training.outcomes.models import OutcomeVersion
from yanxiu.training.outcomes.similarity.corpus import CORPUS_STATES, add_piece, candidates, folded_version
from yanxiu.training.outcomes.similarity.models import SimilarityCheck, SimilarityMatch

__all__ = ["perform_check"]

LEAST_MATCH = 20  # per mille of the checked text; less is not kept
logger = logging.getLogger(__name__)
State = SimilarityCheck.State
Span = tuple[int, int]


def _spans(found: Iterable[Passage]) -> list[Span]:
    """Agreeing stretches of mine, in folded characters."""
    return united((mine, mine + length) for passage in found for mine, _theirs, length in passage.runs)


def _runs(found: Iterable[Passage], mine: Folded, theirs: Folded) -> list[list[int]]:
    return [
        [num, *mine.span(a, a + length), *theirs.span(b, b + length)]
        for num, passage in enumerate(found, start=1)
        for a, b, length in passage.runs
    ]


def _compared(check: SimilarityCheck) -> tuple[list[Span], list[SimilarityMatch], Folded]:
    """(agreeing stretches of the checked text, matches to keep, the text as folded)."""
    mine = folded_version(check.version)
    likely = candidates(mine, check.outcome.enrolment.person_id)
    others = OutcomeVersion.objects.in_bulk([candidate.version_id for candidate in likely])
    agreeing: list[Span] = []
    matches: list[SimilarityMatch] = []
    for other in others.values():
        theirs = folded_version(other)
        found = passages(mine, theirs)
        spans = _spans(found)
        share = per_mille(spans, len(mine.chars))
        if share >= LEAST_MATCH:
            agreeing += spans
            matches.append(
                SimilarityMatch(similarity_check=check, other=other, per_mille=share, runs=_runs(found, mine, theirs))
            )
    return united(agreeing), matches, mine


def _store(check: SimilarityCheck, spans: list[Span], matches: list[SimilarityMatch], mine: Folded) -> None:
    with transaction.atomic():
        check.refresh_from_db()
        check.state, check.done_at = State.DONE, clock.now()
        check.per_mille, check.characters = per_mille(spans, len(mine.chars)), len(mine.chars)
        check.spans = [list(mine.span(start, end)) for start, end in spans]
        check.save()
        check.matches.all().delete()
        SimilarityMatch.objects.bulk_create(matches)
        check.outcome.refresh_from_db(fields=["state"])
        if not check.by_author and check.outcome.state in CORPUS_STATES:
            add_piece(check.version)


def perform_check(check_id: int) -> str:
    """The state the check ends in. Doing it again gives the same; a check whose piece was erased is no more."""
    check = SimilarityCheck.objects.select_related("version", "outcome__enrolment").filter(pk=check_id).first()
    if check is None:
        return ""
    SimilarityCheck.objects.filter(pk=check_id).update(state=State.RUNNING)
    try:
        _store(check, *_compared(check))
    except Exception:
        logger.exception("similarity check %s failed", check_id)
        SimilarityCheck.objects.filter(pk=check_id).update(state=State.FAILED, done_at=clock.now())
        return State.FAILED
    return State.DONE
