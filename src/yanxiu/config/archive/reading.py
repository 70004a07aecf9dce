"""Reading a backup back: nothing is taken for good that its manifest does not vouch for."""

import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pysqlite3

from yanxiu.config.archive.contents import DATABASES, FOLDERS, MANIFEST, Manifest, Member

__all__ = ["NotWhole", "unpack"]


class NotWhole(Exception):
    """No whole backup. The message is Chinese, for the operator."""


def _manifest(folder: Path) -> Manifest:
    """Of this version, or of the first, which held digests only and never media."""
    body = (folder / MANIFEST).read_bytes()
    try:
        return msgspec.json.decode(body, type=Manifest)
    except msgspec.ValidationError:
        old = msgspec.json.decode(body, type=dict[str, str])
        return Manifest("", False, {name: Member(-1, digest) for name, digest in old.items()})


def _is_sound(path: Path, promised: Member) -> bool:
    if not path.is_file() or promised.size not in (-1, path.stat().st_size):
        return False
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    kept = (
        path.parent.parent.name in FOLDERS
    )  # these bear their digest as their name: what was damaged before is seen, too
    return found == promised.sha256 and (not kept or len(path.name) != len(found) or found == path.name)


def _is_sound_database(path: Path) -> bool:
    # immutable: nobody else has it, and no -wal is made beside it
    connection = pysqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except pysqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _broken(folder: Path, manifest: Manifest) -> Iterator[str]:
    for name in DATABASES:
        if name not in manifest.files:
            yield name
    for name, promised in manifest.files.items():
        if not _is_sound(folder / name, promised) or (name in DATABASES and not _is_sound_database(folder / name)):
            yield name
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    yield from sorted(there - manifest.files.keys() - {MANIFEST})


def unpack(file: Path, folder: Path) -> tuple[Manifest, list[str]]:
    """Into an empty folder; the manifest, and the names of what is missing, changed or not promised."""
    try:
        with tarfile.open(file) as tar:
            if not all(member.isreg() for member in tar):  # no link of a stranger's leads anywhere
                raise NotWhole("里面有不是文件的东西")
            tar.extractall(folder, filter="data")
        manifest = _manifest(folder)
    except FileNotFoundError:
        raise NotWhole("没有清单：备份没有写完，或被截断") from None
    except (tarfile.TarError, EOFError, msgspec.MsgspecError) as problem:
        raise NotWhole(str(problem)) from problem
    broken = list(_broken(folder, manifest))
    (folder / MANIFEST).unlink()
    return manifest, broken
