"""The sheet of a session: saved page by page, filled, confirmed; afterwards read, and corrected line by line."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import managed_class, seen_class
from yanxiu.faces.staff.attendance.forms import clock_of, posted_marks, typed_of
from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, is_closed
from yanxiu.training.participation.attendance.confirming import confirm_sheet
from yanxiu.training.participation.attendance.correcting import corrections_of
from yanxiu.training.participation.attendance.marking import fill_sheet, save_marks
from yanxiu.training.participation.attendance.models import AttendanceState
from yanxiu.training.participation.attendance.queries import SheetRow, session_for, session_row, sheet, sheet_counts

__all__ = ["sheet_page", "show"]

ROWS = 50
_FILL = {"present": AttendanceState.PRESENT, "absent": AttendanceState.ABSENT}


def _line(row: SheetRow, zone: str, posted: Any) -> dict[str, Any]:
    """What the form shows: what was typed and refused, else what is stored, else what 签到 or leave propose."""
    pk = row.enrolment_id
    arrived = clock_of(row.arrived_at if row.state else row.proposed_arrival, zone)
    return {
        "row": row, "stored": typed_of(row, zone), "checked_in": clock_of(row.checked_in_at, zone),
        "state": posted.get(f"s-{pk}", row.state or row.proposal), "arrived": posted.get(f"a-{pk}", arrived),
        "left": posted.get(f"l-{pk}", clock_of(row.left_at, zone)),
    }  # fmt: skip


def show(request: FrameRequest, class_: TrainingClass, uuid: UUID, refused: Refused | None = None) -> HttpResponse:
    """The page, with what was refused and why."""
    found, only = session_for(class_, uuid), request.GET.get("only", "")
    row, counts = session_row(found), sheet_counts(found)
    posted = request.POST if refused and refused.code != "overtaken" else {}
    page = sheet(found, only=only, after=request.GET.get("after") or None, limit=ROWS)
    context = {
        "class": class_, "row": row, "session": found, "counts": counts, "only": only, "page": page,
        "lines": [_line(each, class_.zone, posted) for each in page.rows], "states": AttendanceState.choices,
        "chips": [(state, label, counts[state]) for state, label in AttendanceState.choices],
        "unmarked": counts[""], "left_over": counts[""] - counts["known"],
        "may_manage": can_manage(request.viewer, class_) and not is_closed(class_), "me": request.viewer.person_id,
        "corrections": corrections_of(found), "refused": refused, "typed": posted, "after": request.GET.get("after", ""),
        "query": urlencode({name: value for name in ("only", "after") if (value := request.GET.get(name, ""))}),
        "done": request.GET.get("done", ""),
    }  # fmt: skip
    return render(request, "staff/attendance/sheet.html", context, status=422 if refused else 200)


def _carried_out(request: FrameRequest, class_: TrainingClass, uuid: UUID) -> str:
    """What the page holds is saved whatever the button; then what the button says."""
    found, then = session_for(class_, uuid), request.POST.get("then", "")
    if then not in {"save", "confirm", *_FILL}:
        raise Refused("bad_step", _("请选择保存、登记其余的人或确认考勤。"))
    if then == "confirm" and not request.POST.get("sure"):
        raise Refused("unsure", _("请先勾选“已经核对”，再确认考勤。"), field="sure")
    if marks := posted_marks(found, request.POST.dict()):
        save_marks(request.viewer, found, marks)
    if then in _FILL:
        fill_sheet(request.viewer, found, state=_FILL[then])
    elif then == "confirm":
        confirm_sheet(request.viewer, found)
    return then


def sheet_page(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """GET for the staff; POST for who manages the class."""
    if request.method != "POST":
        return show(request, seen_class(request, key), uuid)
    class_ = managed_class(request, key)
    try:
        done = _carried_out(request, class_, uuid)
    except Refused as refused:
        return show(request, class_, uuid, refused)
    kept = {name: value for name in ("only", "after") if (value := request.GET.get(name, "")) and done == "save"}
    return HttpResponseRedirect(f"{reverse('staff:session', args=[key, uuid])}?{urlencode(kept | {'done': done})}")
