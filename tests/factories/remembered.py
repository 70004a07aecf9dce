"""A world is made once a process, through the real actions; after that its rows are put back, which takes a hundredth of the time.

It is only done where nothing could tell the difference: inside a test's own transaction, on an empty database, at an instant of
the test clock. Everywhere else, and the first time, the world is made. Nothing but rows may come of making one.
"""

import os
import pickle
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import connections

__all__ = ["remembered"]

T = TypeVar("T")
Rows = dict[str, list[tuple[Any, ...]]]  # by INSERT statement
_FURNITURE = ("django_migrations", "django_content_type", "auth_permission")  # what an empty database holds

_made: dict[Hashable, tuple[Rows, str, bytes]] = {}


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` makes and returns; `key` names it and everything it depends on but the clock."""
    clock, connection = os.environ.get("YANXIU_TEST_CLOCK"), connections["default"]
    if not clock or not connection.in_atomic_block or not _is_empty(connection):
        return make()
    file = Path(clock)
    whole = (key, file.read_text(encoding="ascii"))
    if whole not in _made:
        world = make()
        _made[whole] = (_rows(connection), file.read_text(encoding="ascii"), pickle.dumps(world))
        return world
    rows, moved, pickled = _made[whole]
    for statement, values in rows.items():
        connection.connection.executemany(statement, values)
    file.write_text(moved, encoding="ascii")
    return pickle.loads(pickled)  # type: ignore[no-any-return]  # what this very process has pickled


@cache
def _columns() -> dict[str, list[str]]:
    """Of every table that is not furniture. The tables of a run do not change."""
    found = connections["default"].introspection
    with connections["default"].cursor() as cursor:
        names = sorted(set(found.table_names(cursor)) - set(_FURNITURE))
        return {name: [column.name for column in found.get_table_description(cursor, name)] for name in names}


def _is_empty(connection: Any) -> bool:
    asked = " OR ".join(f'EXISTS (SELECT 1 FROM "{name}")' for name in _columns())
    return not connection.connection.execute(f"SELECT {asked}").fetchone()[0]


def _rows(connection: Any) -> Rows:
    """As stored: a column under a plus sign has no type for the driver to convert to."""
    held: Rows = {}
    for name, columns in _columns().items():
        asked = ", ".join(f'+"{column}"' for column in columns)
        if found := connection.connection.execute(f'SELECT {asked} FROM "{name}"').fetchall():
            marks = ", ".join("?" * len(columns))
            names = ", ".join(f'"{column}"' for column in columns)
            held[f'INSERT INTO "{name}" ({names}) VALUES ({marks})'] = [tuple(row) for row in found]
    return held
