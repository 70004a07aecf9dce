"""Files of lessons by signed links: byte ranges, validators, and never more of a file in memory than one chunk."""

import asyncio
import re
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from yanxiu.kit.errors import NotVisible
from yanxiu.training.courses.media.queries import media_file
from yanxiu.training.courses.media.signing import VALID_HOURS, Link, is_valid
from yanxiu.training.courses.media.store import path_of

__all__ = ["media"]

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_NOT_SATISFIABLE = (-1, -1)


def media(request: HttpRequest, signature: str, expires: int, how: str, digest: str) -> HttpResponseBase:
    """The signature is the authority: no account is asked. 404 for a link that is not ours, or no longer valid."""
    if not is_valid(Link(signature, expires, how, digest)):
        raise NotVisible
    mime, size, name = media_file(digest)
    headers = {
        "Content-Type": f"{mime}; charset=utf-8" if mime.startswith("text/") else mime,
        "Content-Disposition": f"{'inline' if how == 'show' else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": f"private, max-age={VALID_HOURS * 3600}, immutable",
        "ETag": f'"{digest}"',
        "Accept-Ranges": "bytes",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if settings.MEDIA_ACCEL:
        headers["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL.rstrip('/')}/{digest[:2]}/{digest}"
        return HttpResponse(headers=headers)
    return _answered(request, path_of(digest), size, headers)


def _asked(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte wanted; None for the whole, as for several ranges or one we cannot read."""
    wanted = request.headers.get("Range", "")
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or found.group(0) == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
        if last and int(last) < int(first):
            return None
    return (start, end) if start < size and start <= end else _NOT_SATISFIABLE


def _answered(request: HttpRequest, path: Path, size: int, headers: dict[str, str]) -> HttpResponseBase:
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    wanted = _asked(request, size, headers["ETag"])
    if wanted == _NOT_SATISFIABLE:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    if not path.is_file():
        raise NotVisible
    first, last = wanted or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if wanted:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    status = 206 if wanted else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    # Django would gather an ordinary iterator whole before sending it under ASGI, and an asynchronous one under WSGI.
    stream = _flow if isinstance(request, ASGIRequest) else _steps
    return StreamingHttpResponse(stream(path, first, last - first + 1), status=status, headers=headers)


def _steps(path: Path, start: int, length: int) -> Generator[bytes, None, None]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk


async def _flow(path: Path, start: int, length: int) -> AsyncIterator[bytes]:
    """Not `_steps` in a thread: a generator cannot be closed while it runs, and the client may leave at any moment."""
    file = await asyncio.to_thread(path.open, "rb")
    try:
        file.seek(start)
        while length > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
    finally:
        file.close()
