"""One ledger a process, plugged once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from yanxiu.config.wiring import plug_engines
from yanxiu.study import ports


@pytest.fixture(autouse=True)
def _unplugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ports.unplug()
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    yield
    ports.unplug()


def test_without_wiring_there_is_no_ledger() -> None:
    with pytest.raises(RuntimeError, match="plug_engines"):
        ports.ledger()


def test_plugging_again_keeps_the_open_ledger(tmp_path: Path) -> None:
    plug_engines()
    opened = ports.ledger()
    plug_engines()
    assert ports.ledger() is opened
    assert (tmp_path / "ledger.sqlite3").exists()


def test_another_data_directory_is_another_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plug_engines()
    first = ports.ledger()
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path / "other"))
    plug_engines()
    assert ports.ledger() is not first
    with pytest.raises(ports.NotStored):
        first.head()
