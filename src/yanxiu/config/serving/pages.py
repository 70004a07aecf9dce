"""Django's pages behind the ASGI callable: each in one hop, in threads that stay (docs/decisions/0030).

Django's own ASGIHandler gives every request a thread of its own, hence new database connections, and goes back and forth
between it and the event loop. Requests and answers here are those of ASGIHandler; only who runs them differs.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import IO, Any, cast

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix
from django.urls.resolvers import RoutePattern

from yanxiu.config.serving.bodies import IN_MEMORY, TooLarge, received
from yanxiu.config.serving.lanes import Lane
from yanxiu.faces.frame.entering.fresh import PROVEN, PROVING, Proven
from yanxiu.faces.frame.middleware import fixed_headers
from yanxiu.faces.frame.routes import Route
from yanxiu.faces.intake.endpoint import Receive

__all__ = ["Pages"]

# SQLite takes one writer at a time: writers waiting for each other must leave threads for those who only read.
_THREADS = {"": 24, "passwords": 4, "whole": 3, "spool": 2}
_CLOSE_SECONDS = 6.0  # the supervisor waits ten before it kills
_PASSWORD_AGAIN = re.compile(rb"(?:^|&)again_password=[^&]")


class Pages(ASGIHandler):
    """Reads the whole request in the event loop, has a thread answer it, and sends from the event loop again.

    So neither a slow upload nor a slow reader holds a thread. A route that takes long by nature declares a lane of its own.
    """

    def __init__(self, faces: Mapping[str, Sequence[Route]]) -> None:
        BaseHandler.__init__(self)  # not ASGIHandler's, which would load the middleware for the event loop
        self.load_middleware()
        self._lanes = {name: Lane(f"pages-{name}", most, connections.close_all) for name, most in _THREADS.items()}
        self._slow = [
            (method, RoutePattern(route.pattern, is_endpoint=True), lane)
            for routes in faces.values()
            for route in routes
            for method, lane in route.lanes
        ]
        self._grave = [
            RoutePattern(route.pattern, is_endpoint=True)
            for routes in faces.values()
            for route in routes
            if route.fresh
        ]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI, types as Django has them."""
        try:
            body = await received(scope, receive, partial(self._in, "spool"))
        except TooLarge:
            await _refused(send)
            return
        if body is None:
            return
        gone = asyncio.create_task(_gone(receive))
        try:
            response = await self._served(scope, body, gone)
            if response is not None:
                await self._sent(response, send, gone)
        finally:
            gone.cancel()

    async def _served(self, scope: Any, body: IO[bytes], gone: "asyncio.Task[None]") -> HttpResponseBase | None:
        """The answer; None when the client left while the request still waited in line."""
        form = self._with_password_again(scope, body)
        if form is not None:
            response = await self._answer_in("passwords", {**scope, PROVING: True}, BytesIO(form), gone)
            if not isinstance(response, Proven):
                body.close()
                return response
            scope = {**scope, PROVEN: True}
        return await self._answer_in(self._lane(scope["method"], scope["path"]), scope, body, gone)

    async def _answer_in(
        self, lane: str, scope: Any, body: IO[bytes], gone: "asyncio.Task[None]"
    ) -> HttpResponseBase | None:
        work = self._lanes[lane].submit(self._answered, scope, body)
        await asyncio.wait((answered := asyncio.wrap_future(work), gone), return_when=asyncio.FIRST_COMPLETED)
        if gone.done() and work.cancel():  # it had not begun; what has begun is carried out
            body.close()
            return None
        return await answered

    def _with_password_again(self, scope: Any, body: IO[bytes]) -> bytes | None:
        """The form of a grave deed with a password to be hashed before it; the page that asks sends small plain ones."""
        if scope["method"] != "POST" or not any(pattern.match(scope["path"][1:]) for pattern in self._grave):
            return None
        form = body.read(IN_MEMORY)
        body.seek(0)
        return form if len(form) < IN_MEMORY and _PASSWORD_AGAIN.search(form) else None

    def close(self) -> None:
        """Before the process ends: every thread closes its connections."""
        for lane in self._lanes.values():
            lane.close(_CLOSE_SECONDS / len(self._lanes))

    def _lane(self, method: str, path: str) -> str:
        return next((lane for slow, pattern, lane in self._slow if method == slow and pattern.match(path[1:])), "")

    async def _in(self, lane: str, call: Any, *arguments: Any) -> Any:
        return await asyncio.wrap_future(self._lanes[lane].submit(call, *arguments))

    def _answered(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        """In a thread of a lane. What is sent bit by bit is closed after it, everything else at once."""
        try:
            set_script_prefix(get_script_prefix(scope))
            signals.request_started.send(sender=self.__class__, scope=scope)
            request, refusal = self.create_request(scope, body)
            response = cast("Any", refusal if request is None else self.get_response(request))
            response._handler_class = self.__class__  # noqa: SLF001  (as Django's handlers do: request_finished names it)
            if not response.streaming:
                response.close()
            return cast("HttpResponseBase", response)
        finally:
            body.close()

    async def _sent(self, response: HttpResponseBase, send: Any, gone: "asyncio.Task[None]") -> None:
        if not isinstance(response, StreamingHttpResponse):
            await self.send_response(response, send)
            return
        if not response.is_async:  # Django would gather it whole
            response.streaming_content = self._stepwise(cast("Iterable[bytes]", response.streaming_content))
        sending = asyncio.create_task(self.send_response(response, send))
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
            if not sending.done():
                sending.cancel()
            (problem,) = await asyncio.gather(sending, return_exceptions=True)
            if isinstance(problem, Exception) and not gone.done():
                raise problem  # so that what was cut short is not taken for whole
        finally:
            sending.cancel()
            await self._in("", response.close)

    async def _stepwise(self, chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
        steps = iter(chunks)
        while (chunk := await self._in("", partial(next, steps, None))) is not None:
            yield chunk


async def _refused(send: Any) -> None:
    text = "上传的内容太大，或服务器空间不足。".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    headers += [
        (name.lower().encode(), value.encode()) for name, value in fixed_headers(secure=settings.SECURE).items()
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text})


async def _gone(receive: Receive) -> None:
    """Returns when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
