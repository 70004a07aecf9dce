"""Making an edition: every learner's facts put to the scheme, all of one state of the records, a few hundred at a time."""

import time
from collections.abc import Iterable, Iterator

from django.db import transaction

from yanxiu.core.rules.assess import Verdict
from yanxiu.core.rules.excellent import award
from yanxiu.core.time import clock
from yanxiu.kit.audit import latest_position
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.record.assessment.learners import LearnerLine, learner_lines
from yanxiu.record.assessment.standings.models import Standing, StandingsEdition
from yanxiu.study.queries import digested
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = ["VERSION", "forget", "make"]

VERSION = 2  # raised whenever a row would come out otherwise
AT_ONCE = 500  # learners
ROWS = 5000  # deleted in one transaction
MILLION = 1_000_000


def make(edition_id: int) -> int:
    """Fills the edition and puts it in place of the class's older ones; how many learners. Nothing of one that failed stays.

    Of one that somebody had begun and been stopped at, nothing is trusted: it is filled from the first.
    """
    edition, began = StandingsEdition.objects.filter(pk=edition_id).first(), time.monotonic()
    if edition is None:
        return 0  # it waited so long that another was ordered in its place
    _empty(edition)
    try:
        with snapshot():
            count = _filled(edition)
    except BaseException:
        forget(StandingsEdition.objects.filter(pk=edition_id))
        raise
    StandingsEdition.objects.filter(pk=edition_id).update(is_ready=True, took_seconds=int(time.monotonic() - began))
    older = StandingsEdition.objects.filter(training_class_id=edition.training_class_id, pk__lt=edition_id)
    forget(older)
    return count


def forget(editions: Iterable[StandingsEdition]) -> None:
    """In several transactions: a hundred thousand rows gone in one would keep everybody else from writing."""
    for edition in editions:
        _empty(edition)
        edition.delete()


def _empty(edition: StandingsEdition) -> None:
    rows = Standing.objects.filter(edition=edition)
    while some := list(rows.values_list("pk", flat=True)[:ROWS]):
        Standing.objects.filter(pk__in=some).delete()


def _filled(edition: StandingsEdition) -> int:
    class_ = TrainingClass.objects.get(pk=edition.training_class_id)
    everybody = list(counted_enrolments(class_.pk).order_by("pk").values_list("pk", flat=True))
    rounds = list(class_.rounds.order_by("num").values_list("num", flat=True))
    mine = StandingsEdition.objects.filter(pk=edition.pk)
    mine.update(
        audit_position=latest_position(), ledger_position=digested().position, read_at=clock.now(), rounds=rounds,
        total=len(everybody), touched_at=clock.real_now(),
    )  # fmt: skip
    verdicts: dict[int, Verdict] = {}
    for number, some in enumerate(_chunks(everybody), 1):
        lines = learner_lines(class_, some)
        verdicts |= {line.enrolment_id: Verdict(line.verdict.grade, line.verdict.score, ()) for line in lines}
        with transaction.atomic():
            Standing.objects.bulk_create([_row(edition, line) for line in lines])
            mine.update(counted=min(number * AT_ONCE, len(everybody)), touched_at=clock.real_now())
    judged = award(scheme(class_.scheme_id), verdicts, None)
    for some in _chunks([pk for pk, verdict in judged.items() if verdict.grade == "excellent"]):
        Standing.objects.filter(edition=edition, enrolment_id__in=some).update(grade="excellent")
    return len(everybody)


def _chunks(rows: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _row(edition: StandingsEdition, line: LearnerLine) -> Standing:
    done = [is_done for _num, is_done in line.posted]
    score = line.verdict.score
    return Standing(
        edition=edition, enrolment_id=line.enrolment_id, compulsory=line.compulsory, elective=line.elective,
        posted="".join("01"[is_done] for is_done in done), posts=sum(done),
        has_outcome=line.has_outcome, exam_best=line.exam_best, grade=line.verdict.grade,
        points=None if score is None else score.numerator * MILLION // score.denominator,
    )  # fmt: skip
