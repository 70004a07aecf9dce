"""The published presets, as the file beside this module has them; no Django, so that the intake may ask."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from yanxiu.core.policy import Policy

__all__ = ["policies"]


@cache
def policies() -> Mapping[str, Policy]:
    """Every preset, by id."""
    table = tomllib.loads(Path(__file__).with_name("presets.toml").read_text(encoding="utf-8"))
    return {policy_id: Policy(id=policy_id, **_tuples(fields)) for policy_id, fields in table.items()}


def _tuples(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()}
