"""What a backup holds, and the list at its end that makes it whole."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from msgspec import Struct

__all__ = ["DATABASES", "FOLDERS", "MANIFEST", "FileRead", "Manifest", "Member", "kept_files"]

DATABASES = (
    "yanxiu.sqlite3",
    "ledger.sqlite3",
)  # in this order: the ledger may hold more than was digested, never less
FOLDERS = ("attachments", "media")  # files under their own digest, written once
MANIFEST = "manifest.json"


class Member(Struct, frozen=True):
    size: int
    sha256: str


class Manifest(Struct, frozen=True, tag_field="format", tag=2):
    """The last member. A file cut off has none."""

    made_at: str
    media: bool
    files: dict[str, Member]


class FileRead:
    """A file read once: the digest of the very bytes that were handed on, and word of how many."""

    def __init__(self, path: Path, told: Callable[[int], None] = lambda _read: None) -> None:
        self._file = path.open("rb")
        self._told, self._seen = told, hashlib.sha256()
        self.size = os.fstat(self._file.fileno()).st_size

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._seen.update(piece)
        self._told(len(piece))
        return piece

    def member(self) -> Member:
        return Member(self.size, self._seen.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()


def kept_files(folder: Path, *, media: bool) -> Iterator[tuple[str, Path]]:
    """(name in the backup, path) of the keys and of every file kept by digest; one half-written has a dot before its name."""
    for key in sorted((folder / "keys").iterdir()):
        if key.is_file():
            yield f"keys/{key.name}", key
    for kept in FOLDERS:
        if kept != "media" or media:
            for path in sorted((folder / kept).glob("*/*")):
                if path.is_file() and not path.name.startswith("."):
                    yield f"{kept}/{path.parent.name}/{path.name}", path
