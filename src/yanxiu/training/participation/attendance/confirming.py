"""A sheet confirmed, or a correction signed by the second person, becomes facts of the ledger: docs/decisions/0043.

The ledger is a file of its own: no transaction holds for both. So a decision is written down and committed first; then, under its
key, entered in the ledger, where it is found again by whoever comes after a crash; last it is noted here where it stands. Each
step may be the last of a process: the next one takes it up from there.
"""

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.attendance.facts import THERE
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import can_manage, require
from yanxiu.training.participation.attendance.books.decisions import decide, decision_on
from yanxiu.training.participation.attendance.books.ports import books
from yanxiu.training.participation.attendance.marking import Mark, checked_mark, fact_of, known_mark, write_marks
from yanxiu.training.participation.attendance.models import AttendanceCorrection, AttendanceDecision, InPersonSession
from yanxiu.training.participation.attendance.planning import stored_session
from yanxiu.training.participation.attendance.queries import on_sheet, sheet_row

__all__ = ["confirm_sheet", "finish", "finish_decided"]


def confirm_sheet(actor: Viewer, session: InPersonSession) -> InPersonSession:
    """After the session, with every line marked: all of them go into the ledger at once, and from then on they count."""
    require(can_manage, actor, session.training_class)
    begun = decision_on(session)
    if begun is not None:
        finish(begun.key)
    if begun is None or begun.actor_id != actor.person_id:
        finish(_decided(actor, session))
    return InPersonSession.objects.select_related("training_class", "lesson__course").get(pk=session.pk)


@transaction.atomic
def _decided(actor: Viewer, session: InPersonSession) -> uuid.UUID:
    stored = stored_session(session)
    if clock.now() < stored.ends_at:
        raise Refused("too_early", _("面授还没有结束，结束以后才能确认考勤。"))
    lines = {line.pk: line for line in on_sheet(stored).select_related("person", "nominating_org").order_by("pk")}
    known = {pk: known_mark(sheet_row(stored, line)) for pk, line in lines.items()}
    missing = [lines[pk].person.name for pk, mark in known.items() if mark is None]
    if missing:
        words = {"count": len(missing), "names": "、".join(missing[:10])}
        raise Refused("unmarked", _("还有 %(count)d 人没有登记：%(names)s。登记完再确认。") % words)
    marks = {pk: checked_mark(stored, mark, lines[pk].person.name) for pk, mark in known.items() if mark is not None}
    if any(lines[pk].person_id == actor.person_id and mark.state in THERE for pk, mark in marks.items()):
        raise Refused("own_study", _("您自己也在名单上：请另一位班主任或组织管理者确认这次考勤。"))
    return decide(
        stored, actor.person_id or 0,
        [(pk, mark.state, _text(mark.arrived_at), _text(mark.left_at)) for pk, mark in marks.items()],
    )  # fmt: skip


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@transaction.atomic
def finish(key: uuid.UUID) -> bool:
    """Into the ledger, unless it is there already, and noted here; False where somebody has done all of it.

    The rights were asked when it was decided. The lock of this transaction keeps two from entering the same at once.
    """
    decision = AttendanceDecision.objects.select_for_update().filter(key=key).first()
    if decision is None:
        return False
    if decision.session_id is not None:
        _finish_sheet(decision, decision.session_id)
    elif decision.correction_id is not None:
        _finish_correction(decision, decision.correction_id)
    decision.delete()
    return True


def finish_decided() -> int:
    """What a process left behind; how many. One that cannot be carried out keeps no other waiting; it is raised at the end."""
    made, problem = 0, None
    for key in list(AttendanceDecision.objects.order_by("pk").values_list("key", flat=True)):
        try:
            made += finish(key)
        except Exception as failed:  # noqa: BLE001  (raised below, when the others are done)
            problem = problem or failed
    if problem is not None:
        raise problem
    return made


def _finish_sheet(decision: AttendanceDecision, session_id: int) -> None:
    session = InPersonSession.objects.select_related("training_class", "lesson").get(pk=session_id)
    marks = {pk: Mark(state, _instant(came), _instant(left)) for pk, state, came, left in decision.marks}
    lines = Enrolment.objects.in_bulk(list(marks))
    facts = [fact_of(session, lines[pk], mark) for pk, mark in marks.items()]
    positions = books().enter(decision.actor_id, facts, key=str(decision.key))
    write_marks(session, marks, dict(zip(marks, positions, strict=True)))
    session.state, session.confirmed_by_id = session.State.CONFIRMED, decision.actor_id
    session.confirmed_at = decision.decided_at
    session.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    audit.record(
        "confirm_sheet", "in_person_session", session.pk, actor_id=decision.actor_id,
        class_id=session.training_class_id, from_state=session.State.PLANNED, to_state=session.state, lines=len(marks),
        there=sum(mark.state in THERE for mark in marks.values()), first=min(positions, default=0),
        last=max(positions, default=0),
    )  # fmt: skip


def _finish_correction(decision: AttendanceDecision, correction_id: int) -> None:
    related = ("attendance__session__training_class", "attendance__session__lesson", "attendance__enrolment")
    found = AttendanceCorrection.objects.select_related(*related).get(pk=correction_id)
    mark, wanted = found.attendance, Mark(found.state, found.arrived_at, found.left_at)
    fact, by = fact_of(mark.session, mark.enrolment, wanted), found.proposed_by_id
    under: dict[str, Any] = {"key": str(decision.key)}
    if mark.position is None:
        mark.position = books().enter(by, [fact], **under)[0]
    else:
        mark.position = books().correct(fact, reverses=mark.position, proposed_by=by, second=decision.actor_id, **under)
    mark.state, mark.arrived_at, mark.left_at = wanted.state, wanted.arrived_at, wanted.left_at
    mark.save(update_fields=["position", "state", "arrived_at", "left_at"])
    found.step, found.second_id, found.decided_at = found.Step.CONFIRMED, decision.actor_id, decision.decided_at
    found.save(update_fields=["step", "second", "decided_at"])
    audit.record(
        "confirm_attendance", "attendance_correction", found.pk, actor_id=decision.actor_id,
        class_id=mark.session.training_class_id, from_state=found.Step.PROPOSED, to_state=found.step,
        attendance=found.attendance_id, mark=found.state,
    )  # fmt: skip
