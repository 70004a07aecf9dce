"""What was erased is to leave the files, too, not only the tables: SQLite overwrites freed places (`secure_delete`, set for every
connection), and here the write-ahead log, which still holds the pages as they were, is folded in and emptied.
"""

import logging
from datetime import timedelta

from django.db import connection

from yanxiu.core.time import clock
from yanxiu.people.models import Person

__all__ = ["empty_log", "empty_log_if_due"]

log = logging.getLogger(__name__)
RECENT = timedelta(hours=1)  # for so long it is tried every minute
WAIT_MS = 2_000  # for readers; writers wait meanwhile


def empty_log() -> bool:
    """Did it succeed? It does not while somebody reads an older state."""
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:  # cannot be done inside a transaction
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, *_frames) = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
    if busy:
        log.warning("the write-ahead log was in use and is emptied later")
    return not busy


def empty_log_if_due() -> None:
    """For the chore: after an erasure of the last hour."""
    if Person.objects.filter(erased_at__gt=clock.now() - RECENT).exists():
        empty_log()
