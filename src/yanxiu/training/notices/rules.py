"""Who may announce: the managers of the class (see training.classes.rules.can_manage)."""

from yanxiu.training.classes.rules import can_manage as can_announce

__all__ = ["can_announce"]
