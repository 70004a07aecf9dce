"""A ledger of its own for each test, and a class that has studied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from factories.worlds import At, World
from record.reporting import studied_class

from yanxiu.config.wiring import plug_engines
from yanxiu.study import ports
from yanxiu.training.discussion.models import Post


@pytest.fixture(autouse=True)
def ledger(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    yield
    ports.unplug()


@pytest.fixture
def studied(at: At, ledger: None) -> tuple[World, Post]:
    return studied_class(at)
