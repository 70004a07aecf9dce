"""A ledger of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from yanxiu.config.wiring import plug_engines
from yanxiu.study import ports


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    yield
    ports.unplug()
