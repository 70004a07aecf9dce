"""Digesting: ledger entries after the mark become credit rows, which may be thrown away and made again at any time."""

from collections.abc import Iterable

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.credit.credit_v3 import GRANTABLE
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.study.digest.gathering import CorrectionBody
from yanxiu.study.digest.ports import require_correctors
from yanxiu.study.digest.reading import PersonStudy, Windows, person_study
from yanxiu.study.digest.writing import changes, strangers
from yanxiu.study.models import CreditCell, DigestMark
from yanxiu.study.ports import credited_view, ledger

__all__ = ["CORRECTION_REASONS", "correct_study", "digest_once", "grant_study", "rebuild"]

CORRECTION_REASONS = frozenset({"impersonation", "shared_screen", "recording_error", "appeal"})


def digest_once() -> int:
    """Recompute everybody with entries after the mark; how many. 0 too when another digest was faster: nothing is lost."""
    store, mark = ledger(), _mark()
    start = mark.position
    head, chain = store.head()
    if head < start:
        raise RuntimeError(f"the ledger ends at {head}, before the digest's mark {start}: restore it, or rebuild")
    if head == start:
        _mend_view(head)
        return 0
    persons = store.persons(start, head)
    windows = Windows(persons)
    studies = {person: person_study(store, person, head, windows) for person in persons}
    differing = changes(studies)
    with transaction.atomic():
        now = _mark()
        if (now.position, now.digested_at) != (start, mark.digested_at):
            return 0
        differing.apply()
        _move_mark(head, chain)
    _publish(studies.values(), start, head)
    return len(studies)


def rebuild() -> int:
    """Make every credit row anew from the ledger, whatever is stored; how many persons. Readers see old rows or new, never none.

    A digest that runs meanwhile finds the mark moved and gives up its round; what arrived meanwhile lies after our mark.
    """
    store = ledger()
    head, chain = store.head()
    windows = Windows()
    studies = {person: person_study(store, person, head, windows) for person in store.persons(0, head)}
    with transaction.atomic():
        changes(studies | strangers(studies)).apply()
        _move_mark(head, chain)
    _mend_view(head, anew=True)
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

    `reason` is one of CORRECTION_REASONS: a chain holds ids, quantities and times, no words about a person. The entry comes
    first, then the audit row: an entry without its audit row can be seen and repaired, an audited correction that was
    never made could not.
    """
    if reason not in CORRECTION_REASONS:
        known = "、".join(sorted(CORRECTION_REASONS))
        raise Refused("unknown_reason", _("请选择更正原因：%(known)s。") % {"known": known}, field="reason")
    both, whose = (actor.person_id, second), (person_id, class_id, enrolment_id)
    return _entered("correct_study", both, whose, (from_ms, until_ms), reason=reason)


def grant_study(
    confirmer: Viewer,
    *,
    proposed_by: int,
    whose: tuple[int, int, int],
    lesson_id: int,
    grants: str,
    from_ms: int,
    until_ms: int,
) -> int:
    """Append the entry of an appeal upheld: for the reason `grants` nothing is subtracted there; its position.

    `whose`: person, class and enrolment. The one who proposed it and the one who confirms it now are two.
    """
    if grants not in GRANTABLE:
        raise Refused(
            "not_grantable",
            _("这类时间按规则不能改为计入（同一时刻只计一次，重复观看和超出课时的部分不计），只能说明理由后驳回。"),
            field="reason",
        )
    both = (proposed_by, confirmer.person_id)
    return _entered(
        "grant_study", both, whose, (from_ms, until_ms), reason="appeal", lesson_id=lesson_id, grants=grants
    )


def _entered(
    action: str,
    both: tuple[int | None, int | None],
    whose: tuple[int, int, int],
    window: tuple[int, int],
    *,
    reason: str,
    lesson_id: int | None = None,
    grants: str = "",
) -> int:
    (actor, second), (person_id, class_id, enrolment_id), (from_ms, until_ms) = both, whose, window
    if actor is None or second is None or second == actor:
        raise Refused("second_person", _("更正学时须由另一人复核，不能由同一人办理。"), field="second")
    if person_id in both:
        raise Refused("own_study", _("不能更正自己的学时。"), field="person_id")
    require_correctors(actor, second, class_id)
    if not from_ms < until_ms:
        raise Refused("empty_window", _("更正的结束时间须晚于开始时间。"), field="until_ms")
    body = CorrectionBody(reason, actor, second, from_ms, until_ms, enrolment_id, grants=grants, lesson_id=lesson_id)
    position = ledger().append_fact("correction", person_id, msgspec.json.encode(body), clock.now_ms())
    with transaction.atomic():
        audit.record(
            action, "enrolment", enrolment_id, actor_id=actor, class_id=class_id, second=second, position=position,
            from_ms=from_ms, until_ms=until_ms, reason=grants or reason,
        )  # fmt: skip
    return position


def _mark() -> DigestMark:
    return DigestMark.objects.filter(pk=1).first() or DigestMark(pk=1)


def _move_mark(position: int, chain: str) -> None:
    DigestMark(pk=1, position=position, chain=chain, digested_at=clock.real_now()).save()


def _publish(studies: Iterable[PersonStudy], start: int, head: int) -> None:
    """The view of credited time follows the rows; where it stands elsewhere than they did, it is made anew."""
    view = credited_view()
    if view is None:
        return
    if view.position() != start:
        _mend_view(head, anew=True)
        return
    view.publish(((r.enrolment_id, r.lesson_id, r.day, r.credited_ms) for s in studies for r in s.credited), head)


def _mend_view(head: int, *, anew: bool = False) -> None:
    view = credited_view()
    if view is not None and (anew or view.position() != head):
        rows = CreditCell.objects.values_list("enrolment_id", "lesson_id", "day", "credited_ms")
        view.publish(rows.iterator(), head, anew=True)
