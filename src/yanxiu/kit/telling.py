"""Telling people of deeds. The audit entry of a deed that somebody is told of leaves a row in the same transaction: what was
rolled back is told to nobody, and what was done is told although the process died right after it. The row goes once the
notices are made.

Who is told of what is a table of the installation's (settings.TELLINGS: action → Telling); kit knows no notices.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yanxiu.core.time import clock
from yanxiu.kit.models import AuditEntry, Untold

__all__ = ["Telling", "note", "tell_untold"]

log = logging.getLogger(__name__)
_LONGEST = 10  # doublings of a minute between two tries of what fails: 17 hours


@dataclass(frozen=True, slots=True)
class Telling:
    """`tell` makes the notices of one entry, and may be asked again at any time: its keys see to it that nobody hears twice.

    Not `at_once`: as many people as a class has, so that the chores do it, within a minute.
    """

    tell: Callable[[AuditEntry], int]
    at_once: bool = True


@cache
def _table() -> Mapping[str, Telling]:
    found: Mapping[str, Telling] = import_string(settings.TELLINGS)
    return found


def note(entry: AuditEntry) -> None:
    """For kit.audit: remember that somebody is to be told, and tell them as soon as the deed is done."""
    telling = _table().get(entry.action)
    if telling is None:
        return
    Untold.objects.create(entry=entry, due_at=entry.at)
    if telling.at_once:
        transaction.on_commit(lambda: _tell(entry.pk), robust=True)  # whoever did it has done it


def _tell(position: int) -> int:
    """What this entry leaves to be told; a failure stays in the table and is tried again later, ever more rarely."""
    held = Untold.objects.select_related("entry").filter(pk=position).first()
    if held is None:
        return 0
    telling = _table().get(held.entry.action)
    try:
        made = telling.tell(held.entry) if telling else 0
    except Exception:
        log.exception("nobody could be told of %s at position %d; it is tried again", held.entry.action, position)
        held.tries = min(held.tries + 1, 999)
        held.due_at = clock.now() + timedelta(minutes=2 ** min(held.tries - 1, _LONGEST))
        held.save(update_fields=["tries", "due_at"])
        return 0
    Untold.objects.filter(pk=position).delete()
    return made


def tell_untold(limit: int = 500) -> int:
    """What waits to be told, the oldest first; how many notices were made."""
    due = Untold.objects.filter(due_at__lte=clock.now()).order_by("pk").values_list("pk", flat=True)
    return sum(_tell(position) for position in list(due[:limit]))
