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
_KINDS = ("'clock', 'correction', 'attendance')", "'clock', 'correction', 'attendance', 'challenge', 'proof')")
_BEATS_FIRST = ("CHECK (kind IN (", "CHECK (kind = 'beat' OR kind IN (")  # nearly every entry is one


PRESENCE = (
    "CREATE INDEX presence_of ON entry (person_id) WHERE kind <> 'beat' AND kind IN ('session', 'challenge', 'proof')"
)


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
    _reword(connection, *([_KINDS] if found == 1 else []), _BEATS_FIRST)
    _file_apart(connection)
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise NotStored("学时台账自检未通过，升级已撤销；请从备份恢复。")
    connection.execute(f"PRAGMA user_version={VERSION}")


def _reword(connection: pysqlite3.Connection, *changes: tuple[str, str]) -> None:
    """Words of the table's constraint, in the schema itself."""
    execute = connection.execute
    cookie = int(execute("PRAGMA schema_version").fetchone()[0])
    execute("PRAGMA writable_schema=ON")
    for old, new in changes:
        execute(
            "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'entry' AND instr(sql, ?)",
            (old, new, old),
        )
        if execute("SELECT changes()").fetchone()[0] != 1:
            raise NotStored("学时台账的表结构与预期不同，未作改动；请联系技术支持。")
    execute(f"PRAGMA schema_version={cookie + 1}")
    execute("PRAGMA writable_schema=OFF")


def _file_apart(connection: pysqlite3.Connection) -> None:
    """The indexes kept entry by entry give way to the one that is filled behind the head. No entry is touched."""
    for name in ("once", "conflict_of", "entry_of_person", "presence_of"):
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    connection.execute(PRESENCE)
    statement = ""
    for line in _sql("filed.sql").splitlines(keepends=True):
        statement += line
        if pysqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    file_all(connection)
