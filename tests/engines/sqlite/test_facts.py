"""Facts that stand on their own: many in one commit, each with a position of its own whatever else is in the group."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yanxiu.engines.sqlite.ledger import SqliteLedger
from yanxiu.study.ports import NotStored

NOW = 1_498_093_200_000


def test_ten_thousand_facts_are_one_link_of_the_chain_and_each_is_its_persons(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.sqlite3")
    first = ledger.append_fact("correction", 7, b"{}", NOW)
    facts = [("attendance", person, b'{"n":%d}' % person) for person in range(1, 10_001)]
    assert ledger.append_facts(facts, NOW) == first + 1
    assert ledger.append_facts([], NOW) == 0
    linked = ledger._rows("SELECT position FROM entry WHERE link IS NOT NULL ORDER BY 1", ())
    assert linked == [(1,), (10_001,)]
    assert [(e.position, e.kind, e.body) for e in ledger.of_person(9_999)] == [(10_000, "attendance", b'{"n":9999}')]
    assert list(ledger.broken_links()) == []
    ledger.close()
    with pytest.raises(NotStored):
        ledger.append_facts(facts[:1], NOW)


def test_one_bad_fact_keeps_all_of_them_out(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.sqlite3")
    good = ("attendance", 7, b"{}")
    for bad in (("beat", 7, b"{}"), ("attendance", 7, b"{"), ("attendance", -1, b"{}"), ("attendance", 2**63, b"{}")):
        with pytest.raises(ValueError):
            ledger.append_facts([good, bad], NOW)
    assert ledger.head()[0] == 0
    ledger.close()


def test_facts_of_many_at_once_each_learn_their_own_position(tmp_path: Path) -> None:
    ledger = SqliteLedger(tmp_path / "ledger.sqlite3")
    with ThreadPoolExecutor(16) as pool:
        firsts = list(pool.map(lambda n: ledger.append_facts([("attendance", n, b"{}")] * 3, NOW), range(1, 65)))
    for person, first in enumerate(firsts, start=1):
        assert [entry.position for entry in ledger.of_person(person)] == [first, first + 1, first + 2]
    assert sorted(itertools.chain(*((f, f + 1, f + 2) for f in firsts))) == list(range(1, 193))
    ledger.close()
