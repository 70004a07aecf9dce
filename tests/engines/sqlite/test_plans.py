"""What the writer reads, it reads through an index: a scan of the whole ledger would cost more each day."""

import pysqlite3
import pytest

from yanxiu.engines.sqlite.seen import SeenSessions
from yanxiu.engines.sqlite.upgrade import schema
from yanxiu.engines.sqlite.writing import _Batch


@pytest.fixture
def statements() -> tuple[pysqlite3.Connection, list[str]]:
    connection = pysqlite3.connect(":memory:")
    connection.executescript(schema())
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    SeenSessions().get(connection, 7, "a" * 24)
    batch = _Batch(connection, SeenSessions(), 0)
    batch._stored((7, "a" * 24), 1, "beat")
    batch._stored((7, "a" * 24), 1, "conflict")
    connection.set_trace_callback(None)
    return connection, seen


def test_no_read_of_the_writer_scans_the_ledger(statements: tuple[pysqlite3.Connection, list[str]]) -> None:
    connection, seen = statements
    plans = [str(connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()) for sql in seen]
    assert len(plans) == 5
    assert [plan for plan in plans if "SEARCH" not in plan or "SCAN entry" in plan or "SCAN filed'" in plan] == []
