"""A new installation's tables are made from the models; here they are held against what the migrations make."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from django.core.management import call_command
from django.db import connections

from yanxiu.config.running.tables import make_tables


@contextmanager
def _database(path: Path) -> Iterator[Any]:
    """The alias `default`, for as long as this lasts, is a file of its own."""
    own, settings = connections["default"], connections.settings["default"]
    connections.settings["default"] = {**settings, "NAME": path}
    connections["default"] = connections.create_connection("default")
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections.settings["default"] = settings
        connections["default"] = own


def _parts(sql: str) -> list[str]:
    """Columns and constraints of a CREATE TABLE, sorted: their order is history."""
    head, _, rest = sql.partition("(")
    parts, depth = [""], 0
    for letter in rest.rpartition(")")[0]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [head.strip(), *sorted(part.strip() for part in parts)]


def _schema(path: Path) -> dict[str, Any]:
    with pysqlite3.connect(path) as file:
        found = file.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {f"{kind} {name}": _parts(sql) if kind == "table" else sql for kind, name, sql in found}


def _rows(path: Path) -> dict[str, list[Any]]:
    """What the tables hold, by columns in order of name; not ids that depend on the order of making, nor instants."""
    with pysqlite3.connect(path) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {t: sorted(row[1] for row in file.execute(f'PRAGMA table_info("{t}")')) for t in tables}
        own = {t: [c for c in names if c not in {"id", "applied", "content_type_id"}] for t, names in columns.items()}
        return {
            t: sorted(file.execute("SELECT {} FROM {}".format(", ".join(f'"{c}"' for c in names), f'"{t}"')).fetchall())
            for t, names in own.items()
            if t != "sqlite_sequence"
        }


def test_tables_made_from_the_models_are_those_the_migrations_make(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MIGRATION_MODULES = {}  # whatever this run makes its own database from
    made: dict[str, Callable[[Any], object]] = {
        "new": make_tables,
        "migrated": lambda _: call_command("migrate", run_syncdb=True, verbosity=0, interactive=False),
    }
    with django_db_blocker.unblock():
        for name, make in made.items():
            with _database(tmp_path / name) as connection:
                make(connection)
        with _database(tmp_path / "new"):
            call_command("migrate", check_unapplied=True, verbosity=0, interactive=False)  # exits with 1 if any is left
            call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0, interactive=False)
    assert _schema(tmp_path / "new") == _schema(tmp_path / "migrated")
    assert _rows(tmp_path / "new") == _rows(tmp_path / "migrated")
    assert _rows(tmp_path / "new")["django_migrations"]
