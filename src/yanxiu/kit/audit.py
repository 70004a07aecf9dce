"""Writing and reading the audit log."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from yanxiu.core.time import clock
from yanxiu.kit.models import AuditEntry
from yanxiu.kit.telling import note

__all__ = ["Wanted", "broken_links", "entries_before", "latest_position", "record", "record_each", "state_as_of"]

GENESIS = "0" * 64


_HEAD = f"SELECT hash FROM {AuditEntry._meta.db_table} ORDER BY position DESC LIMIT 1"  # noqa: SLF001  (Django's own name of it)


def _head() -> str:
    """The newest link. Every action of everybody asks for it, and having Django put this together took ten times as long."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(_HEAD)
        found = cursor.fetchone()
    return str(found[0]) if found else GENESIS


def _link(previous: str, entry: AuditEntry) -> str:
    fact = [
        clock.to_ms(entry.at), entry.actor_id, entry.action, entry.object_type, entry.object_id,
        entry.from_state, entry.to_state, entry.class_id, entry.details,
    ]  # fmt: skip
    body = json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def record(
    action: str,
    object_type: str,
    object_id: int,
    *,
    actor_id: int | None,
    from_state: str = "",
    to_state: str = "",
    class_id: int | None = None,
    **details: Any,
) -> AuditEntry:
    """Append one entry, inside the action's own transaction (raises TransactionManagementError outside one).

    Where somebody is told of such deeds (kit.telling), this is remembered in the same transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit entry belongs inside the transaction of its action")
    entry = AuditEntry(
        at=clock.now(), actor_id=actor_id, action=action, object_type=object_type, object_id=object_id,
        from_state=from_state, to_state=to_state, class_id=class_id, details=details,
    )  # fmt: skip
    entry.hash = _link(_head(), entry)
    entry.save(force_insert=True)
    note(entry)
    return entry


def record_each(
    action: str,
    object_type: str,
    rows: Iterable[tuple[int, Mapping[str, Any]]],
    *,
    actor_id: int | None,
    to_state: str,
    class_id: int | None = None,
) -> None:
    """`record` for many new objects of one action: (id, details) each; the same entries, in few statements."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("an audit entry belongs inside the transaction of its action")
    previous, at, entries = _head(), clock.now(), []
    for object_id, details in rows:
        entry = AuditEntry(
            at=at, actor_id=actor_id, action=action, object_type=object_type, object_id=object_id,
            to_state=to_state, class_id=class_id, details=dict(details),
        )  # fmt: skip
        previous = entry.hash = _link(previous, entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)


def latest_position() -> int:
    """Position of the newest entry; 0 in an empty log."""
    return AuditEntry.objects.order_by("-position").values_list("position", flat=True).first() or 0


def state_as_of(object_type: str, position: int, *, outer: str = "pk") -> Subquery:
    """For annotate(): the state an object of `object_type` had once every entry up to `position` was written.

    NULL means that the object had not been created by then.
    """
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(
        object_type=object_type, object_id=OuterRef(outer), position__lte=position
    ).exclude(to_state="")
    return Subquery(entries.order_by("-position").values("to_state")[:1])


def broken_links() -> Iterator[int]:
    """Positions whose hash does not follow from the entry before; nothing yielded = the chain is whole."""
    previous = GENESIS
    for entry in AuditEntry.objects.order_by("position").iterator(chunk_size=2000):
        if _link(previous, entry) != entry.hash:
            yield entry.position
        previous = entry.hash


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries somebody asks for; what is left empty is not asked about."""

    action: str = ""
    actors: Sequence[int] | None = None
    class_id: int | None = None


def entries_before(position: int | None, limit: int = 50, wanted: Wanted = Wanted()) -> list[AuditEntry]:
    """The newest entries, or those before a position: the audit administrator turns pages backwards."""
    entries = AuditEntry.objects.order_by("-position")
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.actors is not None:
        entries = entries.filter(actor_id__in=wanted.actors)
    if wanted.class_id is not None:
        entries = entries.filter(class_id=wanted.class_id)
    return list((entries if position is None else entries.filter(position__lt=position))[:limit])
