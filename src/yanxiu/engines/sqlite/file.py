"""The file of the ledger: made whole or not at all, opened only where its promises hold."""

import fcntl
import os
import secrets
from pathlib import Path

import pysqlite3

from yanxiu.engines.sqlite.upgrade import schema, upgrade
from yanxiu.study.ports import NotStored

__all__ = ["LedgerUnusable", "check_version", "open_reader", "open_writer", "read_back"]

APPLICATION_ID = 1498967143
BUSY_SECONDS = 10.0


class LedgerUnusable(NotStored):
    """The ledger cannot be opened safely. The message is Chinese, for the operator; the file is left as it is."""


def check_version(version: tuple[int, int, int] = pysqlite3.sqlite_version_info) -> None:
    """Refuse an SQLite that can corrupt a WAL database on its own (the WAL-reset bug, 3.7.0 to 3.51.2)."""
    if (3, 7, 0) <= version <= (3, 51, 2):
        found = ".".join(map(str, version))
        raise LedgerUnusable(
            f"SQLite {found} 含有会损坏数据库的 WAL 缺陷（3.7.0 至 3.51.2 均受影响），拒绝启动。请安装 pysqlite3 0.6.1 以上版本（内含 SQLite 3.53）。"
        )


def open_writer(path: Path) -> pysqlite3.Connection:
    """The connection of the one writer, the file created first where it is missing; durability read back."""
    check_version()
    try:
        _create(path)
        connection = _connect(path)
    except (OSError, pysqlite3.Error) as error:
        raise LedgerUnusable(
            f"学时台账 {path} 打不开：{error}。文件保持原样；请检查磁盘与权限，或从备份恢复。"
        ) from error
    try:
        _insist_on_durability(connection, path)
        upgrade(connection)
    except pysqlite3.Error as error:
        connection.close()
        raise LedgerUnusable(f"学时台账 {path} 读不出：{error}。文件保持原样；请从备份恢复。") from error
    except NotStored:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> pysqlite3.Connection:
    """A connection that cannot write."""
    connection = _connect(path)
    connection.execute("PRAGMA query_only=ON")
    return connection


def _connect(path: Path) -> pysqlite3.Connection:
    # mode=rw: a missing file is an error here, never a new, half-made database.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    return pysqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def read_back(connection: pysqlite3.Connection) -> dict[str, str | int]:
    """The settings durability hangs on, as this very connection has them (synchronous 2 = FULL)."""
    names = ("journal_mode", "synchronous", "mmap_size")
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def _insist_on_durability(connection: pysqlite3.Connection, path: Path) -> None:
    for pragma in ("synchronous=FULL", "mmap_size=0", "cache_size=-32000", "wal_autocheckpoint=4000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA journal_size_limit=67108864")
    found = read_back(connection)
    if found != {"journal_mode": "wal", "synchronous": 2, "mmap_size": 0}:
        raise LedgerUnusable(f"学时台账 {path} 不能保证断电不丢（读回 {found}，应为 wal、2、0），拒绝使用。")
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise LedgerUnusable(f"{path} 不是学时台账，拒绝使用；请核对数据目录。")


def _create(path: Path) -> None:
    """Under a temporary name, synced, then renamed: a crash leaves no half-made ledger. One process at a time."""
    if path.exists():
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        if path.exists():  # another process was first
            return
        for stale in path.parent.glob(f".{path.name}.*.new*"):  # of a creation that was cut off; never held a fact
            stale.unlink()
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
        _write_schema(fresh)
        fresh.rename(path)
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_schema(fresh: Path) -> None:
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = pysqlite3.connect(str(fresh), isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(schema())
    finally:
        connection.close()  # the last connection folds the WAL into the file and removes it
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
