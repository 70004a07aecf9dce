"""Where a learner lands: the next step first, the class's days, what is asked, how far they are, what was said to them."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.faces.frame.learning.dues import Todo, address, next_step, todo, verdict_step
from yanxiu.faces.frame.learning.meetings import nearest
from yanxiu.faces.frame.learning.path import blockers, way_sentence
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.home.card import card_of
from yanxiu.faces.learner.home.feed import feed_of
from yanxiu.faces.learner.home.line import line_of
from yanxiu.faces.learner.home.schedule import calendar, entries
from yanxiu.faces.learner.shell import learner_page, own_place
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.queries import NextLesson, agenda, outlook, said_to
from yanxiu.record.certificates.queries import own_certificate
from yanxiu.study.positions import shown_of
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.queries import contacts
from yanxiu.training.courses.practice.queries import practice_lesson
from yanxiu.training.notices.queries import announcements_of

__all__ = ["home", "schedule", "schedule_file"]


def _position(enrolment: Enrolment, found: NextLesson | None) -> int | None:
    """Where the video was left, from the ledger; None for a reading, or one not begun or seen to its end."""
    if found is None or not found.is_started or found.lesson.media != "video":
        return None
    shown = shown_of(enrolment.person_id, enrolment.pk, found.lesson.lesson_id, found.lesson.version)
    return shown.last_ms if 0 < shown.last_ms < found.lesson.duration_ms else None


def _day_of(class_: TrainingClass) -> str:
    """第 25 天，共 42 天; nothing outside the class's days."""
    today = clock.now().astimezone(ZoneInfo(class_.zone)).date()
    whole, past = (class_.ends_on - class_.starts_on).days + 1, (today - class_.starts_on).days + 1
    return _("第 %(day)d 天，共 %(days)d 天") % {"day": past, "days": whole} if 1 <= past <= whole else ""


def _is_new(found: NextLesson | None) -> bool:
    """Has nothing been counted yet? Then the practice lesson is worth a minute."""
    return found is not None and not found.is_started and not found.kind_ms and practice_lesson() is not None


def _settled(line: Todo, phase: str) -> Todo:
    """What was not done in a class that is closed is a fact, no longer an alarm."""
    return replace(line, look="") if phase == "closed" and not line.done else line


def home(request: FrameRequest, key: str) -> HttpResponse:
    """Read only; every number is of one and the same state of the records."""
    place = own_place(request, key)
    class_, enrolment = place.training_class, place.enrolment
    with snapshot():
        found, out = agenda(class_, enrolment), outlook(class_, enrolment.pk)
        news, said = announcements_of(request.viewer, class_, limit=5), said_to(enrolment)
        managers = [one for one in contacts(request.viewer) if one.short_name == class_.short_name]
    todos = [_settled(todo(class_, due), found.phase) for due in nearest(found.dues)]
    step = next_step(class_, found, _position(enrolment, found.lesson))
    if found.phase == "closed" and out is not None and out.is_final:
        step = verdict_step(step, found, out, has_certificate=own_certificate(request.viewer, enrolment) is not None)
    context = {
        "agenda": found, "meets": found.meets, "step": step, "timeline": line_of(class_, found), "todos": todos,
        "left": sum(not one.done for one in todos), "feed": feed_of(class_, news, said), "managers": managers,
        "card": card_of(out) if out else None, "way": way_sentence(out) if out else "", "out": out,
        "blockers": blockers(out) if out else [], "day_of": _day_of(class_), "news_href": address("learner:announcements", key),
        "hours_href": address("learner:hours", key), "is_new": _is_new(found.lesson),
    }  # fmt: skip
    return learner_page(request, place, "learner/home/home.html", "learner:home", context)


def schedule(request: FrameRequest, key: str) -> HttpResponse:
    """All dates of the class."""
    place = own_place(request, key)
    rows = entries(place.training_class, agenda(place.training_class, place.enrolment))
    return learner_page(request, place, "learner/home/schedule.html", "learner:home", {"entries": rows})


def schedule_file(request: FrameRequest, key: str) -> HttpResponse:
    """The same as a calendar file for a phone."""
    place = own_place(request, key)
    rows = entries(place.training_class, agenda(place.training_class, place.enrolment))
    response = HttpResponse(calendar(place.training_class, rows), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.training_class.key}.ics"'
    return response
