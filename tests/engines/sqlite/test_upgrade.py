"""Ledgers made by earlier versions: opened, they have this version's shape, and every entry is as it was."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from factories.beats import NOW, beat, session

from yanxiu.engines.sqlite.chain import GENESIS, link
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.engines.sqlite.requests import beat_request, encode
from yanxiu.study.ports import NotStored

Tamper = Callable[..., list[Any]]
FACTS = session(7)[0]
SHAPE = "SELECT type, name, replace(sql, '\"', '') FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY 1, 2"


def old_ledger(path: Path, version: int) -> list[tuple[Any, ...]]:
    """With one session, three beats in two batches, and a conflict."""
    bodies = [
        body for _, _, body in beat_request(FACTS, [beat(0), beat(1), beat(2), beat(0, p0=9)], NOW, print).entries
    ]
    kinds = [("session", -1, encode(FACTS).decode()), *(("beat", seq, bodies[seq]) for seq in range(3))]
    kinds.append(("conflict", 0, bodies[3]))
    rows = [(n, kind, 7, FACTS.sid, seq, NOW, body) for n, (kind, seq, body) in enumerate(kinds, 1)]
    first = link(GENESIS, rows[:2])
    links = [None, first, None, None, link(first, rows[2:])]
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(Path(__file__).with_name(f"schema_{version}.sql").read_text(encoding="utf-8"))
    stored = [(*row, linked) for row, linked in zip(rows, links, strict=True)]
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, CAST(? AS BLOB), ?)", stored)
    connection.close()
    return stored


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_ledger_is_brought_up_to_date_and_keeps_every_entry(
    path: Path, tmp_path: Path, tamper: Tamper, version: int
) -> None:
    stored = old_ledger(path, version)
    ledger = SqliteLedger(path)
    entries = "SELECT position, kind, person_id, sid, seq, received_ms, CAST(body AS TEXT), link FROM entry"
    assert tamper(entries) == stored
    assert list(ledger.broken_links()) == []
    assert [entry.position for entry in ledger.of_person(7)] == [1, 2, 3, 4, 5]
    assert tamper("SELECT count(*), max(position) FROM filed") == [(5, 5)]
    again = ledger.append(FACTS, [beat(1), beat(0, p0=9), beat(3)], NOW, [("challenge", b"{}")])
    assert (again.durable_seq, again.conflicts, again.position) == (3, (0,), 7)
    assert list(ledger.broken_links()) == []
    ledger.close()
    SqliteLedger(tmp_path / "new.sqlite3").close()
    fresh = pysqlite3.connect(str(tmp_path / "new.sqlite3"))
    assert tamper(SHAPE) == fresh.execute(SHAPE).fetchall()
    fresh.close()
    assert tamper("PRAGMA user_version") == [(3,)]


def test_an_upgrade_that_is_refused_leaves_the_file_as_it_was(path: Path, tamper: Tamper) -> None:
    old_ledger(path, 1)
    tamper(
        "DROP INDEX once",
        "INSERT INTO entry SELECT 6, kind, person_id, sid, seq, 0, body, NULL FROM entry WHERE seq = 2",
    )
    tamper("PRAGMA writable_schema=ON", "PRAGMA user_version=4")
    before = tamper(SHAPE)
    with pytest.raises(NotStored, match="格式版本是 4"):
        SqliteLedger(path)
    assert tamper(SHAPE) == before


def test_a_table_that_is_not_ours_is_refused_and_left_alone(path: Path, tamper: Tamper) -> None:
    old_ledger(path, 1)
    tamper("DROP TABLE entry", "CREATE TABLE entry (position INTEGER PRIMARY KEY)")
    before = tamper(SHAPE)
    with pytest.raises(NotStored, match="与预期不同"):
        SqliteLedger(path)
    assert (tamper(SHAPE), tamper("PRAGMA user_version")) == (before, [(1,)])
