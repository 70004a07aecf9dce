"""The list of lessons, one lesson, and the practice lesson."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yanxiu.core.policy import Policy
from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.lessons.rows import KindRows, by_kind, next_lesson
from yanxiu.faces.learner.lessons.words import player_words
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.study.policies.queries import policy_of_class
from yanxiu.study.positions import Shown, shown_of
from yanxiu.study.queries import credited_by_lesson
from yanxiu.training.courses.electives.queries import chosen_courses
from yanxiu.training.courses.media.queries import LessonMedia, article_of, lesson_media
from yanxiu.training.courses.practice.queries import practice_lesson
from yanxiu.training.courses.queries import class_lessons, lesson_for_session
from yanxiu.training.participation.attendance.queries import has_sessions

__all__ = ["lesson", "lessons", "practice"]

RATES = (0.75, 1.0, 1.25, 1.5, 1.75, 2.0)


def _curriculum(place: Place) -> tuple[list[KindRows], Policy]:
    policy = policy_of_class(place.training_class.pk, clock.now())
    credited = credited_by_lesson(place.enrolment.pk)
    lessons = [lesson for lesson in class_lessons(place.training_class.pk) if lesson.is_online]
    return by_kind(lessons, credited, policy.complete_ratio, chosen_courses(place.enrolment)), policy


def lessons(request: FrameRequest, key: str) -> HttpResponse:
    """Every course of the curriculum with what is counted; the lesson to go on with first."""
    place = own_place(request, key)
    kinds, _policy = _curriculum(place)
    going_on = next_lesson(kinds)
    context: dict[str, Any] = {"kinds": kinds, "next": going_on, "has_practice": practice_lesson() is not None}
    context["stopped"] = _stopped(request, place, going_on.lesson.lesson_id) if going_on else ""
    context["meets"] = has_sessions(place.training_class.pk)
    return learner_page(request, place, "learner/lessons/lessons.html", "learner:lessons", context)


def lesson(request: FrameRequest, key: str, lesson: int) -> HttpResponse:
    """The player, or the reading. Open in a closed class too: it then says that nothing counts."""
    place = own_place(request, key)
    kinds, policy = _curriculum(place)
    found = [(kind, row) for kind in kinds for row in kind.rows if row.lesson.lesson_id == lesson]
    if not found:
        raise NotVisible
    kind, row = found[0]
    shown = shown_of(
        place.enrolment.person_id, place.enrolment.pk, lesson, row.lesson.version, policy.seek_slack_ms
    ) if row.lesson.media == "video" else Shown()  # fmt: skip
    stopped = _stopped(request, place, lesson)
    page = {
        "enrolment": place.enrolment.pk, "lesson": lesson, "practice": False, "duration": row.lesson.duration_ms,
        "credited": row.credited_ms, "seen": shown.seen, "last": shown.last_ms, "frontier": shown.frontier_ms,
        "stopped": stopped, "words": player_words(reading=row.lesson.media == "reading"),
    }  # fmt: skip
    rows = kind.rows
    place_in = rows.index(row)
    context = {
        "row": row, "kind": kind, "stopped": stopped, "article": article_of(lesson) if row.lesson.media == "reading" else "",
        "after": rows[place_in + 1] if place_in + 1 < len(rows) else None,
        "before": rows[place_in - 1] if place_in else None,
    }  # fmt: skip
    template = "learner/lessons/reading.html" if row.lesson.media == "reading" else "learner/lessons/lesson.html"
    return _player(request, place, template, context, policy=policy, page=page, media=lesson_media(lesson))


def practice(request: FrameRequest, key: str) -> HttpResponse:
    """A minute to try everything on. Nothing is sent, so nothing can be counted."""
    place = own_place(request, key)
    found = practice_lesson()
    if found is None:
        raise NotVisible
    policy = policy_of_class(place.training_class.pk, clock.now())
    page = {
        "enrolment": place.enrolment.pk, "lesson": found.pk, "practice": True, "duration": found.duration_ms,
        "credited": 0, "seen": (), "last": 0, "frontier": 0, "stopped": "", "words": player_words(practice=True),
    }  # fmt: skip
    context: dict[str, Any] = {"practice": found}
    media = lesson_media(found.pk)
    return _player(request, place, "learner/lessons/practice.html", context, policy=policy, page=page, media=media)


def _stopped(request: FrameRequest, place: Place, lesson: int) -> str:
    """Why nothing of this lesson counts now; "" where it does."""
    try:
        lesson_for_session(request.viewer, place.enrolment.pk, lesson)
    except Refused as refused:
        return str(refused)
    return ""


def _player(
    request: FrameRequest,
    place: Place,
    template: str,
    context: dict[str, Any],
    *,
    policy: Policy,
    page: dict[str, Any],
    media: LessonMedia,
) -> HttpResponse:
    page |= {
        "user": f"{request.viewer.account_id}", "tops_up": policy.replay_tops_up, "zone": place.training_class.zone,
        "rates": [rate for rate in RATES if rate <= policy.max_rate] or [1.0],
        "slack": policy.seek_slack_ms if policy.first_view_seek and not page["practice"] else None,
    }  # fmt: skip
    scale = 1000 / page["duration"]
    context |= {
        "page": page, "media": media, "policy": policy, "answer_seconds": policy.challenge_answer_ms // 1000,
        "parts": [(round(a * scale, 2), round((b - a) * scale, 2)) for a, b in page["seen"]],
        "qualities": [(video, _("清晰") if video.kind == "video" else _("流畅")) for video in media.videos],
    }  # fmt: skip
    return learner_page(request, place, template, "learner:lessons", context)
