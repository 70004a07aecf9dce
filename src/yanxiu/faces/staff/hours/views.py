"""Appeals of a class and its flags. Who may do what with an appeal is asked again by the action."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import seen_class
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import names_of
from yanxiu.study.integrity.actions import confirm_appeal, decline_appeal, propose_appeal, reject_appeal
from yanxiu.study.integrity.queries import (
    AppealRow,
    appeal_counts,
    appeal_for,
    appeals_of_class,
    flag_counts,
    flags_of_class,
)
from yanxiu.study.integrity.wording import FLAG_NAMES
from yanxiu.study.models import Appeal
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, is_closed
from yanxiu.training.courses.queries import class_lessons

__all__ = ["decide", "flags", "hours"]

STATES = ("waiting", "upheld", "rejected", "withdrawn", "")
ROWS = 30


def _shown(
    request: FrameRequest, class_: TrainingClass, rows: Iterable[AppealRow], manages: bool
) -> list[dict[str, Any]]:
    """Rows with names, and what this viewer may do with each."""
    held = list(rows)
    names = names_of(person for row in held for person in (row.person_id, row.decided_by, row.second))
    titles = {lesson.lesson_id: lesson for lesson in class_lessons(class_.pk)} if held else {}
    me = request.viewer.person_id
    return [
        {
            "row": row,
            "name": names.get(row.person_id, ""),
            "lesson": titles.get(row.lesson_id),
            "decided_by": names.get(row.decided_by or 0, ""),
            "second": names.get(row.second or 0, ""),
            "may_decide": row.state == "open" and manages and row.person_id != me,
            "may_confirm": row.state == "proposed" and me not in {row.decided_by, row.person_id},
        }
        for row in held
    ]


def _page(request: FrameRequest, class_: TrainingClass, refused: Refused | None = None) -> HttpResponse:
    state = request.GET.get("state", "waiting")
    state = state if state in STATES else "waiting"
    page = appeals_of_class(class_.pk, state=state, after=request.GET.get("after") or None, limit=ROWS)
    counts, manages = appeal_counts(class_.pk), can_manage(request.viewer, class_) and not is_closed(class_)
    context = {
        "class": class_,
        "state": state,
        "page": page,
        "appeals": _shown(request, class_, page.rows, manages),
        "waiting": counts.get("open", 0) + counts.get("proposed", 0),
        "flagged": sum(flag_counts(class_.pk).values()),
        "refused": refused,
        "done": request.GET.get("done", ""),
        "after": request.GET.get("after", ""),
    }
    return render(request, "staff/hours/appeals.html", context, status=422 if refused else 200)


def hours(request: FrameRequest, key: str) -> HttpResponse:
    """Appeals: what waits first, the oldest on top."""
    return _page(request, seen_class(request, key))


def flags(request: FrameRequest, key: str) -> HttpResponse:
    """Flags, the latest first, of one kind or all."""
    class_ = seen_class(request, key)
    kind = request.GET.get("kind", "")
    kind = kind if kind in FLAG_NAMES else ""
    page = flags_of_class(class_.pk, kind=kind, after=request.GET.get("after") or None, limit=ROWS)
    counts, waiting = flag_counts(class_.pk), appeal_counts(class_.pk)
    names = names_of(row.person_id for row in page.rows)
    context = {
        "class": class_,
        "kind": kind,
        "kinds": [{"kind": each, "name": name, "count": counts.get(each, 0)} for each, name in FLAG_NAMES.items()],
        "page": page,
        "flags": [{"row": row, "name": names.get(row.person_id, "")} for row in page.rows],
        "waiting": waiting.get("open", 0) + waiting.get("proposed", 0),
        "flagged": sum(counts.values()),
        "after": request.GET.get("after", ""),
    }
    return render(request, "staff/hours/flags.html", context)


def decide(request: FrameRequest, key: str, appeal: int) -> HttpResponse:
    """`then`: propose, reject, confirm or decline; `answer` says why."""
    class_ = seen_class(request, key)
    try:
        _decided(request, class_, appeal_for(class_.pk, appeal))
    except Refused as refused:
        return _page(request, class_, refused)
    return HttpResponseRedirect(f"{reverse('staff:hours', args=[key])}?done={request.POST['then']}")


def _decided(request: FrameRequest, class_: TrainingClass, appeal: Appeal) -> Appeal:
    if is_closed(class_):
        raise Refused("class_frozen", _("本班数据已冻结，学时不能再更正。"))
    viewer, answer = request.viewer, request.POST.get("answer", "")
    match request.POST.get("then"):
        case "propose":
            return propose_appeal(viewer, appeal, answer=answer)
        case "reject":
            return reject_appeal(viewer, appeal, answer=answer)
        case "confirm":
            return confirm_appeal(viewer, appeal, zone=class_.zone)
        case "decline":
            return decline_appeal(viewer, appeal)
    raise Refused("bad_step", _("请选择同意、不同意或复核。"))
