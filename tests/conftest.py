"""What every test may use: the fact clock, and figures that see what the test has written. See also early.py."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from django.contrib.auth import user_logged_in
from django.db import connections
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(user_logged_in)
def _just_now(request: HttpRequest, **_more: Any) -> None:
    """`Client.force_login` stands for somebody who has just signed in at the page (frame.entering.fresh)."""
    request.session["fresh"] = int(time.time())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests first: they are one long piece of work for one worker, and the small ones fill up the other."""
    browser = Path(__file__).parent / "e2e"
    items.sort(key=lambda item: not item.path.is_relative_to(browser))


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`at("2017-06-22T09:00:00+08:00")` moves the clock of facts there, where it stands still until moved again."""
    file = tmp_path / "clock"
    monkeypatch.setenv("YANXIU_TEST_CLOCK", str(file))

    def move(instant: str) -> None:
        file.write_text(instant, encoding="ascii")

    move("2017-06-10T08:00:00+08:00")
    return move


@pytest.fixture(autouse=True)
def _snapshot_sees_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Figures read through the alias `snapshot`, which would not see what a test's open transaction has written: both
    aliases share the first connection, except where a test commits for real.
    """
    marker = request.node.get_closest_marker("django_db")
    if marker is None or marker.kwargs.get("transaction"):
        yield
        return
    request.getfixturevalue("db")
    own = connections["snapshot"]
    connections["snapshot"] = connections["default"]
    yield
    connections["snapshot"] = own


@pytest.fixture
def database_file(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """The database as a file, as in the product, for tests with threads: connections to one in memory do not wait for each
    other's locks, they fail. Everything this test writes goes there, and away with it.
    """
    aliases = ("default", "snapshot")  # in the tests both are one database
    own = {alias: connections[alias] for alias in aliases}
    settings = {alias: connections.settings[alias] for alias in aliases}
    own["default"].ensure_connection()
    path = tmp_path / "database.sqlite3"
    copy = pysqlite3.connect(path)
    own["default"].connection.backup(copy)
    copy.close()
    for alias in aliases:
        connections.settings[alias] = {**settings[alias], "NAME": path}
        connections[alias] = connections.create_connection(alias)
    yield path
    for alias in aliases:
        connections[alias].close()
        connections.settings[alias] = settings[alias]
        connections[alias] = own[alias]
