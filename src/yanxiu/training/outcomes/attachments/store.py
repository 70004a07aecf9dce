"""Bytes under their SHA-256 in the data directory, on disk before anything is acknowledged."""

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

import yanxiu
from yanxiu.kit.errors import NotVisible, Refused

__all__ = ["content", "keep", "redrawn", "sweep"]

WALL_SECONDS = 30
GRACE_SECONDS = 3600  # a file this young may belong to an upload that is not committed yet
_SOURCE = Path(yanxiu.__file__).parents[1]


def _path(sha256: str) -> Path:
    return Path(settings.DATA_DIR) / "attachments" / sha256[:2] / sha256


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def keep(data: bytes) -> str:
    """Store and return the SHA-256; the same bytes are stored once."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = _path(sha256)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        os.utime(path)
        return sha256
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        _sync(folder)
    return sha256


def content(sha256: str) -> bytes:
    """The bytes, checked against their name: a damaged file is never handed out as whole."""
    try:
        data = _path(sha256).read_bytes()
    except FileNotFoundError:
        raise NotVisible from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused("file_damaged", _("这个附件在服务器上已损坏，请联系管理员从备份恢复。"))
    return data


def sweep(sha256: str, is_used: Callable[[str], bool]) -> None:
    """Remove what nobody refers to any more from the folder this file stands in, once it is an hour old."""
    now = time.time()
    for path in _path(sha256).parent.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if now - path.stat().st_mtime > GRACE_SECONDS and not is_used(path.name):
                path.unlink()


def redrawn(kind: str, data: bytes) -> bytes:
    """An image drawn anew in a child process with limits."""
    command = [sys.executable, "-m", "yanxiu.training.outcomes.attachments.pictures", kind]
    environment = {"PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(  # noqa: S603  (our own module, with a key of our own table)
            command, input=data, capture_output=True, timeout=WALL_SECONDS, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode != 0 or not done.stdout:
        raise Refused(
            "file_damaged", _("图片打不开，或大得不正常，没有接收；请重新拍照或另存一份再上传。"), field="file"
        )
    return done.stdout
