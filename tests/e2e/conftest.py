"""A live server with a staged class, and a browser. Without Chromium these tests are skipped loudly; in CI they fail."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e.visitor import PHONES, Visitor
from factories.running import running

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
# The shell without windows of its own draws the same pages for two thirds of the computing. In the whole browser every window
# costs a second more without the last two features: two pages of the address bar that nobody sees. Of a switch given twice
# the last one counts, so what Playwright itself turns off comes before them.
OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-features={','.join(OFF)}",
]  # fmt: skip
HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs every browser test, on one site; the report's test comes last, because it freezes the site's class."""
    mine = [item for item in items if item.path.is_relative_to(HERE)]
    for item in mine:
        item.add_marker(pytest.mark.xdist_group("browser"))
    places = [place for place, item in enumerate(items) if item.path.is_relative_to(HERE)]
    mine.sort(key=lambda item: item.path.stem == "test_staircase")
    for place, item in zip(places, mine, strict=True):
        items[place] = item


def wait_for_server(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            pytest.fail("the server ended before it answered")
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)  # polls for readiness, nothing else can tell
    pytest.fail("the server did not answer")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the site."""
    return tmp_path_factory.mktemp("site") / "data"


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """The address of a server over a small class, as `yanxiu serve` runs it."""
    subprocess.run([sys.executable, str(HERE / "stage.py"), str(folder), "12"], check=True, timeout=300)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"  # a name, not an address: browsers take no passkeys otherwise
    own = {
        "YANXIU_DATA_DIR": str(folder), "YANXIU_TESTING": "1", "YANXIU_TEST_CLOCK": str(folder / "clock"),
        "YANXIU_ORIGIN": address, "YANXIU_STAFF_SECOND_FACTOR": "optional",
    }  # fmt: skip
    web = [sys.executable, "-m", "yanxiu.config.running.web", "--interface", "asgi", "--host", "127.0.0.1", "--no-ws"]
    command = [*web, "--port", str(port), "yanxiu.config.asgi:application"]
    with running(command, os.environ | own) as server:
        wait_for_server(address, server)
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser a file: while it runs, its event loop keeps other tests of this worker from running theirs."""
    if not Path(CHROMIUM).exists():
        words = "BROWSER TESTS SKIPPED: install Debian's chromium-headless-shell or chromium, and fonts-noto-cjk"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright  # slow import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


def signed_in(who: str, site: str) -> list[Any]:
    """The cookies of a browser in which they have just signed in."""
    visitor = Visitor(site).signed_in(PHONES[who])
    visitor.close()
    return [{"name": name, "value": value, "url": site} for name, value in visitor.cookies.items()]


@pytest.fixture
def as_(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """`as_("manager")`: a page of somebody signed in, each time anew. Requests to any other host fail the test.

    The form is filled in without a browser: what it does in one, test_account and test_discussion show.
    """
    contexts, foreign = [], []

    def opened(who: str, *, width: int = 1440, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=site, viewport={"width": width, "height": 900}, locale="zh-CN", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda r: None if r.url.startswith((site, "data:", "blob:")) else foreign.append(r.url))
        if who:
            context.add_cookies(signed_in(who, site))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert foreign == []
