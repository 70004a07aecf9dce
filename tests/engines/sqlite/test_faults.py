"""Disk full, poisoned groups, tampering, foreign files, several processes."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from factories.beats import NOW, beat, session

from yanxiu.engines.sqlite import file
from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.engines.sqlite.requests import beat_request
from yanxiu.study.ports import NotStored, Stored

Tamper = Callable[..., list[Any]]

TWO_WRITERS = """
import sys
from pathlib import Path
from factories.beats import NOW, beat, session
from yanxiu.engines.sqlite.ledger import SqliteLedger
ledger = SqliteLedger(Path(sys.argv[1]))
facts, _ = session(int(sys.argv[2]))
for seq in range(150):
    assert ledger.append(facts, [beat(seq)], NOW).durable_seq == seq
ledger.close()
"""


def test_a_full_disk_stores_nothing_and_recovers_when_space_returns(ledger: SqliteLedger) -> None:
    facts, _ = session()
    ledger.append(facts, [beat(0)], NOW)
    writer = ledger._writer.connection
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages}")
    stored = 0
    with pytest.raises(NotStored, match="磁盘空间不足"):
        for seq in range(1, 5000):
            stored = ledger.append(facts, [beat(seq)], NOW).durable_seq
    before = ledger.head()
    with pytest.raises(NotStored):
        ledger.append(facts, [beat(seq) for seq in range(stored + 1, stored + 200)], NOW)
    assert ledger.head() == before
    assert before[0] == stored + 2
    writer.execute("PRAGMA max_page_count=1073741823")
    again = ledger.append(facts, [beat(seq) for seq in range(stored + 1, stored + 200)], NOW)
    assert again.durable_seq == stored + 199
    assert list(ledger.broken_links()) == []


def test_one_poisoned_request_does_not_take_its_group_along(ledger: SqliteLedger, tamper: Tamper) -> None:
    tamper("CREATE TRIGGER poison BEFORE INSERT ON entry WHEN NEW.person_id = 13 BEGIN SELECT RAISE(ABORT, 'no'); END")
    outcomes: list[Stored | NotStored] = []
    group = [beat_request(session(person)[0], [beat(0), beat(1)], NOW, outcomes.append) for person in range(10, 17)]
    ledger._settle(group)
    assert [type(outcome) for outcome in outcomes] == [Stored] * 3 + [NotStored] + [Stored] * 3
    assert {entry.person_id for entry in ledger.entries(0, 100)} == {
        10,
        11,
        12,
        14,
        15,
        16,
    }  # of 13 nothing, not in part
    assert ledger.head()[0] == 6 * 3
    assert list(ledger.broken_links()) == []


def test_a_writer_that_holds_the_file_too_long_means_not_now(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.05)
    ledger = SqliteLedger(path)
    facts, _ = session()
    other = pysqlite3.connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotStored):
        ledger.append(facts, [beat(0)], NOW)
    other.execute("ROLLBACK")
    other.close()
    assert ledger.append(facts, [beat(0)], NOW).durable_seq == 0
    ledger.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET body = CAST(replace(CAST(body AS TEXT), '15000', '25000') AS BLOB) WHERE position = 3",
        "UPDATE entry SET received_ms = received_ms + 1 WHERE position = 3",
        "UPDATE entry SET person_id = 8 WHERE position = 3",
        "UPDATE entry SET link = '00' || substr(link, 3) WHERE position = 3",
        "UPDATE entry SET link = NULL WHERE position = 3",
        "DELETE FROM entry WHERE position = 3",
    ],
)
def test_a_changed_row_breaks_the_chain(ledger: SqliteLedger, tamper: Tamper, change: str) -> None:
    facts, _ = session()
    for seq in range(4):
        ledger.append(facts, [beat(seq)], NOW)
    assert list(ledger.broken_links()) == []
    with pytest.raises(pysqlite3.IntegrityError, match="append-only"):
        tamper(change)
    tamper("DROP TRIGGER entry_stays", "DROP TRIGGER entry_kept", change)
    assert list(ledger.broken_links()) != []


def test_an_entry_slipped_in_behind_the_last_link_is_seen_and_never_built_upon(
    ledger: SqliteLedger, tamper: Tamper
) -> None:
    facts, _ = session()
    ledger.append(facts, [beat(0)], NOW)
    tamper("INSERT INTO entry VALUES (3, 'beat', 7, 'x', 0, 1, CAST('{}' AS BLOB), NULL)")
    assert list(ledger.broken_links()) == [3]
    with pytest.raises(NotStored):
        ledger.append(facts, [beat(1)], NOW)


def test_two_processes_keep_one_chain(path: Path) -> None:
    SqliteLedger(path).close()
    environment = {"PYTHONPATH": f"{Path(__file__).parents[2]}:src"}
    writers = [
        subprocess.Popen([sys.executable, "-c", TWO_WRITERS, str(path), str(person)], env=environment)
        for person in (7, 8)
    ]
    ledger = SqliteLedger(path)
    facts, _ = session(9)
    for seq in range(150):
        assert ledger.append(facts, [beat(seq)], NOW).durable_seq == seq
    assert [writer.wait(60) for writer in writers] == [0, 0]
    entries = ledger.entries(0, 10_000)
    assert [entry.position for entry in entries] == list(range(1, 3 * 151 + 1))
    assert list(ledger.broken_links()) == []
    ledger.close()


def test_two_processes_that_create_the_file_at_once_make_one(tmp_path: Path) -> None:
    opened: list[SqliteLedger] = []
    threads = [threading.Thread(target=lambda: opened.append(SqliteLedger(tmp_path / "l.sqlite3"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts, _ = session()
    for seq, ledger in enumerate(opened):
        assert ledger.append(facts, [beat(seq)], NOW).durable_seq == seq
    for ledger in opened:
        ledger.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["l.sqlite3"]


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_an_sqlite_with_the_wal_bug_is_refused_in_chinese(version: tuple[int, int, int]) -> None:
    with pytest.raises(NotStored, match="WAL 缺陷"):
        file.check_version(version)


@pytest.mark.parametrize("version", [(3, 6, 23), (3, 51, 3), (3, 53, 4)])
def test_other_versions_are_not(version: tuple[int, int, int]) -> None:
    file.check_version(version)


def test_durability_is_read_back_and_a_file_that_lost_it_is_refused(path: Path) -> None:
    ledger = SqliteLedger(path)
    assert ledger.durability() == {"journal_mode": "wal", "synchronous": 2, "mmap_size": 0}
    ledger.close()
    other = pysqlite3.connect(str(path))
    other.execute("PRAGMA journal_mode=DELETE")
    other.close()
    with pytest.raises(NotStored, match="不能保证断电不丢"):
        SqliteLedger(path)


def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path) -> None:
    for content in (b"not a database, but somebody's only copy of something" * 100, b""):
        path.write_bytes(content)
        with pytest.raises(NotStored):
            SqliteLedger(path)
        assert path.read_bytes()[: len(content)] == content


def test_another_database_is_not_taken_for_the_ledger(path: Path) -> None:
    other = pysqlite3.connect(str(path))
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("CREATE TABLE t (x)")
    other.close()
    with pytest.raises(NotStored, match="不是学时台账"):
        SqliteLedger(path)


def test_a_creation_cut_off_leaves_nothing_that_is_taken_for_a_ledger(tmp_path: Path) -> None:
    (tmp_path / ".ledger.sqlite3.0123.new").write_bytes(b"half")
    SqliteLedger(tmp_path / "ledger.sqlite3").close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["ledger.sqlite3"]
