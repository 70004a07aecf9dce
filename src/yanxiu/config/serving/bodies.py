"""Bodies of requests: in memory, or on disk where they are large. Much is taken from somebody signed in only."""

import shutil
import tempfile
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import IO, Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connections
from django.http import parse_cookie

from yanxiu.faces.intake.endpoint import Receive

__all__ = ["Elsewhere", "TooLarge", "received"]

IN_MEMORY = 256 * 1024  # so that a thousand slow senders are no trouble
LARGEST = 4200 << 20  # a video (courses.media: 4096 MB) and the form around it
SPARE = 1 << 30  # free bytes that uploads leave to the ledger
Elsewhere = Callable[..., Awaitable[Any]]  # runs the call in a thread


class TooLarge(Exception):
    """More than this sender may send, or than there is room for. What was taken is gone again."""


async def received(scope: Any, receive: Receive, elsewhere: Elsewhere) -> IO[bytes] | None:
    """The whole body; None when the client has gone. Raises TooLarge."""
    most = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    body = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  (closed with the request)
    size = 0
    try:
        while (message := await receive())["type"] != "http.disconnect":
            chunk = message.get("body", b"")
            if size <= most < size + len(chunk):
                await elsewhere(_require_sender, scope)
            size += len(chunk)
            if size > IN_MEMORY:
                await elsewhere(_write, body, chunk, size)
            else:
                body.write(chunk)
            if not message.get("more_body"):
                body.seek(0)
                return body
    except BaseException:
        body.close()
        raise
    body.close()
    return None


def _require_sender(scope: Any) -> None:
    if not _may_send_much(scope):
        raise TooLarge


def _may_send_much(scope: Any) -> bool:
    """Files of somebody signed in: who they are and whether they may is Django's question once all is there."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name, []).append(value)
    if not b"".join(headers.get(b"content-type", ())).startswith(b"multipart/form-data"):
        return False
    cookies = parse_cookie(b"; ".join(headers.get(b"cookie", ())).decode("latin-1"))
    store = import_module(settings.SESSION_ENGINE).SessionStore(cookies.get(settings.SESSION_COOKIE_NAME) or None)
    try:
        return SESSION_KEY in store
    except DatabaseError:
        return False
    finally:
        connections.close_all()


def _write(body: IO[bytes], chunk: bytes, size: int) -> None:
    if size > LARGEST or shutil.disk_usage(tempfile.gettempdir()).free < SPARE:
        raise TooLarge
    body.write(chunk)
