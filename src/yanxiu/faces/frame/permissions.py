"""A permission is the dotted name of a rule: "training.classes.view_data" is `can_view_data` in training/classes/rules.py."""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

__all__ = ["is_known", "rule_of"]


@lru_cache(maxsize=256)
def rule_of(permission: str) -> Callable[..., bool] | None:
    """The rule a permission names; None for an unknown one, which refuses everybody."""
    room, _dot, name = permission.rpartition(".")
    if not room:
        return None
    try:
        module = import_module(f"yanxiu.{room}.rules")
    except ModuleNotFoundError:
        return None
    found = getattr(module, f"can_{name}", None) or getattr(module, name, None)
    return found if callable(found) else None


def is_known(permission: str) -> bool:
    """An empty one means that the audience is all there is to check."""
    return permission == "" or rule_of(permission) is not None
