"""Where contents lie: `<data dir>/media/ab/abcd…`, each file under its own digest, written once, never changed."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

__all__ = ["folder", "keep_bytes", "keep_file", "path_of", "received"]

CHUNK = 1 << 20


def folder() -> Path:
    """The media directory, made if missing."""
    path = Path(settings.DATA_DIR) / "media"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def path_of(digest: str) -> Path:
    """Where the content of that digest lies, whether it is there or not."""
    return folder() / digest[:2] / digest


def received(chunks: Iterable[bytes]) -> Path:
    """Chunks of an upload in a temporary file beside the store, so that keeping it is a rename. The caller unlinks it."""
    handle, name = tempfile.mkstemp(dir=folder(), prefix=".new-")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
    except BaseException:
        path.unlink()
        raise
    return path


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep_file(path: Path) -> tuple[str, int]:
    """Take a file of the media directory into the store; (digest, size) once it is on disk. A content kept before stays."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        os.fsync(file.fileno())
    target = path_of(digest)
    if not (target.exists() and target.stat().st_size == size):
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.link(path, path.with_suffix(".kept"))
        path.with_suffix(".kept").replace(target)
        _sync(target.parent)
        _sync(target.parent.parent)
    return digest, size


def keep_bytes(content: bytes) -> tuple[str, int]:
    """`keep_file` for what is in memory."""
    path = received([content])
    try:
        return keep_file(path)
    finally:
        path.unlink(missing_ok=True)
