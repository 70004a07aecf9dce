"""发提醒: the complement of a figure, or some of it, told what it is still missing."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yanxiu.core.text import clean_line
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.record.figures.pages import missing_persons
from yanxiu.record.figures.profiles import definition
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, class_taking_facts, require
from yanxiu.training.notices.inbox.actions import notify
from yanxiu.training.notices.inbox.queries import persons_told
from yanxiu.training.notices.inbox.words import Called, Said, Words, as_data, say, worded

__all__ = ["remind_the_missing", "reminded_today", "usual_words"]

_PLACES = {
    "discussion": "rounds", "outcome": "outcomes", "exam": "exams", "compulsory": "lessons", "elective": "lessons",
    "mean": "lessons",
}  # fmt: skip


def _usual(class_: TrainingClass, key: str) -> tuple[Said, Said]:
    lacking = {
        "discussion": gettext_noop("您还没有完成研讨发帖"), "outcome": gettext_noop("您还没有提交研修成果"),
        "exam": gettext_noop("您还没有参加考试"), "compulsory": gettext_noop("您还没有必修课的学习记录"),
        "elective": gettext_noop("您还没有选修课的学习记录"), "mean": gettext_noop("您还没有学习记录"),
        "registered": gettext_noop("您还没有完成注册"), "registration": gettext_noop("您还没有完成注册"),
        "discussion_replies": gettext_noop("您还没有回过帖"), "outcome_authors_commented": gettext_noop("您的成果还没有人评论"),
    }  # fmt: skip
    text, figure = lacking.get(key) or lacking.get(key.partition("_")[0]), definition(key, class_.figure_profile)
    label = Called(figure.label_zh, figure.label_en)
    what = say(text) if text else say(gettext_noop("%(label)s里还没有您的记录"), label=label)
    body = gettext_noop("请在截止以前完成；已经完成而没有记上的，请联系班主任。")
    return say(gettext_noop("班主任提醒：%(what)s"), what=what), say(body)


def usual_words(class_: TrainingClass, key: str) -> tuple[str, str]:
    """Title and text of a reminder in the language of the moment, until somebody writes other ones."""
    title, body = _usual(class_, key)
    return worded(as_data(title)), worded(as_data(body))


def _own_words(typed: str, usual: Said, *, field: str, label: str, limit: int) -> Said | str:
    """Left as they stood they are ours, in each reader's language; written over, they are the sender's."""
    if clean_line(typed) in {"", clean_line(worded(as_data(usual)))}:
        return usual
    return line(typed, field=field, label=label, limit=limit)


def _occasion(class_: TrainingClass, key: str, at: datetime) -> str:
    return f"missing:{class_.pk}:{key}:{at.astimezone(ZoneInfo(class_.zone)):%Y%m%d}"


def reminded_today(class_: TrainingClass, key: str, at: datetime) -> set[int]:
    """Ids of those who have had this reminder on the local day of `at`."""
    return persons_told(_occasion(class_, key, at))


@transaction.atomic
def remind_the_missing(
    actor: Viewer,
    class_: TrainingClass,
    key: str,
    at: datetime,
    *,
    only: Iterable[int] | None = None,
    filters: Mapping[str, str] | None = None,
    title: str = "",
    body: str = "",
) -> int:
    """A notice to each of them, or to those among them that `only` names; at most one a figure and local day.

    How many are new. Whoever is not missing (any more) is not reminded, whatever was ticked.
    """
    require(can_manage, actor, class_)
    class_taking_facts(class_.pk)
    usual = _usual(class_, key)
    words = Words(
        _own_words(title, usual[0], field="title", label=_("提醒的标题"), limit=60),
        _own_words(body, usual[1], field="body", label=_("提醒的内容"), limit=200),
        _PLACES.get(key.partition("_")[0], ""),
    )
    persons = set(missing_persons(class_, key, filters))
    if only is not None:
        ticked = set(only)
        if not ticked:
            raise Refused("nobody", _("请先勾选要提醒的人，或按“提醒全部”。"), field="who")
        persons &= ticked
    made = notify(persons, "reminder", _occasion(class_, key, at), words, class_)
    audit.record(
        "remind_the_missing", "class", class_.pk, actor_id=actor.person_id, class_id=class_.pk, figure=key, persons=made
    )
    return made
