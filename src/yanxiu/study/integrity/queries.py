"""Reads of flags and appeals. Whose they may be is the caller's question: by enrolment for a learner, by class for its staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from yanxiu.core.credit.credit_v3 import GRANTABLE
from yanxiu.core.time.clock import from_ms
from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.study.integrity.wording import FLAG_NAMES, REASONS, UNKNOWN_REASON, flag_text
from yanxiu.study.models import Appeal, IntegrityFlag

__all__ = [
    "AppealRow",
    "FlagRow",
    "appeal_counts",
    "appeal_for",
    "appeals_of_class",
    "flag_counts",
    "flags_of_class",
    "flags_of_enrolment",
    "own_appeals",
]

MOST_OWN = 100  # appeals and flags of one learner on one page


@dataclass(frozen=True, slots=True)
class FlagRow:
    enrolment_id: int
    person_id: int
    kind: str
    name: str
    text: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class AppealRow:
    """`grantable`: can it be upheld at all? `decided_by` and `second` are person ids."""

    appeal_id: int
    enrolment_id: int
    person_id: int
    lesson_id: int
    day: date
    reason: str
    reason_name: str
    uncounted_ms: int
    text: str
    state: str
    state_label: str
    made_at: datetime
    answer: str
    decided_by: int | None
    second: int | None
    decided_at: datetime | None
    grantable: bool


def _flag(row: IntegrityFlag) -> FlagRow:
    return FlagRow(
        row.enrolment_id, row.person_id, row.kind, str(FLAG_NAMES.get(row.kind, row.kind)),
        flag_text(row.kind, row.quantities), from_ms(row.from_ms), from_ms(row.until_ms),
    )  # fmt: skip


def _appeal(row: Appeal) -> AppealRow:
    return AppealRow(
        row.pk, row.enrolment_id, row.person_id, row.lesson_id, row.day, row.reason,
        str(REASONS.get(row.reason, UNKNOWN_REASON).name), row.uncounted_ms, row.text, row.state,
        str(row.get_state_display()), row.made_at, row.answer, row.decided_by, row.second, row.decided_at,
        row.reason in GRANTABLE,
    )  # fmt: skip


def flags_of_enrolment(enrolment_id: int) -> list[FlagRow]:
    """What a learner is told about their own records, the latest first."""
    rows = IntegrityFlag.objects.filter(enrolment_id=enrolment_id).order_by("-from_ms", "-pk")
    return [_flag(row) for row in rows[:MOST_OWN]]


def flags_of_class(class_id: int, *, kind: str = "", after: str | None = None, limit: int = 50) -> Page[FlagRow]:
    """A class's flags, the latest first; of one kind or all."""
    rows = IntegrityFlag.objects.filter(class_id=class_id)
    if kind:
        rows = rows.filter(kind=kind)
    return keyset_page(rows, _flag, order=("from_ms", "pk"), forwards=False, after=after, limit=limit)


def flag_counts(class_id: int) -> Mapping[str, int]:
    """How many flags of each kind a class has."""
    rows = IntegrityFlag.objects.filter(class_id=class_id).order_by().values_list("kind")
    return dict(rows.annotate(many=Count("pk")).values_list("kind", "many"))


def appeal_counts(class_id: int) -> Mapping[str, int]:
    """How many appeals in each state."""
    rows = Appeal.objects.filter(class_id=class_id).order_by().values_list("state")
    return dict(rows.annotate(many=Count("pk")).values_list("state", "many"))


def own_appeals(enrolment_id: int) -> list[AppealRow]:
    """A learner's appeals, the latest first."""
    return [_appeal(row) for row in Appeal.objects.filter(enrolment_id=enrolment_id).order_by("-pk")[:MOST_OWN]]


def appeals_of_class(class_id: int, *, state: str = "", after: str | None = None, limit: int = 50) -> Page[AppealRow]:
    """A class's appeals: what waits for the staff ("waiting"), of one state, or all; the oldest first while they wait."""
    rows = Appeal.objects.filter(class_id=class_id)
    waiting = state == "waiting"
    if waiting:
        rows = rows.filter(state__in=[Appeal.State.OPEN, Appeal.State.PROPOSED])
    elif state:
        rows = rows.filter(state=state)
    return keyset_page(rows, _appeal, forwards=waiting, after=after, limit=limit)


def appeal_for(class_id: int, appeal_id: int) -> Appeal:
    """One of the class; NotVisible for any other number."""
    found = Appeal.objects.filter(class_id=class_id, pk=appeal_id).first()
    if found is None:
        raise NotVisible
    return found
