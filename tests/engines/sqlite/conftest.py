"""A ledger of one's own, and another way to look into its file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from yanxiu.engines.sqlite.ledger import SqliteLedger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(path)
    yield opened
    opened.close()


@pytest.fixture
def tamper(path: Path) -> Callable[..., list[Any]]:
    """Run SQL behind the ledger's back."""

    def run(*statements: str) -> list[Any]:
        connection = pysqlite3.connect(str(path), isolation_level=None)
        try:
            rows: list[Any] = []
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            return rows
        finally:
            connection.close()

    return run
