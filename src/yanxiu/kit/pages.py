"""A page of a list: some rows, and the cursor behind the last of them."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused

__all__ = ["Page", "keyset_page"]

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)
LONGEST_PAGE = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next` is None on the last page."""

    rows: tuple[Row, ...]
    next: str | None


def _bad_cursor() -> Refused:
    return Refused("bad_cursor", _("翻页位置无法识别，请从第一页重新打开。"), field="after")


def _read(cursor: str, fields: int) -> list[object]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except ValueError:
        values = None
    if not isinstance(values, list) or len(values) != fields or not all(isinstance(v, int | str) for v in values):
        raise _bad_cursor()
    return values


def _after(fields: Sequence[str], values: Sequence[object], *, forwards: bool) -> Q:
    comparison = "gt" if forwards else "lt"
    condition = Q()
    for position, field in enumerate(fields):
        equal_before = Q(**dict(zip(fields[:position], values[:position], strict=True)))
        condition |= equal_before & Q(**{f"{field}__{comparison}": values[position]})
    return condition


def keyset_page(
    rows: QuerySet[Stored],
    to_row: Callable[[Stored], Row],
    *,
    order: tuple[str, ...] = ("pk",),
    forwards: bool = True,
    after: str | None = None,
    limit: int = 50,
) -> Page[Row]:
    """One page in one statement. `order` names fields of the model, the last of them unique; all rise or all fall."""
    limit = max(1, min(limit, LONGEST_PAGE))
    ordered = rows.order_by(*order) if forwards else rows.order_by(*(f"-{field}" for field in order))
    if after:
        try:
            ordered = ordered.filter(_after(order, _read(after, len(order)), forwards=forwards))
        except (ValidationError, ValueError, TypeError):
            raise _bad_cursor() from None
    found = list(ordered[: limit + 1])
    cursor = None
    if len(found) > limit:
        last = [getattr(found[limit - 1], field) for field in order]
        body = json.dumps([v if isinstance(v, int) else str(v) for v in last], separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(body.encode()).decode()
    return Page(tuple(to_row(row) for row in found[:limit]), cursor)
