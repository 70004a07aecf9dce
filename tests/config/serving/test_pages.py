"""Pages answered from lanes: the same answers as Django's own handler, and nobody holds up anybody else."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.core import signals
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from yanxiu.config.serving import bodies
from yanxiu.config.serving.pages import Pages
from yanxiu.faces.frame.entering.fresh import PROVEN, PROVING, Proven
from yanxiu.faces.frame.routes import PASSWORDS, WHOLE, Route

Message = dict[str, Any]
BOUNDARY = "x" * 20
held = threading.Event()
begun = threading.Semaphore(0)
steps: list[int | str] = []
lanes: list[str] = []


@csrf_exempt
def echo(request: HttpRequest) -> HttpResponse:
    """What the request says of itself."""
    files = {name: file.size for name, file in request.FILES.items()}
    told = {name: request.META.get(name) for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "SERVER_NAME")}
    said = {
        "url": request.build_absolute_uri(),
        "get": request.GET,
        "files": files,
        "told": told,
        "n": len(request.POST),
    }
    answer = JsonResponse({**said, "method": request.method, "cookies": request.COOKIES})
    answer.set_cookie("first", "1")
    answer.set_cookie("second", "2", httponly=True)
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@csrf_exempt
def holding(request: HttpRequest) -> HttpResponse:
    begun.release()
    held.wait(10)
    steps.append("done")
    return HttpResponse("held")


def flowing(request: HttpRequest) -> HttpResponseBase:
    def chunks() -> Iterator[bytes]:
        try:
            for n in range(100):
                steps.append(n)
                yield b"x" * 1000
        finally:
            steps.append("closed")

    return StreamingHttpResponse(chunks())


def breaking(request: HttpRequest) -> HttpResponseBase:
    def chunks() -> Iterator[bytes]:
        yield b"x" * 1000
        raise OSError("the disk")

    return StreamingHttpResponse(chunks())


@csrf_exempt
def grave(request: HttpRequest) -> HttpResponse:
    """As the guard has it: the password first, the deed where its route says."""
    lanes.append(threading.current_thread().name.rpartition("-")[0])
    marks = request.scope  # type: ignore[attr-defined]  # of the server
    if not marks.get(PROVEN) and request.POST.get("again_password") != "right":
        return HttpResponse("asked", status=403)
    return Proven(status=204) if marks.get(PROVING) else HttpResponse(request.POST["typed"])


urlpatterns = [
    path("grave", grave),
    path("breaking", breaking),
    path("echo", echo),
    path("broken", broken),
    path("holding", holding),
    path("flowing", flowing),
]
handler500 = "yanxiu.faces.frame.errors.server_error"
FACES = {
    "t": (
        Route("holding", holding, "holding", "public", methods=("GET", "POST"), lanes=PASSWORDS),
        Route("grave", grave, "grave", "staff", methods=("POST",), lanes=WHOLE, fresh=True),
    )
}


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bodies, "_may_send_much", lambda _scope: True)  # test_bodies asks who may
    steps.clear()
    lanes.clear()
    held.clear()
    while begun.acquire(blocking=False):
        pass
    with override_settings(ROOT_URLCONF=__name__):
        yield
    held.set()


def scope(address: str, method: str = "GET", **headers: str) -> Message:
    where, _, query = address.partition("?")
    named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http", "method": method, "path": where, "query_string": query.encode(), "scheme": "http",
        "headers": [(b"host", b"127.0.0.1:8000"), *named], "client": ("10.1.2.3", 4567), "server": ("127.0.0.1", 8000),
        "root_path": "", "http_version": "1.1",
    }  # fmt: skip


class Client:
    """One end of a connection; `leave` as when a browser goes away."""

    def __init__(self, *body: bytes, cut: bool = False) -> None:
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.takes: Callable[[], Awaitable[object]] | None = None
        for n, piece in enumerate(body or (b"",), 1):
            more = cut or n < len(body)
            self.incoming.put_nowait({"type": "http.request", "body": piece, "more_body": more})
        if cut:
            self.leave()

    def leave(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})

    async def send(self, message: Message) -> None:
        if self.takes is not None:
            await self.takes()
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


async def ask(handler: Any, asked: Message, client: Client | None = None) -> Client:
    client = client or Client()
    await asyncio.wait_for(handler(asked, client.incoming.get, client.send), 20)
    return client


@asynccontextmanager
async def pages() -> AsyncIterator[Pages]:
    made = Pages(FACES)
    try:
        yield made
    finally:
        held.set()
        await asyncio.to_thread(made.close)


def multipart(size: int) -> tuple[list[bytes], dict[str, str]]:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="f.bin"\r\n\r\n'.encode()
    body = head + b"y" * size + f"\r\n--{BOUNDARY}--\r\n".encode()
    told = {"content_type": f"multipart/form-data; boundary={BOUNDARY}", "content_length": str(len(body))}
    return [body[n : n + 500_000] for n in range(0, len(body), 500_000)], told


def form(size: int) -> tuple[list[bytes], dict[str, str]]:
    told = {"content_type": "application/x-www-form-urlencoded", "content_length": str(size)}
    return [b"a=" + b"z" * (size - 2)], told


LARGE, LARGE_TOLD = multipart(7_000_000)
FORM, FORM_TOLD = form(7_000_000)
ASKED: list[tuple[Message, list[bytes]]] = [
    (scope("/echo?a=1&a=%E7%8F%AD", accept_encoding="gzip"), []),
    (scope("/echo", x_forwarded_for="1.2.3.4", x_forwarded_proto="https", cookie="one=1; two=é"), []),
    (scope("/echo", "HEAD"), []),
    (scope("/echo", "POST", **LARGE_TOLD), LARGE),
    (scope("/echo", "POST", **FORM_TOLD), FORM),  # more than a form may hold
    (scope("/echo", "POST", content_length="nonsense"), []),
    (scope("/nowhere"), []),
    (scope("/echo", host="evil.example"), []),
]


@pytest.mark.parametrize("case", range(len(ASKED)))
def test_the_answer_is_that_of_djangos_own_handler(db: None, case: int) -> None:
    asked, body = ASKED[case]

    async def both() -> list[Client]:
        async with pages() as ours:
            return [await ask(handler, asked, Client(*body)) for handler in (ours, ASGIHandler())]

    ours, theirs = asyncio.run(both())
    start, other = ours.sent[0], theirs.sent[0]
    assert (start["status"], start["headers"]) == (other["status"], other["headers"])
    assert ours.body == theirs.body or b"mono" in ours.body  # pages of errors have a number of their own
    assert start["status"] in {200, 400, 404}


def test_threads_stay_from_one_request_to_the_next_and_signals_fire_once_each() -> None:
    seen: list[tuple[str, int]] = []

    def started(**_: Any) -> None:
        seen.append(("started", threading.get_ident()))

    def finished(**_: Any) -> None:
        seen.append(("finished", threading.get_ident()))

    async def thrice() -> None:
        async with pages() as ours:
            for _ in range(3):
                assert (await ask(ours, scope("/echo"))).status == 200

    signals.request_started.connect(started)
    signals.request_finished.connect(finished)
    try:
        asyncio.run(thrice())
    finally:
        signals.request_started.disconnect(started)
        signals.request_finished.disconnect(finished)
    assert [name for name, _thread in seen] == ["started", "finished"] * 3
    assert len({thread for _name, thread in seen}) == 1


def test_an_upload_that_breaks_off_is_nobodys_request() -> None:
    async def cut() -> Client:
        async with pages() as ours:
            return await ask(ours, scope("/echo", "POST", **LARGE_TOLD), Client(*LARGE[:-1], cut=True))

    assert asyncio.run(cut()).sent == []


def test_hashing_passwords_does_not_hold_up_pages_and_who_leaves_the_line_is_not_served() -> None:
    async def crowd() -> tuple[list[Client], Client, Client]:
        async with pages() as ours:
            many = [asyncio.create_task(ask(ours, scope("/holding", "POST"))) for _ in range(40)]
            for _ in range(4):
                assert await asyncio.to_thread(begun.acquire, timeout=5)
            left, stays = Client(), Client()
            waiting = asyncio.create_task(ask(ours, scope("/holding", "POST"), left))
            page = await ask(ours, scope("/echo"), stays)
            left.leave()
            await waiting
            held.set()
            return [await each for each in many], page, left

    served, page, left = asyncio.run(crowd())
    assert page.status == 200
    assert [client.status for client in served] == [200] * 40
    assert (left.sent, steps) == ([], ["done"] * 40)


def test_what_has_begun_is_carried_out_even_if_the_client_leaves() -> None:
    async def leave() -> None:
        async with pages() as ours:
            client = Client()
            serving = asyncio.create_task(ask(ours, scope("/holding", "POST"), client))
            assert await asyncio.to_thread(begun.acquire, timeout=5)
            client.leave()
            held.set()
            await serving

    asyncio.run(leave())
    assert steps == ["done"]


def test_a_stream_goes_no_faster_than_its_reader_and_ends_with_it() -> None:
    async def read() -> None:
        async with pages() as ours:
            client, places, full = Client(), asyncio.Semaphore(6), asyncio.Event()

            async def takes() -> None:
                if places.locked():
                    full.set()
                await places.acquire()

            client.takes = takes
            serving = asyncio.create_task(ask(ours, scope("/flowing"), client))
            await full.wait()
            page = await ask(ours, scope("/echo"))
            assert page.status == 200
            assert len(steps) <= 7
            client.leave()
            await serving

    asyncio.run(read())
    assert steps[-1] == "closed"
    assert len(steps) <= 8


def test_a_stream_read_to_its_end_is_whole() -> None:
    async def read() -> Client:
        async with pages() as ours:
            return await ask(ours, scope("/flowing"))

    assert asyncio.run(read()).body == b"x" * 100_000
    assert steps == [*range(100), "closed"]


def test_a_stream_that_breaks_is_not_ended_as_if_it_were_whole() -> None:
    client = Client()

    async def read() -> None:
        async with pages() as ours:
            await ask(ours, scope("/breaking"), client)

    with pytest.raises(OSError, match="the disk"):
        asyncio.run(read())
    assert client.sent[-1].get("more_body", True)


def test_who_may_not_send_so_much_hears_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_may_send_much", lambda _scope: False)

    async def send() -> Client:
        async with pages() as ours:
            return await ask(ours, scope("/echo", "POST", **LARGE_TOLD), Client(*LARGE[:-1]))

    assert asyncio.run(send()).status == 413


@pytest.mark.parametrize(
    ("form", "status", "through"),
    [
        (b"typed=1", 403, ["pages-whole"]),
        (b"typed=1&again_password=&again_code=1", 403, ["pages-whole"]),
        (b"typed=1&again_password=wrong", 403, ["pages-passwords"]),
        (b"typed=1&again_password=right", 200, ["pages-passwords", "pages-whole"]),
        (b"again_password=right&typed=1", 200, ["pages-passwords", "pages-whole"]),
    ],
)
def test_a_password_before_a_grave_deed_is_hashed_in_the_lane_of_passwords_and_the_deed_keeps_its_own(
    form: bytes, status: int, through: list[str]
) -> None:
    told = {"content_type": "application/x-www-form-urlencoded", "content_length": str(len(form))}

    async def deed() -> Client:
        async with pages() as ours:
            return await ask(ours, scope("/grave", "POST", **told), Client(form))

    answer = asyncio.run(deed())
    assert (answer.status, lanes) == (status, through)
    assert answer.body == (b"1" if status == 200 else b"asked")
