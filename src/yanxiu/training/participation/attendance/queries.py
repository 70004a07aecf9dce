"""Reads of sessions and of who was there. Whose class it may be is the caller's question."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from yanxiu.core.attendance.facts import THERE
from yanxiu.core.time import clock
from yanxiu.core.time.windows import local_day
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import counted_enrolments
from yanxiu.training.courses.electives.models import ElectiveChoice, ElectiveWindow
from yanxiu.training.courses.models import CurriculumItem
from yanxiu.training.participation.attendance.codes import EARLY
from yanxiu.training.participation.attendance.models import Attendance, AttendanceState, InPersonSession
from yanxiu.training.participation.models import LeaveRequest

__all__ = [
    "OwnSession", "SessionRow", "SheetRow", "expected", "expects", "has_sessions", "mark_counts", "own_sessions", "session_for", "session_row",
    "session_rows", "sheet", "sheet_counts", "suggested",
]  # fmt: skip

_State = InPersonSession.State
_Kind = CurriculumItem.Kind


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as planned. `kind` of the curriculum ("" once cancelled); `state`: planned, confirmed, cancelled."""

    session_id: int
    uuid: UUID
    lesson_id: int
    title: str
    lecturer: str
    kind: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    state_label: str
    item_id: int | None

    @property
    def phase(self) -> str:
        """ahead, open (签到 is taken), over (its sheet waits), confirmed, cancelled."""
        if self.state != _State.PLANNED:
            return self.state
        now = clock.now()
        return "ahead" if now < self.starts_at - EARLY else "open" if now < self.ends_at else "over"

    @property
    def has_begun(self) -> bool:
        return clock.now() >= self.starts_at


_ROW = (
    "pk", "uuid", "lesson_id", "lesson__title", "lesson__course__lecturer__name",
    "lesson__course__curriculumitem__kind", "place", "starts_at", "ends_at", "state", "lesson__course__curriculumitem__pk",
)  # fmt: skip


def _rows(sessions: QuerySet[InPersonSession]) -> list[SessionRow]:
    labels = dict(_State.choices)
    return [
        SessionRow(
            pk, uuid, lesson, title, who, kind or "", place, starts, ends, state, str(labels[_State(state)]), item
        )
        for pk, uuid, lesson, title, who, kind, place, starts, ends, state, item in sessions.order_by(
            "starts_at", "pk"
        ).values_list(*_ROW)
    ]


def has_sessions(class_id: int) -> bool:
    return InPersonSession.objects.filter(training_class_id=class_id).exclude(state=_State.CANCELLED).exists()


def session_rows(class_id: int, *, cancelled: bool = False) -> list[SessionRow]:
    """In the order of time."""
    sessions = InPersonSession.objects.filter(training_class_id=class_id)
    return _rows(sessions if cancelled else sessions.exclude(state=_State.CANCELLED))


def session_row(session: InPersonSession) -> SessionRow:
    return _rows(InPersonSession.objects.filter(pk=session.pk))[0]


def mark_counts(class_id: int) -> dict[int, dict[str, int]]:
    """By session: how many in each state, and "checked_in"."""
    marks = Attendance.objects.filter(session__training_class_id=class_id).order_by()
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for session_id, state, many, checked_in in marks.values_list("session_id", "state").annotate(
        many=Count("pk"), checked_in=Count("checked_in_at")
    ):
        found[session_id][state or "unmarked"] = many
        found[session_id]["checked_in"] = found[session_id].get("checked_in", 0) + checked_in
    return found


def session_for(training_class: TrainingClass, uuid: UUID) -> InPersonSession:
    """The session at that address; NotVisible for one of another class."""
    sessions = InPersonSession.objects.select_related("training_class", "lesson__course__lecturer", "confirmed_by")
    found = sessions.filter(training_class=training_class, uuid=uuid).first()
    if found is None:
        raise NotVisible
    return found


def expects(row: SessionRow, chosen: Collection[int | None] | None) -> bool:
    """Does missing it count against a learner? `chosen`: their electives (item ids), None where nobody chooses."""
    return row.kind == _Kind.COMPULSORY or (row.kind == _Kind.ELECTIVE and chosen is not None and row.item_id in chosen)


def expected(session: InPersonSession) -> QuerySet[Enrolment]:
    """Who is on the sheet: everybody registered; of an elective that is chosen, those who chose it."""
    registered = counted_enrolments(session.training_class_id)
    item = CurriculumItem.objects.filter(
        training_class_id=session.training_class_id, course__lessons=session.lesson_id, kind=_Kind.ELECTIVE
    )
    choosing = ElectiveWindow.objects.filter(training_class_id=session.training_class_id)
    if item.exists() and choosing.exists():
        return registered.filter(Exists(ElectiveChoice.objects.filter(enrolment=OuterRef("pk"), item__in=item)))
    return registered


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A learner's line. `state` as stored ("" = not yet); `proposal` what it would be from 签到 or leave ("" = nothing known)."""

    enrolment_id: int
    person_id: int
    name: str
    organisation: str
    state: str
    arrived_at: datetime | None
    left_at: datetime | None
    checked_in_at: datetime | None
    on_leave: bool
    position: int | None
    proposal: str
    proposed_arrival: datetime | None


def suggested(session: InPersonSession, checked_in_at: datetime | None, on_leave: bool) -> tuple[str, datetime | None]:
    """State and arrival from what is known: 签到 up to ten minutes after the beginning is 到, later 迟到 from then on."""
    if checked_in_at is not None and session.starts_at - EARLY <= checked_in_at < session.ends_at:
        late = (checked_in_at - session.starts_at).total_seconds() > 10 * 60
        minute = checked_in_at.replace(second=0, microsecond=0)  # a sheet knows minutes
        return (AttendanceState.LATE, minute) if late else (AttendanceState.PRESENT, None)
    return (AttendanceState.LEAVE, None) if on_leave else ("", None)


def on_sheet(session: InPersonSession) -> QuerySet[Any, Any]:
    """The lines with what is known of each: one statement whatever their number. With those marked who have left since."""
    day = local_day(clock.to_ms(session.starts_at), session.training_class.zone)
    leave = LeaveRequest.objects.filter(
        enrolment=OuterRef("pk"), kind=LeaveRequest.Kind.LEAVE, state=LeaveRequest.State.GRANTED,
        starts_on__lte=day, ends_on__gte=day,
    )  # fmt: skip
    entered = Attendance.objects.filter(session=session, enrolment=OuterRef("pk"), position__isnull=False)
    lines = Enrolment.objects.filter(training_class_id=session.training_class_id)
    lines = lines.filter(Q(pk__in=expected(session).values("pk")) | Exists(entered))
    return lines.annotate(
        mark=FilteredRelation("attendances", condition=Q(attendances__session=session)),
        mark_state=F("mark__state"), arrived=F("mark__arrived_at"), left=F("mark__left_at"),
        checked_in=F("mark__checked_in_at"), entered=F("mark__position"), on_leave=Exists(leave),
    )  # fmt: skip


def sheet_row(session: InPersonSession, line: Enrolment) -> SheetRow:
    """A line of `on_sheet`, whose annotations Django's types do not know."""
    known = vars(line)
    proposal, arrival = suggested(session, known["checked_in"], known["on_leave"])
    return SheetRow(
        line.pk, line.person_id, line.person.name, line.nominating_org.name, known["mark_state"] or "",
        known["arrived"], known["left"], known["checked_in"], known["on_leave"], known["entered"], proposal, arrival,
    )  # fmt: skip


def sheet(session: InPersonSession, *, only: str = "", after: str | None = None, limit: int = 50) -> Page[SheetRow]:
    """A page of the sheet in the order of nomination. `only`: "unmarked", or one state."""
    lines = on_sheet(session).select_related("person", "nominating_org")
    if only == "unmarked":
        lines = lines.filter(Q(mark_state="") | Q(mark_state=None))
    elif only in AttendanceState.values:
        lines = lines.filter(mark_state=only)
    return keyset_page(lines, lambda line: sheet_row(session, line), after=after, limit=limit)


def sheet_counts(session: InPersonSession) -> dict[str, int]:
    """How many lines in each state; "" not marked, "checked_in" of those, "all"."""
    lines = on_sheet(session).values_list("mark_state", "checked_in", "on_leave")
    counts: Counter[str] = Counter()
    for state, checked_in, leave in lines:
        counts[state or ""] += 1
        counts["all"] += 1
        if checked_in is not None:
            counts["checked_in"] += 1
        if not state and (checked_in is not None or leave):
            counts["known"] += 1
    return {name: counts[name] for name in ("", "all", "checked_in", "known", *AttendanceState.values)}


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session as one learner stands in it. `mark`: the state as marked ("" none), official once `row.state` is confirmed."""

    row: SessionRow
    mark: str
    mark_label: str
    arrived_at: datetime | None
    left_at: datetime | None
    checked_in_at: datetime | None
    is_expected: bool

    @property
    def is_confirmed(self) -> bool:
        return self.row.state == _State.CONFIRMED

    @property
    def was_there(self) -> bool:
        """As confirmed."""
        return self.is_confirmed and self.mark in THERE


def own_sessions(enrolment: Enrolment) -> list[OwnSession]:
    """In the order of time; electives a learner did not choose are left out."""
    rows = session_rows(enrolment.training_class_id)
    if not rows:
        return []
    marks = {mark.session_id: mark for mark in Attendance.objects.filter(enrolment=enrolment)}
    choosing = ElectiveWindow.objects.filter(training_class_id=enrolment.training_class_id).exists()
    mine = ElectiveChoice.objects.filter(enrolment=enrolment).values_list("item_id", flat=True)
    chosen = set(mine) if choosing else None
    return [
        _own(row, marks.get(row.session_id), expects(row, chosen))
        for row in rows
        if row.kind != _Kind.ELECTIVE or chosen is None or row.item_id in chosen
    ]


def _own(row: SessionRow, mark: Attendance | None, is_expected: bool) -> OwnSession:
    if mark is None:
        return OwnSession(row, "", "", None, None, None, is_expected)
    return OwnSession(
        row, mark.state, str(mark.get_state_display()), mark.arrived_at, mark.left_at, mark.checked_in_at, is_expected
    )
