"""Who may move a piece of writing from which state to which, and who may read thought reports."""

import tomllib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import roles_in
from yanxiu.training.outcomes.models import Outcome, WritingState

__all__ = [
    "EDITABLE",
    "WritingMove",
    "can_read_thought_reports",
    "checked_move",
    "locked",
    "locked_own",
    "parts_of",
    "writing_moves",
]

EDITABLE = (WritingState.DRAFT, WritingState.RETURNED)  # the author may write on


@dataclass(frozen=True)
class WritingMove:
    verb: str
    from_states: frozenset[str]
    to_state: str
    who: frozenset[str]


@cache
def writing_moves() -> dict[str, WritingMove]:
    """Every allowed move by verb, from outcome_states.toml."""
    table = tomllib.loads(Path(__file__).with_name("outcome_states.toml").read_text(encoding="utf-8"))
    return {
        row["verb"]: WritingMove(row["verb"], frozenset(row["from"]), row["to"], frozenset(row["who"]))
        for row in table["move"]
    }


def parts_of(viewer: Viewer, enrolment: Enrolment) -> AbstractSet[str]:
    """What the viewer is to a learner's writing: "author" and their roles in the class; NotVisible without any."""
    parts = set(roles_in(viewer, enrolment.training_class))
    if viewer.person_id is not None and enrolment.person_id == viewer.person_id:
        parts.add("author")
    if not parts:
        raise NotVisible
    return parts


def checked_move(viewer: Viewer, enrolment: Enrolment, state: str, verb: str) -> str:
    """The state after the move, or a refusal."""
    move = writing_moves()[verb]
    if not move.who & parts_of(viewer, enrolment):
        raise Refused("not_allowed", _("您在本班的角色没有这项权限，请联系班主任。"))
    if state not in move.from_states:
        label = dict(WritingState.choices).get(state, state)
        raise Refused("wrong_state", _("当前状态是“%(state)s”，不能进行这一步。") % {"state": label})
    return move.to_state


def can_read_thought_reports(viewer: Viewer, training_class: TrainingClass) -> bool:
    """思想汇报 are read by the class manager and the tutor; not by auditors, organisers or other learners."""
    if viewer.person_id is None:
        return False
    return training_class.roles.filter(person_id=viewer.person_id, role__in=("class_manager", "tutor")).exists()


def locked(outcome: Outcome) -> Outcome:
    """The piece as stored now, held for this transaction."""
    stored = (
        Outcome.objects.select_for_update()
        .select_related("enrolment__training_class__region", "enrolment__person")
        .filter(pk=outcome.pk)
        .first()
    )
    if stored is None:
        raise NotVisible
    return stored


def locked_own(actor: Viewer, outcome: Outcome) -> Outcome:
    """The actor's own piece, while it may be changed; NotVisible for anybody else's."""
    stored = locked(outcome)
    if actor.person_id is None or stored.enrolment.person_id != actor.person_id:
        raise NotVisible
    if stored.state not in EDITABLE:
        message = _("当前状态是“%(state)s”，不能修改；先撤回，或等退回以后再改。")
        raise Refused("wrong_state", message % {"state": stored.get_state_display()})
    return stored
