"""Reads of the wing `study`: credit cells, what was not counted and why, how far the digest has come."""

from typing import NamedTuple

from django.db.models import QuerySet, Sum

from yanxiu.study.models import CreditCell, DigestMark, UncountedCell

__all__ = [
    "Digested",
    "cells",
    "cells_of",
    "credited_by_enrolment",
    "credited_by_lesson",
    "digested",
    "uncounted_by_reason",
]


class Digested(NamedTuple):
    """The ledger position the credit rows stand for, and the chain's hash there."""

    position: int
    chain: str


def cells(class_id: int) -> QuerySet[CreditCell]:
    """Every credit cell of a class."""
    return CreditCell.objects.filter(class_id=class_id)


def cells_of(enrolment_id: int) -> QuerySet[CreditCell]:
    """Every credit cell of an enrolment."""
    return CreditCell.objects.filter(enrolment_id=enrolment_id)


def credited_by_enrolment(class_id: int) -> dict[int, int]:
    """Credited ms of each enrolment of a class that has any."""
    sums = cells(class_id).values_list("enrolment_id").annotate(total=Sum("credited_ms"))
    return dict(sums.values_list("enrolment_id", "total"))


def credited_by_lesson(enrolment_id: int) -> dict[int, int]:
    """Credited ms of an enrolment in each lesson that has any, whatever the version."""
    sums = cells_of(enrolment_id).values_list("lesson_id").annotate(total=Sum("credited_ms"))
    return dict(sums.values_list("lesson_id", "total"))


def uncounted_by_reason(enrolment_id: int) -> dict[str, int]:
    """Recorded but not counted ms of an enrolment, by reason."""
    rows = UncountedCell.objects.filter(enrolment_id=enrolment_id).values_list("reason")
    return dict(rows.annotate(total=Sum("uncounted_ms")).values_list("reason", "total"))


def digested() -> Digested:
    """How far the credit rows reach; position 0 before the first digest."""
    row = DigestMark.objects.filter(pk=1).values_list("position", "chain").first()
    return Digested(*row) if row else Digested(0, "")
