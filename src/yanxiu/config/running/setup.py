"""Getting an installation ready: Django set up in this process, database and static files made."""

import os
from pathlib import Path

__all__ = ["database_path", "prepare", "start_django"]


def start_django() -> None:
    """Set Django up (idempotent) and plug the engines. YANXIU_DATA_DIR must be right before this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanxiu.config.settings")
    import django  # slow import: commands that need no database never pay for it

    django.setup()
    from yanxiu.config.wiring import plug_engines  # slow import

    plug_engines()


def database_path() -> Path:
    """Where the Django database of this installation is."""
    from yanxiu.config import options  # thin entry point: reads the environment at call time

    return options.data_dir() / "yanxiu.sqlite3"


def _new_database(path: Path) -> None:
    """Make the database under a temporary name, then rename: a crash half-way leaves no half-made database behind."""
    from django.db import connections  # slow import

    from yanxiu.config.running.tables import make_tables  # slow import

    building = path.with_suffix(".building")
    for leftover in (building, *(building.with_name(building.name + end) for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = building
    try:
        make_tables(connection)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = path
    building.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def prepare() -> None:
    """Database at the newest schema and static files under their hashed names; safe to run again and again."""
    from django.core.management import call_command  # slow import

    path = database_path()
    if path.exists():
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    else:
        _new_database(path)
    call_command("collectstatic", verbosity=0, interactive=False)
    from yanxiu.config.messages import compile_messages  # slow import

    compile_messages()
