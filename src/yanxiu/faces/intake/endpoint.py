"""POST /api/beats as an ASGI endpoint of its own: no Django between the socket and the ledger."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from yanxiu.core.time import clock
from yanxiu.faces.intake.origin import is_foreign
from yanxiu.study.intake.actions import (
    Answer,
    Judged,
    acknowledged,
    attended,
    judge,
    not_stored,
    refused,
    too_large,
)
from yanxiu.study.intake.presence import Desk
from yanxiu.study.intake.wire import MAX_BODY
from yanxiu.study.ports import CreditedView, Ledger, NotStored, Stored

__all__ = ["BeatsEndpoint", "Receive", "Scope", "Send"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

RETRY_AFTER = b"5"
MOST_DISCARDED = 8 * 1024 * 1024  # of an oversized body, so that its sender gets to read the refusal
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Looker:
    """Answers with what is counted so far, looked up beside the event loop. It is a courtesy: a disk that takes too long,
    or too many who wait for it, and the answer says no more than what is stored.
    """

    PATIENCE = 0.5  # seconds
    MOST = 256  # who wait at once

    def __init__(self, view: Callable[[], CreditedView | None]) -> None:
        self._view = view
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, "credited")
        self._waiting = 0

    def answer(self, waiter: "asyncio.Future[Answer]", judged: Judged, stored: Stored) -> None:
        view = self._view()
        if view is None or self._waiting >= self.MOST:
            waiter.set_result(acknowledged(judged, stored))
            return
        self._waiting += 1
        looked = self._loop.run_in_executor(self._thread, acknowledged, judged, stored, view)
        late = self._loop.call_later(self.PATIENCE, self._without, waiter, judged, stored)
        looked.add_done_callback(lambda done: self._found(waiter, late, done))

    def _without(self, waiter: "asyncio.Future[Answer]", judged: Judged, stored: Stored) -> None:
        if not waiter.done():
            waiter.set_result(acknowledged(judged, stored))

    def _found(
        self, waiter: "asyncio.Future[Answer]", late: asyncio.TimerHandle, done: "asyncio.Future[Answer]"
    ) -> None:
        self._waiting -= 1
        late.cancel()
        error = done.exception()
        if waiter.done():
            return
        if error is not None:
            waiter.set_exception(error)
        else:
            waiter.set_result(done.result())


class Courier:
    """Brings the ledger's answers into the event loop: one wake-up a group commit, not one a beat."""

    def __init__(self, desk: Desk, view: Callable[[], CreditedView | None]) -> None:
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._looker = Looker(view)
        self._sent: deque[tuple[asyncio.Future[Answer], Judged, list[Stored | NotStored]]] = deque()
        self._wake = self._call  # one object, so that the ledger sees that it is the same

    def send(self, ledger: Callable[[], Ledger], judged: Judged) -> "asyncio.Future[Answer]":
        """Hand a judged POST to the ledger; the answer comes once it is on disk."""
        waiter: asyncio.Future[Answer] = self._loop.create_future()
        answer: list[Stored | NotStored] = []
        try:
            store = ledger()
            judged = attended(judged, self._desk, store)
            store.submit(
                judged.facts, judged.beats, judged.received_ms, answer.append, judged.met.more, wake=self._wake
            )
            self._sent.append((waiter, judged, answer))
        except NotStored:
            waiter.set_result(self._not_stored(judged))
        return waiter

    def _call(self) -> None:
        """In the writer's thread."""
        self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        """To everybody who has been answered: they were settled in the order they were sent in."""
        sent = self._sent
        while sent and sent[0][2]:
            waiter, judged, (answer,) = sent.popleft()
            if waiter.done():  # its client has gone; what was stored is stored all the same
                if isinstance(answer, NotStored):
                    self._not_stored(judged)
                continue
            try:
                if judged.wants_credited and isinstance(answer, Stored):
                    self._looker.answer(waiter, judged, answer)
                else:
                    waiter.set_result(self._said(judged, answer))
            except Exception as error:  # noqa: BLE001  (its own request's alone; the others hear their answers)
                waiter.set_exception(error)

    def _not_stored(self, judged: Judged) -> Answer:
        self._desk.forget(judged.facts.person_id)
        return not_stored()

    def _said(self, judged: Judged, answer: Stored | NotStored) -> Answer:
        if isinstance(answer, NotStored):
            return self._not_stored(judged)
        return acknowledged(judged, answer)


class BeatsEndpoint:
    """`ledger` is asked at each POST, so that a ledger that could not be opened is tried again."""

    def __init__(
        self, ledger: Callable[[], Ledger], key: bytes, own_origin: str,
        view: Callable[[], CreditedView | None] = lambda: None,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._desk, self._view = Desk(key), view
        self._key = key
        self._own = own_origin
        self._now = clock.settled()
        self._courier: Courier | None = None
        secure = own_origin.startswith("https:")
        self._headers = _HEADERS + ([(b"strict-transport-security", b"max-age=63072000")] if secure else [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One coroutine for the usual way through: every await of one in another costs a beat dearly."""
        declared = origin = host = b""
        for name, value in scope["headers"]:
            if name == b"content-length":
                declared = value
            elif name == b"origin":
                origin = value
            elif name == b"host":
                host = value
        answer = self._turned_away(scope["method"], origin, host)
        if answer is None:
            message = await receive()
            body = message.get("body", b"")
            if message["type"] != "http.request" or (message.get("more_body") and declared != b"%d" % len(body)):
                body = await _body(message, receive)  # in pieces, of unknown length, or the client has gone
            judged = too_large() if body is None else judge(body, self._now(), self._key)
            answer = await self._stored(judged) if isinstance(judged, Judged) else judged
        status, said = answer
        headers = [*self._headers, (b"content-length", b"%d" % len(said))]
        if status == 503:
            headers.append((b"retry-after", RETRY_AFTER))
        elif status == 405:
            headers.append((b"allow", b"POST"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": said})

    def _turned_away(self, method: str, origin: bytes, host: bytes) -> Answer | None:
        """The refusal of what need not be read."""
        if method != "POST":
            return refused(405, "method", "这个地址只接受 POST。")
        if origin and is_foreign(origin.decode("latin-1"), host.decode("latin-1"), self._own):
            return refused(403, "foreign_origin", "请求来自其他网站，已拒绝。")
        return None

    def _stored(self, judged: Judged) -> "asyncio.Future[Answer]":
        if self._courier is None:
            self._courier = Courier(self._desk, self._view)
        return self._courier.send(self._ledger, judged)


async def _body(message: MutableMapping[str, Any], receive: Receive) -> bytes | None:
    """The whole body; None when it is larger than a POST of beats may be, whatever length was declared."""
    chunks: list[bytes] = []
    length = 0
    while True:
        if message["type"] != "http.request":  # the client has gone
            return b""
        chunk = message.get("body", b"")
        length += len(chunk)
        if length <= MAX_BODY:
            chunks.append(chunk)
        if not message.get("more_body") or length > MOST_DISCARDED:
            return b"".join(chunks) if length <= MAX_BODY else None
        message = await receive()
