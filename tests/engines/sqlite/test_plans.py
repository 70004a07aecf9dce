"""What the writer reads, it reads through an index: a scan of the whole ledger would cost more each day."""

from pathlib import Path

import pysqlite3
import pytest

from yanxiu.engines.sqlite import seen as room
from yanxiu.engines.sqlite.seen import SeenSessions
from yanxiu.engines.sqlite.writing import _Batch


@pytest.fixture
def statements() -> tuple[pysqlite3.Connection, list[str]]:
    connection = pysqlite3.connect(":memory:")
    connection.executescript((Path(room.__file__).parent / "schema.sql").read_text(encoding="utf-8"))
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    SeenSessions().get(connection, "a" * 24)
    batch = _Batch(connection, SeenSessions(), 0)
    batch._stored("a" * 24, 1, "beat")
    batch._stored("a" * 24, 1, "conflict")
    connection.set_trace_callback(None)
    return connection, seen


def test_no_read_of_the_writer_scans_the_ledger(statements: tuple[pysqlite3.Connection, list[str]]) -> None:
    connection, seen = statements
    plans = [str(connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()) for sql in seen]
    assert len(plans) == 3
    assert [plan for plan in plans if "SEARCH entry USING" not in plan] == []
