"""The page module in a real browser: the evidence mark's popover, by mouse and by keyboard."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from e2e.conftest import ARGS, CHROMIUM

import yanxiu.faces.frame
from yanxiu.faces.frame.middleware import fixed_headers

STATIC = Path(yanxiu.faces.frame.__file__).parent / "static" / "frame"
PAGE = """<!doctype html><html lang="zh-CN"><title>t</title><link rel="stylesheet" href="/tokens.css"><link rel="stylesheet"
href="/app.css"><script type="module" src="/app.js"></script><body><main><p>合计 <a class="fig" id="a" data-pop
href="/figures/mean">1,716</a> 和 <a class="fig" id="b" data-pop href="/figures/gone">73</a></p><a id="c" href="#">别处</a></main>
<div id="ev" class="pop" role="dialog" data-close="关闭" hidden></div></body></html>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="BROWSER TESTS SKIPPED: no Chromium on this machine"),
]


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        kinds = {".js": "text/javascript", ".css": "text/css"}
        status, kind, body = 200, "text/html; charset=utf-8", PAGE.encode()
        if (STATIC / path[1:]).is_file():
            kind, body = kinds.get(Path(path).suffix, "image/svg+xml"), (STATIC / path[1:]).read_bytes()
        elif path == "/figures/mean":
            body = (
                "<h3>课程学习平均时长</h3><dl class='kv'><dt>算法</dt><dd>…</dd></dl><a href='/rows'>证据</a>".encode()
            )
        elif path == "/figures/gone":
            status, body = 404, b"gone"
        self.send_response(status)
        for name, value in fixed_headers(secure=False).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    opened = chromium.new_page(viewport={"width": 1000, "height": 700})
    opened.set_default_timeout(10_000)
    opened.goto(f"http://127.0.0.1:{server.server_port}/")
    yield opened
    opened.close()  # and with it the context it was opened in
    server.shutdown()
    server.server_close()


def test_the_popover_opens_by_keyboard_and_escape_gives_the_focus_back(page: Any) -> None:
    page.focus("#a")
    assert page.get_attribute("#a", "aria-expanded") == "false"
    page.keyboard.press("Enter")
    page.wait_for_selector("#ev:not([hidden])")
    assert page.evaluate("document.activeElement.textContent") == "关闭"
    assert (page.get_attribute("#ev", "aria-label"), page.get_attribute("#a", "aria-expanded")) == (
        "课程学习平均时长",
        "true",
    )
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "证据"
    page.keyboard.press("Escape")
    assert page.evaluate("[document.activeElement.id, document.getElementById('ev').hidden]") == ["a", True]


def test_the_popover_closes_by_its_button_by_a_second_click_and_by_a_click_elsewhere(page: Any) -> None:
    for close in ("#ev button", "#a", "main"):
        page.click("#a")
        page.wait_for_selector("#ev:not([hidden])")
        page.click(close, position={"x": 3, "y": 3})
        page.wait_for_selector("#ev", state="hidden")


def test_what_cannot_be_fetched_is_followed_as_a_link(page: Any) -> None:
    page.click("#b")
    page.wait_for_url("**/figures/gone")


def test_on_a_phone_it_is_a_sheet_from_below_and_nothing_scrolls_sideways(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.click("#a")
    page.wait_for_selector("#ev:not([hidden])")
    box = page.evaluate(
        "(({left, right, bottom}) => [left, right, bottom])(document.getElementById('ev').getBoundingClientRect())"
    )
    assert box == [0, 390, 800]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
