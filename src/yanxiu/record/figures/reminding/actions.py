"""发提醒: the complement of a figure told what it is still missing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.people.queries import Viewer
from yanxiu.record.figures.pages import missing_persons
from yanxiu.record.figures.profiles import definition
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require
from yanxiu.training.notices.inbox.actions import Words, notify

__all__ = ["remind_the_missing"]

_PLACES = {
    "discussion": "rounds", "outcome": "outcomes", "exam": "exams", "compulsory": "lessons", "elective": "lessons",
    "mean": "lessons",
}  # fmt: skip


@transaction.atomic
def remind_the_missing(actor: Viewer, class_: TrainingClass, key: str, at: datetime) -> int:
    """A notice to each of them, at most one a figure and local day; how many are new."""
    require(can_manage, actor, class_)
    class_taking_facts(class_.pk)
    label = definition(key, class_.figure_profile).label_zh
    words = Words(
        _("班主任提醒：%(label)s 还没有您的记录") % {"label": label},
        _("请在截止以前完成；已经完成而没有记上的，请联系班主任。"),
        _PLACES.get(key.partition("_")[0], ""),
    )
    occasion = f"missing:{class_.pk}:{key}:{at.astimezone(ZoneInfo(class_.zone)):%Y%m%d}"
    made = notify(missing_persons(class_, key), "reminder", occasion, words, class_)
    audit.record(
        "remind_the_missing", "class", class_.pk, actor_id=actor.person_id, class_id=class_.pk, figure=key, persons=made
    )
    return made
