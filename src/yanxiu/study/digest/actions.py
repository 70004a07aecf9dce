"""Digesting: ledger entries after the mark become credit rows, which may be thrown away and made again at any time."""

from collections.abc import Iterable
from itertools import islice

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.credit.credit_v1 import ALGORITHM
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.study.digest.reading import CorrectionBody, PersonStudy, Windows, person_study
from yanxiu.study.models import CreditCell, DigestMark, UncountedCell
from yanxiu.study.ports import ledger

__all__ = ["CORRECTION_REASONS", "correct_study", "digest_once", "rebuild"]

CORRECTION_REASONS = frozenset({"impersonation", "shared_screen", "recording_error", "appeal"})
MOST_BOUND = 500  # values bound in one statement


def digest_once() -> int:
    """Recompute everybody with entries after the mark; how many. 0 too when another digest was faster: nothing is lost."""
    store = ledger()
    start = _mark().position
    head, chain = store.head()
    if head < start:
        raise RuntimeError(f"the ledger ends at {head}, before the digest's mark {start}: restore it, or rebuild")
    if head == start:
        return 0
    persons = store.persons(start, head)
    windows = Windows()
    studies = {person: person_study(store, person, head, windows) for person in persons}
    with transaction.atomic():
        if _mark().position != start:
            return 0
        for some in _chunks(studies):
            CreditCell.objects.filter(person_id__in=some).delete()
            UncountedCell.objects.filter(person_id__in=some).delete()
        _write(studies.values())
        _move_mark(head, chain)
    return len(studies)


def rebuild() -> int:
    """Throw every credit row away and recompute all from the ledger; how many persons. Readers see old rows or new, never none.

    A digest that runs meanwhile finds the mark moved and gives up its round; what arrived meanwhile lies after our mark.
    """
    store = ledger()
    head, chain = store.head()
    windows = Windows()
    studies = [person_study(store, person, head, windows) for person in store.persons(0, head)]
    with transaction.atomic():
        CreditCell.objects.all().delete()
        UncountedCell.objects.all().delete()
        _write(studies)
        _move_mark(head, chain)
    return len(studies)


def correct_study(
    actor: Viewer,
    *,
    second: int,
    person_id: int,
    class_id: int,
    enrolment_id: int,
    reason: str,
    from_ms: int,
    until_ms: int,
) -> int:
    """Append a reversing entry, signed off by a second person; its position. The next digest applies it.

    `reason` is one of CORRECTION_REASONS: a chain holds ids, quantities and times, no words about a person. Whether both
    may is for the caller to ask `training.classes.rules`. The entry comes first, then the audit row: an entry without its
    audit row can be seen and repaired, an audited correction that was never made could not.
    """
    if actor.person_id is None or second == actor.person_id:
        raise Refused("second_person", _("更正学时须由另一人复核，不能由同一人办理。"), field="second")
    if person_id in {actor.person_id, second}:
        raise Refused("own_study", _("不能更正自己的学时。"), field="person_id")
    if reason not in CORRECTION_REASONS:
        known = "、".join(sorted(CORRECTION_REASONS))
        raise Refused("unknown_reason", _("请选择更正原因：%(known)s。") % {"known": known}, field="reason")
    if not from_ms < until_ms:
        raise Refused("empty_window", _("更正的结束时间须晚于开始时间。"), field="until_ms")
    body = CorrectionBody(reason, actor.person_id, second, from_ms, until_ms, enrolment_id)
    position = ledger().append_fact("correction", person_id, msgspec.json.encode(body), clock.now_ms())
    with transaction.atomic():
        audit.record(
            "correct_study", "enrolment", enrolment_id, actor_id=actor.person_id, class_id=class_id,
            second=second, position=position, from_ms=from_ms, until_ms=until_ms, reason=reason,
        )  # fmt: skip
    return position


def _mark() -> DigestMark:
    return DigestMark.objects.filter(pk=1).first() or DigestMark(pk=1)


def _move_mark(position: int, chain: str) -> None:
    DigestMark(pk=1, position=position, chain=chain, digested_at=clock.real_now()).save()


def _chunks(persons: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(persons)
    while some := list(islice(rest, MOST_BOUND)):
        yield some


def _write(studies: Iterable[PersonStudy]) -> None:
    for study in studies:
        CreditCell.objects.bulk_create(CreditCell(**row._asdict(), algorithm=ALGORITHM) for row in study.credited)
        UncountedCell.objects.bulk_create(UncountedCell(**row._asdict()) for row in study.uncounted)
