"""How much is taken from whom before anybody has looked at it: a disk that is full stops the ledger."""

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY

from yanxiu.config.serving import bodies

FORM = "multipart/form-data; boundary=x"
PIECE = b"y" * 1_000_000


class Sender:
    """Sends as long as it is listened to."""

    def __init__(self, pieces: int) -> None:
        self.left = pieces

    async def receive(self) -> dict[str, Any]:
        self.left -= 1
        return {"type": "http.request", "body": PIECE, "more_body": self.left > 0}


def scope(kind: str = FORM, cookie: str = "") -> dict[str, Any]:
    return {"headers": [(b"content-type", kind.encode()), (b"cookie", b"lang=en"), (b"cookie", cookie.encode())]}


def taken(asked: dict[str, Any], sender: Sender) -> int:
    async def take() -> int:
        body = await bodies.received(asked, sender.receive, asyncio.to_thread)
        assert body is not None
        with body:
            return len(body.read())

    return asyncio.run(take())


@pytest.fixture
def signed_in(database_file: Path) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = "1"
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


@pytest.mark.django_db(transaction=True)
def test_nobody_sends_more_than_a_form_before_signing_in(signed_in: str) -> None:
    assert taken(scope(), Sender(6)) == 6_000_000
    assert taken(scope(cookie=signed_in), Sender(9)) == 9_000_000
    for asked in (scope(), scope(cookie=signed_in[:-1] + "!"), scope("application/octet-stream", signed_in)):
        sender = Sender(10_000)
        with pytest.raises(bodies.TooLarge):
            taken(asked, sender)
        assert sender.left > 9_990


@pytest.mark.django_db(transaction=True)
def test_uploads_end_at_their_limit_and_before_the_disk_is_full(
    signed_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "LARGEST", 8_000_000)
    assert taken(scope(cookie=signed_in), Sender(8)) == 8_000_000
    with pytest.raises(bodies.TooLarge):
        taken(scope(cookie=signed_in), Sender(9))
    monkeypatch.setattr(bodies, "SPARE", 1 << 62)
    with pytest.raises(bodies.TooLarge):
        taken(scope(cookie=signed_in), Sender(7))
