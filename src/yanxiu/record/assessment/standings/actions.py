"""When an edition is made: for a class too large to judge while somebody waits, when somebody looks and it is behind."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from yanxiu.core.time import clock
from yanxiu.kit.audit import latest_position
from yanxiu.record.assessment.standings.making import VERSION, forget
from yanxiu.record.assessment.standings.models import StandingsEdition
from yanxiu.record.assessment.standings.queries import newest, silent, under_way
from yanxiu.record.assessment.standings.tasks import make_edition
from yanxiu.study.queries import digested
from yanxiu.training.classes.models import TrainingClass

__all__ = ["keep_current"]

LEAST_PAUSE = timedelta(seconds=60)
PAUSES = 10  # times as long as an edition took: making them takes at most a tenth of the worker's time


def keep_current(class_: TrainingClass) -> None:
    """Orders a new edition where the records have moved on since the newest, it is not too soon, and none is under way."""
    if under_way(class_) is not None:
        return
    last = newest(class_)
    if last is not None:
        here = (last.audit_position, last.ledger_position)
        pause = max(LEAST_PAUSE, PAUSES * timedelta(seconds=last.took_seconds))
        if here == (latest_position(), digested().position) or clock.real_now() < last.touched_at + pause:
            return
    forget(silent(class_))  # nobody makes it any more
    try:
        with transaction.atomic():
            made = StandingsEdition.objects.create(training_class=class_, version=VERSION, touched_at=clock.real_now())
    except IntegrityError:
        return  # somebody else ordered it this moment
    make_edition.enqueue(made.pk)
