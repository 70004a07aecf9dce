"""One page; appeals are made and withdrawn on it."""

from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from yanxiu.faces.frame.learning.words import amount, label_of, short_amount
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.hours.rows import Hours, hours_of
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.snapshot import snapshot
from yanxiu.people.queries import names_of
from yanxiu.record.assessment.queries import outlook
from yanxiu.study.integrity.actions import make_appeal, withdraw_appeal
from yanxiu.study.integrity.queries import AppealRow, appeal_for, flags_of_enrolment, own_appeals
from yanxiu.study.integrity.wording import REASONS
from yanxiu.study.policies.queries import policy_of_class
from yanxiu.study.queries import credited_by_day, digested_at, uncounted_by_day
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.courses.queries import class_lessons

__all__ = ["appeal", "hours", "withdraw"]

MINUTE = 60_000


def _missing(place: Place) -> list[dict[str, str]]:
    """Conditions on study time that are not met yet: what, how much there is, how much is asked."""
    found = outlook(place.training_class, place.enrolment.pk)
    return [
        {
            "label": label_of(line),
            "have": short_amount(line.have, line.unit_zh),
            "need": amount(line.need, line.unit_zh),
            "left": amount(
                -(-(line.need - line.have) // MINUTE) * MINUTE, line.unit_zh
            ),  # a minute begun is still to be studied
        }
        for line in (found.lines if found else ())
        if line.unit_zh == "分钟" and not line.ok and line.have < line.need
    ]


def _appeals(rows: list[AppealRow], titles: dict[int, str]) -> list[dict[str, Any]]:
    names = names_of(person for row in rows for person in (row.decided_by, row.second))
    return [
        {
            "row": row,
            "lesson": titles.get(row.lesson_id, str(row.lesson_id)),
            "decided_by": names.get(row.decided_by or 0, ""),
            "second": names.get(row.second or 0, ""),
        }
        for row in rows
    ]


def _wanted(request: FrameRequest, found: Hours) -> dict[str, Any] | None:
    """The span the learner is about to appeal, from the address or from a form that was refused."""
    asked = request.POST if request.method == "POST" else request.GET
    for day in found.days:
        for lesson in day.lessons:
            for span in lesson.spans:
                if (
                    asked.get("lesson") == str(lesson.lesson_id)
                    and asked.get("day") == day.day.isoformat()
                    and asked.get("reason") == span.lost.reason
                ):
                    return {"day": day.day, "lesson": lesson, "span": span}
    return None


def _page(request: FrameRequest, place: Place, refused: Refused | None = None) -> HttpResponse:
    class_, enrolment = place.training_class, place.enrolment
    with snapshot():
        lessons, appeals = class_lessons(class_.pk), own_appeals(enrolment.pk)
        found = hours_of(lessons, credited_by_day(enrolment.pk), uncounted_by_day(enrolment.pk), appeals)
        context: dict[str, Any] = {
            "hours": found,
            "flags": flags_of_enrolment(enrolment.pk),
            "as_of": digested_at(),
            "missing": _missing(place),
        }
    policy = policy_of_class(class_.pk)
    context |= {
        "appeals": _appeals(appeals, {lesson.lesson_id: lesson.lesson_title for lesson in lessons}),
        "wanted": _wanted(request, found),
        "challenges": policy.challenges,
        "may_appeal": not is_closed(class_),
        "unproven": REASONS["unproven"],
        "refused": refused,
        "typed": request.POST.get("text", "") if refused else "",
        "done": request.GET.get("done", ""),
    }
    return learner_page(
        request, place, "learner/hours/hours.html", "learner:hours", context, status=422 if refused else 200
    )


def hours(request: FrameRequest, key: str) -> HttpResponse:
    return _page(request, own_place(request, key))


def _back(key: str, done: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('learner:hours', args=[key])}?done={done}#appeals")


def appeal(request: FrameRequest, key: str) -> HttpResponse:
    """申诉: lesson, day and reason name the span, `text` says why."""
    place = own_place(request, key)
    try:
        _appealed(request, place)
    except Refused as refused:
        return _page(request, place, refused)
    return _back(key, "appealed")


def _appealed(request: FrameRequest, place: Place) -> None:
    if is_closed(place.training_class):
        raise Refused("class_frozen", _("本班数据已冻结，不再受理申诉；如有差错，请联系班主任。"))
    asked = request.POST
    day, lesson = _day(asked.get("day", "")), asked.get("lesson", "")
    if day is None or not (lesson.isascii() and lesson.isdigit()):
        raise Refused("bad_span", _("没有选中要申诉的时间，请从下面的列表里点“申诉”。"))
    make_appeal(
        request.viewer, class_id=place.training_class.pk, enrolment_id=place.enrolment.pk, lesson_id=int(lesson[:18]),
        day=day, reason=asked.get("reason", "")[:24], text=asked.get("text", ""),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # 2017-02-30
        return None


def withdraw(request: FrameRequest, key: str, appeal: int) -> HttpResponse:
    """Only the learner's own."""
    place = own_place(request, key)
    found = appeal_for(place.training_class.pk, appeal)
    if found.enrolment_id != place.enrolment.pk:
        raise NotVisible
    try:
        withdraw_appeal(request.viewer, found)
    except Refused as refused:
        return _page(request, place, refused)
    return _back(key, "withdrawn")
