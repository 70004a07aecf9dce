"""Reads of requests for leave."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import can_view_data, require
from yanxiu.training.participation.models import LeaveRequest

__all__ = ["LeaveRow", "leave_for", "leave_of_class", "own_leave"]


@dataclass(frozen=True, slots=True)
class LeaveRow:
    uuid: UUID
    name: str
    organisation: str
    kind: str
    kind_label: str
    exam: str
    starts_on: date
    ends_on: date
    reason: str
    state: str
    state_label: str
    asked_at: datetime
    answer: str
    decided_by: str
    decided_at: datetime | None


def _row(asked: LeaveRequest) -> LeaveRow:
    person = asked.enrolment.person
    return LeaveRow(
        asked.uuid, person.name, person.organisation.name if person.organisation else "", asked.kind,
        str(asked.get_kind_display()), asked.exam.title if asked.exam else "", asked.starts_on, asked.ends_on,
        asked.reason, asked.state, str(asked.get_state_display()), asked.asked_at, asked.answer,
        asked.decided_by.name if asked.decided_by else "", asked.decided_at,
    )  # fmt: skip


_RELATED = ("enrolment__person__organisation", "enrolment__training_class", "exam", "decided_by")


def own_leave(enrolment: Enrolment, limit: int = 50) -> list[LeaveRow]:
    """The learner's own requests, newest first."""
    mine = LeaveRequest.objects.filter(enrolment=enrolment).select_related(*_RELATED)
    return [_row(asked) for asked in mine.order_by("-pk")[:limit]]


def leave_of_class(
    viewer: Viewer, training_class: TrainingClass, *, state: str = "", after: str | None = None, limit: int = 50
) -> Page[LeaveRow]:
    """Every request of the class, newest first; of one state where it is named."""
    require(can_view_data, viewer, training_class)
    asked = LeaveRequest.objects.filter(enrolment__training_class=training_class).select_related(*_RELATED)
    if state in LeaveRequest.State.values:
        asked = asked.filter(state=state)
    return keyset_page(asked, _row, forwards=False, after=after, limit=limit)


def leave_for(training_class: TrainingClass, uuid: UUID) -> LeaveRequest:
    """The request at that address; NotVisible for one of another class."""
    found = LeaveRequest.objects.filter(enrolment__training_class=training_class, uuid=uuid).first()
    if found is None:
        raise NotVisible
    return found
