"""Serving files: signed, ranged, validated, streamed; and by nginx where it stands in front."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import reverse

from yanxiu.core.time import clock
from yanxiu.training.courses.media import store
from yanxiu.training.courses.media.models import MediaFile
from yanxiu.training.courses.media.signing import link

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4000  # just under four chunks


@pytest.fixture
def digest() -> str:
    digest, size = store.keep_bytes(CONTENT)
    MediaFile.objects.create(digest=digest, size=size, mime="video/mp4", duration_ms=60_000)
    return digest


def address(digest: str, how: str = "show") -> str:
    return reverse("intake:media", kwargs=link(digest, how)._asdict())


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        (None, 200, 0, len(CONTENT) - 1),
        ("bytes=0-", 206, 0, len(CONTENT) - 1),
        ("bytes=10-19", 206, 10, 19),
        ("bytes=-500", 206, len(CONTENT) - 500, len(CONTENT) - 1),
        ("bytes=0-999999999", 206, 0, len(CONTENT) - 1),
        (f"bytes={len(CONTENT) - 1}-", 206, len(CONTENT) - 1, len(CONTENT) - 1),
        ("bytes=300000-800000", 206, 300_000, 800_000),
        ("bytes=0-1,5-6", 200, 0, len(CONTENT) - 1),  # several at once: the whole, as the standard allows
        ("bytes=9-3", 200, 0, len(CONTENT) - 1),
        ("bytes=-", 200, 0, len(CONTENT) - 1),
        ("lines=1-2", 200, 0, len(CONTENT) - 1),
    ],
)
def test_a_range_is_answered_exactly(digest: str, asked: str | None, status: int, first: int, last: int) -> None:
    answer = Client().get(address(digest), headers={"Range": asked} if asked else {})
    assert answer.status_code == status
    assert body(answer) == CONTENT[first : last + 1]
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers.get("Content-Range") == (f"bytes {first}-{last}/{len(CONTENT)}" if status == 206 else None)


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=99999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_416(digest: str, asked: str) -> None:
    answer = Client().get(address(digest), headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


def test_if_range_gives_the_part_only_of_the_same_file(digest: str) -> None:
    for etag, status in ((f'"{digest}"', 206), ('"another"', 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
        assert Client().get(address(digest), headers={"Range": "bytes=0-9", "If-Range": etag}).status_code == status
    assert Client().get(address(digest), headers={"If-None-Match": f'"{digest}"'}).status_code == 304


def test_head_says_the_length_and_sends_nothing(digest: str) -> None:
    answer = Client().head(address(digest))
    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (200, str(len(CONTENT)), b"")


def test_headers_let_a_browser_play_it_and_nothing_else(digest: str) -> None:
    answer = Client().get(address(digest))
    wanted = {
        "Content-Type": "video/mp4", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
        "Content-Security-Policy": "default-src 'none'; sandbox", "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert answer.headers["Cache-Control"].startswith("private, max-age=")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert Client().get(address(digest, "keep")).headers["Content-Disposition"].startswith("attachment")
    body(answer)


def test_a_link_that_was_changed_or_has_expired_does_not_exist(digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = link(digest)
    spoiled = [
        signed._replace(signature="0" * 40), signed._replace(expires=signed.expires + 3600), signed._replace(how="keep"),
        signed._replace(digest="0" * 64),
    ]  # fmt: skip
    for each in spoiled:
        assert Client().get(reverse("intake:media", kwargs=each._asdict())).status_code == 404
    later = clock.from_ms((signed.expires + 1) * 1000)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert Client().get(reverse("intake:media", kwargs=signed._asdict())).status_code == 404


def test_the_link_of_a_page_opened_again_is_the_same_so_that_the_cache_holds(digest: str) -> None:
    now = clock.real_now().timestamp()
    assert 6 * 3600 <= link(digest).expires - now <= 7 * 3600
    assert link(digest) == link(digest)


def test_behind_nginx_the_file_is_named_and_not_sent(digest: str, settings: Any) -> None:
    settings.MEDIA_ACCEL = "/_media/"
    answer = Client().get(address(digest), headers={"Range": "bytes=0-9"})
    assert answer.headers["X-Accel-Redirect"] == f"/_media/{digest[:2]}/{digest}"
    assert (answer.status_code, answer.content) == (200, b"")


def test_under_asgi_it_flows_chunk_by_chunk(digest: str) -> None:
    async def sizes() -> list[int]:
        answer = await AsyncClient().get(address(digest), headers={"Range": "bytes=5-"})
        return [len(chunk) async for chunk in answer.streaming_content]

    assert async_to_sync(sizes)() == [262_144, 262_144, 262_144, len(CONTENT) - 5 - 3 * 262_144]
