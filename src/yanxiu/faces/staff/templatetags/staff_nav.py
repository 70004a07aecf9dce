"""`{% staff_nav as nav %}`: the staff's navigation, without what the viewer has no right to, with the present page marked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yanxiu.people.queries import SIGNED_OUT
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage
from yanxiu.training.notices.inbox.queries import unread_count

__all__ = ["staff_nav"]

register = template.Library()

# (route, icon, words, for managers only, words in the bottom bar of a phone or "")
_GROUPS = (
    (_("带班"), (
        ("staff:class_data", "chart", _("班级数据"), False, _("数据")),
        ("staff:roster", "users", _("名册"), True, ""),
        ("portal:invites", "bell", _("邀请链接"), True, ""),
        ("staff:announcements", "mega", _("公告"), False, ""),
        ("staff:affairs", "vote", _("班级事务"), False, ""),
        ("staff:corrections", "me", _("信息更正"), True, ""),
    )),
    (_("教学"), (
        ("staff:courses", "play", _("课件"), True, ""),
        ("staff:sessions", "check", _("面授与考勤"), False, ""),
        ("staff:hours", "clock", _("学时申诉与提醒"), False, ""),
        ("staff:rounds", "chat", _("主题研讨"), False, _("研讨")),
        ("staff:outcomes", "pen", _("研修成果"), False, _("成果")),
        ("staff:exams", "book", pgettext_lazy("page", "考试"), False, ""),
    )),
    (_("结班"), (
        ("staff:report", "doc", _("结班报告"), False, _("报告")),
        ("staff:certificates", "cert", pgettext_lazy("page", "结业证书"), False, ""),
    )),
)  # fmt: skip
_SETUP = ("staff:setup", "gate", _("班级设置"), True, "")
_NOTICES = ("portal:notices", "bell", _("消息"), False, "")
_CLASSES = ("staff:classes", "home", _("全部班级"), False, _("班级"))
_EVERYWHERE = frozenset({"staff:classes", "portal:notices"})  # the same whatever the class
# the first word of a page's name → the entry it stands below
_BELOW = {
    "figure": "class_data", "evidence": "class_data", "complement": "class_data", "verification": "report",
    "report": "report", "flags": "hours", "appeal": "hours", "hours": "hours", "lesson": "courses", "bank": "exams",
    "banks": "exams", "question": "exams", "exam": "exams", "round": "rounds", "post": "rounds", "abuse": "rounds",
    "thought": "outcomes", "thoughts": "outcomes", "writing": "outcomes", "outcome": "outcomes",
    "announcement": "announcements", "survey": "affairs", "elective": "affairs", "certificate": "certificates",
    "session": "sessions", "roster": "roster", "setup": "setup", "new": "classes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    href: str
    icon: str
    words: str
    short: str  # in the bottom bar of a phone; "" where it stands under 更多 only
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    words: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Navigation:
    groups: list[Group]
    tabs: list[Entry]
    unread: int  # notices


def _here(context: dict[str, Any]) -> str:
    """The name of the entry the present page stands below."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = match.url_name or "" if match else ""
    return _BELOW.get(name.partition("_")[0], name)


def _entries(rows: Iterable[tuple[Any, ...]], here: str, key: str, *, manages: bool) -> list[Entry]:
    return [
        Entry(
            reverse(name, args=[] if name in _EVERYWHERE else [key]), icon, words, short,
            name.partition(":")[2] == here,
        )
        for name, icon, words, for_managers, short in rows
        if manages or not for_managers
    ]  # fmt: skip


def _navigation(context: dict[str, Any]) -> Navigation:
    found, here = context.get("class") or context.get("training_class"), _here(context)
    groups: list[tuple[Any, Iterable[tuple[Any, ...]]]] = [(_("其他"), (_NOTICES, _CLASSES))]
    key, manages = "", False
    if isinstance(found, TrainingClass):
        key, manages = found.key, can_manage(context.get("viewer", SIGNED_OUT), found)
        groups = [*_GROUPS, (_("其他"), (_SETUP, _NOTICES, _CLASSES))]
    shown = [Group(words, _entries(rows, here, key, manages=manages)) for words, rows in groups]
    tabs = [entry for group in shown for entry in group.entries if entry.short][:4]
    return Navigation(shown, tabs, unread_count(context.get("viewer", SIGNED_OUT)))


@register.simple_tag(takes_context=True)
def staff_nav(context: dict[str, Any]) -> Navigation:
    """Of `class` (or `training_class`) for `viewer`, both of the context; without a class the way to all classes only.

    Made once a request: the side and the bottom bar show the same.
    """
    request = context.get("request")
    made: Navigation | None = getattr(request, "staff_navigation", None)
    if made is None:
        made = _navigation(context)
        if request is not None:
            request.staff_navigation = made
    return made
