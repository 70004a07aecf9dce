"""What the server really sends, byte by byte: light pages, few requests, kept for ever under hashed names. No browser."""

import posixpath
import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from e2e.visitor import PHONES, Got, Visitor

PAGE = 60 * 1024  # with all it asks for at once; without media and the editor, which waits for a click
REQUESTS = 10
CLASS = "/my/classes/small-2017"
LEARNER = (
    "", "/schedule", "/result", "/lessons", "/lessons/1", "/lessons/2", "/practice", "/hours", "/rounds", "/rounds/1",
    "/outcomes", "/exams", "/announcements", "/affairs",
)  # fmt: skip
STAFF = (
    "/staff/", "/staff/classes/small-2017/", "/staff/classes/small-2017/roster", "/staff/classes/small-2017/rounds",
    "/staff/classes/small-2017/exams", "/staff/classes/small-2017/outcomes", "/staff/classes/small-2017/report",
)  # fmt: skip


def visit(visitor: Visitor, address: str) -> dict[str, Got]:
    """A page and, as at a first visit, every style sheet, script, module and drawing it asks for at once."""
    found = {address: visitor.ask(address)}
    assert found[address].status == 200, address
    text = found[address].text
    waiting = re.findall(r'<(?:link|script|img)\b[^>]*?\s(?:href|src)="(/static/[^"]+)"', text)
    waiting += re.findall(r'<use href="(/static/[^"#]+)#', text)
    while waiting:
        if (link := waiting.pop()) not in found:
            found[link] = visitor.ask(link)
            waiting += modules(link, found[link].text)
    return found


def modules(link: str, text: str) -> Iterator[str]:
    if link.endswith(".js"):
        for name in re.findall(r"""\bfrom\s*["'](\.[^"']+)["']""", text):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(link), name))


@pytest.fixture(scope="module")
def visits(site: str) -> Iterator[dict[str, dict[str, Got]]]:
    stranger, learner, manager = Visitor(site), Visitor(site), Visitor(site)
    try:
        found = {address: visit(stranger, address) for address in ("/sign-in", "/certificates")}
        learner.signed_in(PHONES["learner"])
        found |= {CLASS + place: visit(learner, CLASS + place) for place in LEARNER}
        manager.signed_in(PHONES["manager"])
        yield found | {address: visit(manager, address) for address in STAFF}
    finally:
        for each in (stranger, learner, manager):
            each.close()


def test_a_first_visit_to_any_page_is_light_and_asks_little(visits: dict[str, dict[str, Got]]) -> None:
    heavy = {page: sum(got.sent for got in found.values()) for page, found in visits.items()}
    assert {page: weight for page, weight in heavy.items() if weight > PAGE} == {}
    assert {page: len(found) for page, found in visits.items() if len(found) > REQUESTS} == {}


def test_texts_travel_compressed_and_hashed_names_are_kept_for_ever(visits: dict[str, dict[str, Got]]) -> None:
    for page, found in visits.items():
        for link, got in found.items():
            assert got.status == 200, link
            assert got.headers.get("content-encoding") == "gzip" or got.sent < 1100, link
            assert "content-security-policy" in got.headers, link
            kept = got.headers["cache-control"]
            assert kept == ("no-store" if link == page else "max-age=315360000, public, immutable"), link
            assert "accept-encoding" in got.headers.get("vary", "").lower() or got.sent < 1100, link


def test_the_player_s_own_code_is_at_most_8_kb_as_it_travels(visits: dict[str, dict[str, Got]]) -> None:
    own = {
        link: got for link, got in visits[f"{CLASS}/lessons/1"].items() if "/player/" in link and link.endswith(".js")
    }
    assert len(own) == 1
    assert sum(got.sent for got in own.values()) <= 8 * 1024
    assert all("/**" not in got.text for got in own.values())


def test_many_slow_readers_of_a_video_hold_up_no_page(site: str, visits: dict[str, dict[str, Got]]) -> None:
    lesson = visits[f"{CLASS}/lessons/1"][f"{CLASS}/lessons/1"].text
    videos = sorted(set(re.findall(r'"(/media/[^"]+)"', lesson)))
    assert videos
    port, readers = urlsplit(site).port or 0, []
    try:
        for n in range(60):  # more than there are threads for pages
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(("127.0.0.1", port))
            address = videos[n % len(videos)]
            reader.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            readers.append(reader)
        assert all(reader.recv(12) == b"HTTP/1.1 200" for reader in readers)
        visitor = Visitor(site)
        assert visitor.ask("/sign-in").status == 200
        visitor.close()
    finally:
        for reader in readers:
            reader.close()
