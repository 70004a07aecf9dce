"""RESULTS.md holds one section a benchmark; `--record` writes it anew."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["record"]

FILE = Path(__file__).with_name("RESULTS.md")
HEAD = "# Results\n\nEach section is written by its script with `--record`. Absolute values move with the machine and its neighbours: quote ratios.\n"


def record(section: str, text: str) -> None:
    """Replace the section of that name, or add it."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    fresh = f"## {section}\n\n{datetime.now(UTC):%Y-%m-%d}, {machine}\n\n{text.strip()}\n"
    old = FILE.read_text(encoding="utf-8") if FILE.exists() else HEAD
    pattern = re.compile(rf"^## {re.escape(section)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    found, count = pattern.subn(lambda _: fresh + "\n", old)
    FILE.write_text((found if count else f"{old.rstrip()}\n\n{fresh}").rstrip() + "\n", encoding="utf-8")
