"""Writing a backup while the site runs. Until its last byte is on the disk it does not bear its name."""

import fcntl
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, cast

import msgspec
import pysqlite3

from yanxiu.config.archive.contents import DATABASES, MANIFEST, FileRead, Manifest, Member, kept_files

__all__ = ["NoRoom", "write_backup"]

PREFIX = ".yanxiu-backup-"
Progress = Callable[[int, int], None]  # bytes in all, bytes read since it was last called


class NoRoom(Exception):
    """The disk would not hold it. The message is Chinese, for the operator."""


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A folder of our own; those of backups that were killed are cleared away, those under way are locked and stay."""
    for stale in beside.glob(f"{PREFIX}*"):
        with _locked(stale) as is_ours:
            if is_ours:
                shutil.rmtree(stale, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=PREFIX) as made, _locked(Path(made)):
        yield Path(made)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent state, writers are not stopped."""
    original = pysqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    copy = pysqlite3.connect(str(target))
    try:
        original.backup(copy)
    finally:
        copy.close()
        original.close()


def _room(folder: Path, target: Path, files: dict[str, Path]) -> int:
    """Bytes to be written in all; NoRoom where the disk has fewer free. The databases are copied before they are packed."""
    databases = sum((folder / name).stat().st_size for name in DATABASES)
    whole = databases + sum(path.stat().st_size for path in files.values() if path.exists())
    free = shutil.disk_usage(target.parent).free
    if free < whole + databases:
        raise NoRoom(f"磁盘空间不足：备份约需 {(whole + databases) >> 20} MB，{target.parent} 只剩 {free >> 20} MB。")
    return whole


def _add(tar: tarfile.TarFile, name: str, path: Path, told: Callable[[int], None]) -> Member:
    with FileRead(path, told) as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = source.size, 0o600, int(path.stat().st_mtime)
        tar.addfile(info, cast(IO[bytes], source))  # tarfile only reads it
        return source.member()


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(body), 0o600
    tar.addfile(info, io.BytesIO(body))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pack(packed: Path, files: dict[str, Path], told: Callable[[int], None], *, media: bool) -> Manifest:
    members: dict[str, Member] = {}
    os.close(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with tarfile.open(packed, "w") as tar:
        for name, path in files.items():
            with suppress(FileNotFoundError):  # erased while we were copying
                members[name] = _add(tar, name, path, told)
        manifest = Manifest(datetime.now(UTC).isoformat(timespec="seconds"), media, members)
        _add_manifest(tar, manifest)
    _sync(packed)
    return manifest


def write_backup(folder: Path, target: Path, *, media: bool, progress: Progress) -> Manifest:
    """The databases first, then the files they name, then the manifest; renamed when all of it is on the disk."""
    beside = target.absolute().parent
    whole = _room(folder, target, dict(kept_files(folder, media=media)))
    with _scratch(beside) as here:
        for name in DATABASES:
            _copy_database(folder / name, here / name)
        files = {name: here / name for name in DATABASES} | dict(kept_files(folder, media=media))
        manifest = _pack(here / "backup.tar", files, partial(progress, whole), media=media)
        (here / "backup.tar").rename(target)
        _sync(beside)
    return manifest
