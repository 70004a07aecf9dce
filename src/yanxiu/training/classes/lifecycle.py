"""The states of a class as data, and the two actions that move it; part of the room's `actions`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import roles_in, visible_classes
from yanxiu.training.classes.rules import can_manage, require

__all__ = ["Move", "change_state", "class_moves", "freeze_class"]


@dataclass(frozen=True)
class Move:
    from_state: str
    to_state: str
    who: frozenset[str]


@cache
def class_moves() -> tuple[Move, ...]:
    """Every allowed move, from class_states.toml."""
    table = tomllib.loads(Path(__file__).with_name("class_states.toml").read_text(encoding="utf-8"))
    return tuple(Move(row["from"], row["to"], frozenset(row["who"])) for row in table["move"])


def _checked(actor: Viewer, training_class: TrainingClass, to: str) -> TrainingClass:
    stored = visible_classes(actor).select_for_update().filter(pk=training_class.pk).first()
    if stored is None:
        raise NotVisible
    require(can_manage, actor, stored)
    move = next((m for m in class_moves() if (m.from_state, m.to_state) == (stored.state, to)), None)
    if move is None:
        message = _("班级现在是“%(now)s”，不能改为“%(to)s”。")
        labels = dict(TrainingClass.State.choices)
        raise Refused("wrong_state", message % {"now": labels[stored.state], "to": labels.get(to, to)}, field="state")
    if not move.who & roles_in(actor, stored):
        raise Refused("not_allowed", _("这一步须由组织管理者办理。"), field="state")
    return stored


def _moved(actor: Viewer, stored: TrainingClass, to: str, action: str, **details: int) -> TrainingClass:
    before, stored.state = stored.state, to
    entry = audit.record(
        action, "class", stored.pk, actor_id=actor.person_id, class_id=stored.pk,
        from_state=before, to_state=to, **details,
    )  # fmt: skip
    if to == TrainingClass.State.FROZEN:
        stored.frozen_audit_position = entry.position
    stored.save(update_fields=["state", "frozen_audit_position", "frozen_ledger_position"])
    return stored


@transaction.atomic
def change_state(actor: Viewer, training_class: TrainingClass, to: str) -> TrainingClass:
    """One move of the table. Freezing has an action of its own."""
    if to == TrainingClass.State.FROZEN:
        raise Refused("use_freeze", _("请使用“冻结班级”：冻结时要记下数据截止位置。"), field="state")
    return _moved(actor, _checked(actor, training_class, to), to, "change_state")


@transaction.atomic
def freeze_class(actor: Viewer, training_class: TrainingClass, *, ledger_position: int) -> TrainingClass:
    """Close the facts at a position of the ledger and at this very entry of the audit log."""
    stored = _checked(actor, training_class, TrainingClass.State.FROZEN)
    if ledger_position < 0:
        raise Refused("bad_position", _("台账位置不能是负数。"), field="ledger_position")
    stored.frozen_ledger_position = ledger_position
    return _moved(actor, stored, TrainingClass.State.FROZEN, "freeze_class", ledger_position=ledger_position)
