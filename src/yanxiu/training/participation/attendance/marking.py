"""The sheet: marks are saved as often as one likes, until it is confirmed (confirming.py)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.attendance.facts import AttendanceFact, BadTimes, presence_of
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment
from yanxiu.training.classes.rules import can_manage, require
from yanxiu.training.participation.attendance.models import Attendance, AttendanceState, InPersonSession
from yanxiu.training.participation.attendance.planning import stored_session
from yanxiu.training.participation.attendance.queries import SheetRow, on_sheet, sheet_row

__all__ = ["Mark", "checked_mark", "fact_of", "fill_sheet", "known_mark", "save_marks", "write_marks"]

_CHUNK = 500
_FIELDS = ["state", "arrived_at", "left_at", "position"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody is marked as; times only where the state has them."""

    state: str
    arrived_at: datetime | None = None
    left_at: datetime | None = None


def checked_mark(session: InPersonSession, mark: Mark, name: str) -> Mark:
    """The mark, without times its state does not have. Refused, by name, for times outside the session."""
    if mark.state not in AttendanceState.values:
        raise Refused("bad_state", _("请为%(name)s选择到、迟到、早退、请假或缺勤。") % {"name": name}, field="state")
    whole = (clock.to_ms(session.starts_at), clock.to_ms(session.ends_at))
    times = [None if at is None else clock.to_ms(at) for at in (mark.arrived_at, mark.left_at)]
    try:
        presence_of(mark.state, whole, *times)
    except BadTimes as bad:
        text = {
            "arrived": _("%(name)s：请填写到场时间，要在本次面授的时间之内。"),
            "left": _("%(name)s：请填写离场时间，要晚于到场、不晚于结束。"),
        }[bad.which]
        raise Refused("bad_times", text % {"name": name}, field=bad.which) from None
    return mark if mark.state in {AttendanceState.LATE, AttendanceState.LEFT_EARLY} else Mark(mark.state)


def fact_of(session: InPersonSession, enrolment: Enrolment, mark: Mark) -> AttendanceFact:
    """The mark as it goes into the ledger."""
    starts, ends = clock.to_ms(session.starts_at), clock.to_ms(session.ends_at)
    times = [None if at is None else clock.to_ms(at) for at in (mark.arrived_at, mark.left_at)]
    from_ms, until_ms = presence_of(mark.state, (starts, ends), *times)
    return AttendanceFact(
        enrolment.person_id, session.training_class_id, enrolment.pk, session.lesson_id, session.lesson.version,
        mark.state, from_ms, until_ms, ends - starts, session.training_class.zone,
    )  # fmt: skip


def write_marks(
    session: InPersonSession, marks: Mapping[int, Mark], positions: Mapping[int, int] | None = None
) -> None:
    """One mark a line, made or changed, in a few statements; with their place in the ledger once they are there."""
    at = positions or {}
    Attendance.objects.bulk_create(
        [
            Attendance(
                session=session, enrolment_id=pk, state=mark.state, arrived_at=mark.arrived_at, left_at=mark.left_at,
                position=at.get(pk),
            )
            for pk, mark in marks.items()
        ],
        batch_size=_CHUNK, update_conflicts=True, unique_fields=["session", "enrolment"], update_fields=_FIELDS,
    )  # fmt: skip


def _recorded(action: str, session: InPersonSession, actor: Viewer, **details: Any) -> None:
    audit.record(
        action, "in_person_session", session.pk, actor_id=actor.person_id, class_id=session.training_class_id, **details
    )


@transaction.atomic
def save_marks(actor: Viewer, session: InPersonSession, marks: Mapping[int, tuple[Mark | None, Mark]]) -> int:
    """By enrolment id: what the page showed, and what it shall be; how many changed.

    A line that somebody else has changed since the page was shown is refused by name, and then nothing of it is saved.
    """
    require(can_manage, actor, session.training_class)
    stored = stored_session(session)
    if clock.now() < stored.starts_at:
        raise Refused("too_early", _("面授还没有开始，开始以后再登记考勤。"))
    lines = on_sheet(stored).filter(pk__in=list(marks)).select_related("person", "nominating_org")
    rows = {line.pk: sheet_row(stored, line) for line in lines}
    changed: dict[int, Mark] = {}
    overtaken = []
    for pk, (shown, wanted) in marks.items():
        row = rows.get(pk)
        if row is None:
            raise Refused("not_on_sheet", _("名单有变动，请刷新页面再登记。"))
        if wanted == shown:
            continue
        now = Mark(row.state, row.arrived_at, row.left_at) if row.state else None
        if now not in (shown, wanted):
            overtaken.append(row.name)
        changed[pk] = checked_mark(stored, wanted, row.name)
    if overtaken:
        names = {"names": "、".join(overtaken[:10])}
        raise Refused("overtaken", _("另一位老师刚刚登记过：%(names)s。没有保存；请核对现在的记录再改。") % names)
    if changed:
        write_marks(stored, changed)
        _recorded("save_marks", stored, actor, lines=len(changed))
    return len(changed)


def known_mark(row: SheetRow, otherwise: str = "") -> Mark | None:
    """As marked; else as 签到 or leave say; else `otherwise`; None where nothing is left."""
    if row.state:
        return Mark(row.state, row.arrived_at, row.left_at)
    if row.proposal:
        return Mark(row.proposal, row.proposed_arrival)
    return Mark(otherwise) if otherwise else None


@transaction.atomic
def fill_sheet(actor: Viewer, session: InPersonSession, *, state: str) -> int:
    """Everybody not marked yet: as 签到 and leave say, the others present (or absent); how many."""
    require(can_manage, actor, session.training_class)
    stored = stored_session(session)
    if state not in {AttendanceState.PRESENT, AttendanceState.ABSENT}:
        raise Refused("bad_state", _("请选择其余的人记为到还是缺勤。"), field="state")
    if clock.now() < stored.starts_at:
        raise Refused("too_early", _("面授还没有开始，开始以后再登记考勤。"))
    lines = on_sheet(stored).select_related("person", "nominating_org")
    rows = [sheet_row(stored, line) for line in lines]
    marks = {row.enrolment_id: mark for row in rows if not row.state and (mark := known_mark(row, state)) is not None}
    if marks:
        write_marks(stored, marks)
        _recorded("fill_sheet", stored, actor, lines=len(marks), present=int(state == AttendanceState.PRESENT))
    return len(marks)
