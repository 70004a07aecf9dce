"""What may be uploaded, how large, and how long a look into it may take. No Django: the child process imports this."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["ADDRESS_SPACE", "CPU_SECONDS", "LONGEST_MS", "PAGES", "WALL_SECONDS", "kinds"]

CPU_SECONDS = 120
WALL_SECONDS = 180
ADDRESS_SPACE = 2 * 1024**3
PAGES = 200  # of a document
LONGEST_MS = 24 * 3_600_000


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """kinds.toml."""
    return tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
