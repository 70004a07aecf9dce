"""One consistent read over all wings: a DEFERRED transaction on its own connection.

On SQLite the writing alias uses IMMEDIATE transactions; a read inside one was seen to fail under a writer. `record`
therefore reads through a second alias of the same file, in one DEFERRED transaction whose first SELECT fixes what is seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction

__all__ = ["SnapshotRouter", "snapshot"]

_in_snapshot: ContextVar[bool] = ContextVar("in_snapshot", default=False)


class SnapshotRouter:
    """Sends reads to the alias `snapshot` while inside `snapshot()`; writes always go to `default`."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "snapshot" if _in_snapshot.get() else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return "default"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


@contextmanager
def snapshot() -> Iterator[None]:
    """Every ORM read inside sees one and the same state of the database. Nesting keeps the outer snapshot."""
    if _in_snapshot.get():
        yield
        return
    token = _in_snapshot.set(True)
    try:
        with transaction.atomic(using="snapshot"):
            yield
    finally:
        _in_snapshot.reset(token)
