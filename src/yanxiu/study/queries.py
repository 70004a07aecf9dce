"""Reads of the wing `study`: credit cells, what was not counted and why, how far the digest has come."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from yanxiu.study.models import CreditCell, DigestMark, UncountedCell

__all__ = [
    "Digested",
    "cells",
    "cells_of",
    "credited_by_day",
    "credited_by_enrolment",
    "credited_by_lesson",
    "digested",
    "digested_at",
    "uncounted_by_day",
    "uncounted_by_reason",
]


class Digested(NamedTuple):
    """The ledger position the credit rows stand for, and the chain's hash there."""

    position: int
    chain: str


def cells(class_id: int) -> QuerySet[CreditCell]:
    """Every credit cell of a class."""
    return CreditCell.objects.filter(class_id=class_id)


def cells_of(enrolments: int | Collection[int]) -> QuerySet[CreditCell]:
    """Every credit cell of an enrolment, or of some."""
    some = (enrolments,) if isinstance(enrolments, int) else enrolments
    return CreditCell.objects.filter(enrolment_id__in=some)


def credited_by_enrolment(class_id: int) -> dict[int, int]:
    """Credited ms of each enrolment of a class that has any."""
    sums = cells(class_id).values_list("enrolment_id").annotate(total=Sum("credited_ms"))
    return dict(sums.values_list("enrolment_id", "total"))


def credited_by_lesson(enrolment_id: int) -> dict[int, int]:
    """Credited ms of an enrolment in each lesson that has any, whatever the version."""
    sums = cells_of(enrolment_id).values_list("lesson_id").annotate(total=Sum("credited_ms"))
    return dict(sums.values_list("lesson_id", "total"))


def credited_by_day(enrolment_id: int) -> list[tuple[int, date, int]]:
    """(lesson, day, credited ms) of an enrolment, whatever the version of the lesson."""
    sums = cells_of(enrolment_id).order_by().values_list("lesson_id", "day").annotate(total=Sum("credited_ms"))
    return list(sums.values_list("lesson_id", "day", "total"))


def uncounted_by_day(enrolment_id: int) -> list[tuple[int, date, str, int]]:
    """(lesson, day, reason, ms) of an enrolment that was recorded and not counted."""
    rows = UncountedCell.objects.filter(enrolment_id=enrolment_id).order_by().values_list("lesson_id", "day", "reason")
    return list(rows.annotate(total=Sum("uncounted_ms")).values_list("lesson_id", "day", "reason", "total"))


def uncounted_by_reason(enrolment_id: int) -> dict[str, int]:
    """Recorded but not counted ms of an enrolment, by reason."""
    rows = UncountedCell.objects.filter(enrolment_id=enrolment_id).values_list("reason")
    return dict(rows.annotate(total=Sum("uncounted_ms")).values_list("reason", "total"))


def digested_at() -> datetime | None:
    """When the credit rows were brought up to date last."""
    return DigestMark.objects.filter(pk=1).values_list("digested_at", flat=True).first()


def digested() -> Digested:
    """How far the credit rows reach; position 0 before the first digest."""
    row = DigestMark.objects.filter(pk=1).values_list("position", "chain").first()
    return Digested(*row) if row else Digested(0, "")
