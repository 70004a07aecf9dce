"""What every page of a learner shares: the class in the address, who the learner is in it, and the navigation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import class_for, enrolment_of
from yanxiu.training.classes.rules import can_study, require
from yanxiu.training.notices.inbox.queries import unread_count
from yanxiu.training.participation.attendance.queries import has_sessions

__all__ = ["CLASS", "STUDY", "Place", "learner_page", "own_place"]

CLASS = "my/classes/<slug:key>"  # every address of a learner's class begins so
STUDY = "training.classes.study"

# (route, icon, words, the shorter ones under an icon of the bottom bar, "" where it has no place there)
STUDYING = (
    ("learner:home", "home", _("我的班级"), _("班级")),
    ("learner:lessons", "book", _("课程"), _("课程")),
    ("learner:rounds", "chat", _("主题研讨"), _("研讨")),
    ("learner:outcomes", "pen", _("研修成果"), _("成果")),
    ("learner:exams", "doc", _("结业考试"), ""),
    ("learner:announcements", "mega", _("班级公告"), ""),
)
IN_PERSON = (("learner:attendance", "check", _("面授与考勤"), ""),)  # where the class has any
BESIDES = (
    ("learner:hours", "clock", _("我的学时"), ""),
    ("learner:result", "cert", _("证书与结果"), ""),
    ("learner:affairs", "vote", _("班级事务"), ""),
    ("learner:notices", "bell", _("消息"), ""),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A learner in a class."""

    training_class: TrainingClass
    enrolment: Enrolment


def own_place(request: FrameRequest, key: str) -> Place:
    """The viewer's own place in the class; NotVisible for a stranger, Refused for its staff."""
    training_class = class_for(request.viewer, key)
    require(can_study, request.viewer, training_class)
    enrolment = enrolment_of(request.viewer, training_class)
    if enrolment is None:
        raise Refused("not_registered", str(_("您还没有在本班注册（或已退班），请先完成注册或联系班主任。")))
    return Place(training_class, enrolment)


def _entries(group: Iterable[tuple[str, str, Any, Any]], key: str, here: str) -> list[dict[str, Any]]:
    return [
        {"href": reverse(name, args=[key]), "icon": icon, "words": words, "current": name == here, "tab": tab}
        for name, icon, words, tab in group
    ]


def learner_page(
    request: FrameRequest, place: Place, template: str, here: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a template that extends "learner/_shell.html". `here`: the route whose entry of the navigation is current."""
    key = place.training_class.key
    meets = context["meets"] if "meets" in context else has_sessions(place.training_class.pk)
    studying = _entries((*STUDYING[:2], *IN_PERSON, *STUDYING[2:]) if meets else STUDYING, key, here)
    besides = _entries(BESIDES, key, here)
    besides[-1]["count"] = unread = unread_count(request.viewer)
    shared = {
        "cls": place.training_class, "enrolment": place.enrolment, "studying": studying, "besides": besides, "unread": unread,
    }  # fmt: skip
    return render(request, template, shared | context, status=status)
