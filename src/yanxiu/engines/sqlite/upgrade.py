"""A ledger made by an earlier version learns the kinds of fact that came later; no entry is touched.

The list of kinds is a CHECK, and SQLite cannot alter one. Copying an append-only table only to do that would put every fact at
risk, so the words of the constraint are replaced in the schema itself, which SQLite documents for changes that leave the
stored rows valid; then the whole file is checked, inside the same transaction.
"""

from importlib.resources import files

import pysqlite3

from yanxiu.engines.sqlite.filing import file_all
from yanxiu.study.ports import NotStored

__all__ = ["VERSION", "schema", "upgrade"]

VERSION = 3
_OLD = "'clock', 'correction', 'attendance')"
_NEW = "'clock', 'correction', 'attendance', 'challenge', 'proof')"
_INDEX = """
CREATE INDEX presence_of ON entry (person_id) WHERE kind IN ('session', 'challenge', 'proof')
"""


def schema() -> str:
    """The SQL of a new ledger."""
    return _sql("schema.sql") + _sql("filed.sql")


def _sql(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def upgrade(connection: pysqlite3.Connection) -> None:
    """Idempotent; one process at a time; all of it or nothing. NotStored for a file of a later version than this program."""
    if _version(connection) == VERSION:
        return
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    try:
        _from(_version(connection), connection)
        execute("COMMIT")
    except BaseException:
        execute("ROLLBACK")
        raise
    finally:
        execute("PRAGMA writable_schema=RESET")


def _version(connection: pysqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _from(found: int, connection: pysqlite3.Connection) -> None:
    if found == VERSION:  # another process was first
        return
    if found not in (1, 2):
        raise NotStored(f"学时台账的格式版本是 {found}，本程序只认识到 {VERSION}：请升级程序，文件保持原样。")
    if found == 1:
        _learn_kinds(connection)
    _file_apart(connection)
    connection.execute(f"PRAGMA user_version={VERSION}")


def _learn_kinds(connection: pysqlite3.Connection) -> None:
    """1 to 2."""
    execute = connection.execute
    cookie = int(execute("PRAGMA schema_version").fetchone()[0])
    execute("PRAGMA writable_schema=ON")
    execute(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'entry' AND instr(sql, ?)",
        (_OLD, _NEW, _OLD),
    )
    if execute("SELECT changes()").fetchone()[0] != 1:
        raise NotStored("学时台账的表结构与预期不同，未作改动；请联系技术支持。")
    execute(f"PRAGMA schema_version={cookie + 1}")
    execute("PRAGMA writable_schema=OFF")
    execute(_INDEX)
    if execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise NotStored("学时台账自检未通过，升级已撤销；请从备份恢复。")


def _file_apart(connection: pysqlite3.Connection) -> None:
    """2 to 3: the indexes kept entry by entry give way to the one that is filled behind the head. No entry is touched."""
    for name in ("once", "conflict_of", "entry_of_person"):
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    for statement in _sql("filed.sql").split(";"):
        connection.execute(statement)
    file_all(connection)
