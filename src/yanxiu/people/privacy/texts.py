"""The privacy notice: numbered texts in both languages, as data. The highest number is the one in force."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.utils.translation import get_language

__all__ = ["Notice", "current_notice", "current_version"]

FOLDER = Path(__file__).parent / "notices"


@dataclass(frozen=True)
class Notice:
    """`digest` is of the file: what exactly was shown can be proved later."""

    version: int
    since: str
    digest: str
    sections: tuple[dict[str, str], ...]

    def shown(self) -> list[tuple[str, str]]:
        """(title, text) in the reader's language."""
        end = "en" if get_language() == "en" else "zh"
        return [(section[f"title_{end}"], section[f"text_{end}"]) for section in self.sections]


@lru_cache(maxsize=4)
def _read(path: Path) -> Notice:
    raw = path.read_bytes()
    held = tomllib.loads(raw.decode())
    return Notice(held["version"], str(held["since"]), hashlib.sha256(raw).hexdigest(), tuple(held["section"]))


def current_notice() -> Notice:
    return _read(max(FOLDER.glob("*.toml"), key=lambda path: int(path.stem)))


def current_version() -> int:
    return current_notice().version
