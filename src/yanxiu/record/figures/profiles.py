"""Definitions (口径) as versioned data: one TOML file a profile, beside this module in `definitions/`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from yanxiu.core.figures import FigureDefinition
from yanxiu.kit.errors import Refused

__all__ = ["DEFAULT_PROFILE", "definition", "definitions", "profile_names"]

_FOLDER = Path(__file__).parent / "definitions"
DEFAULT_PROFILE = "enaea-2017"


def profile_names() -> list[str]:
    """Every profile shipped."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def _figures(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures of a profile with defaults and overrides put in."""
    if "base" not in data:
        return [data["defaults"] | figure for figure in data["figure"]]
    overrides = data["overrides"]
    return [figure | overrides.get(figure["key"], {}) for figure in _figures(_read(data["base"]))]


def _read(profile: str) -> Mapping[str, Any]:
    if profile not in profile_names():
        raise Refused("unknown_profile", f"没有名为“{profile}”的指标口径，请在班级设置里改选。", field="figure_profile")
    return tomllib.loads((_FOLDER / f"{profile}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def definitions(profile: str = DEFAULT_PROFILE) -> Mapping[str, FigureDefinition]:
    """The definitions of a profile by key, in printed order. Refused for an unknown profile."""
    return MappingProxyType({f["key"]: FigureDefinition(**f) for f in _figures(_read(profile))})


def definition(key: str, profile: str = DEFAULT_PROFILE) -> FigureDefinition:
    """One definition. KeyError for an unknown figure."""
    return definitions(profile)[key]
