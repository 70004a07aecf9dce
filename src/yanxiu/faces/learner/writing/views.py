"""Pages of outcomes and reflections; every button of a piece is one POST to its own address."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header

from yanxiu.core.changes import changes
from yanxiu.faces.frame.requests import FrameRequest, wants_json
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.faces.learner.writing.buttons import pressed
from yanxiu.faces.learner.writing.desk import Typed, list_page, piece_in, piece_page, piece_url, said, typed_in
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.richtext import clean
from yanxiu.training.classes.rules import is_closed
from yanxiu.training.outcomes.attachments.queries import download
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.pieces import fellow_pieces, own_pieces
from yanxiu.training.outcomes.queries import VersionRow, versions_of
from yanxiu.training.outcomes.similarity.queries import own_text
from yanxiu.training.outcomes.tasks.queries import task_rows
from yanxiu.training.outcomes.writing import start_outcome

__all__ = ["attachment", "outcome", "outcomes", "overlap", "versions"]

KINDS = ("outcome", "reflection")


def _lists(request: FrameRequest, place: Place) -> dict[str, Any]:
    """Each kind that is asked for (outcomes always) with the learner's own pieces of it."""
    viewer, cls = request.viewer, place.training_class
    tasks, mine = task_rows(viewer, cls, place.enrolment), own_pieces(viewer, cls)
    groups = [
        {
            "task": tasks[kind],
            "pieces": [piece for piece in mine if piece.kind == kind],
            "may_start": not is_closed(cls)
            and (
                not tasks[kind].is_set
                or sum(piece.kind == kind and piece.state != "withdrawn" for piece in mine) < tasks[kind].pieces
            ),
        }
        for kind in KINDS
        if kind == "outcome" or tasks[kind].is_set or any(piece.kind == kind for piece in mine)
    ]
    after = request.GET.get("after") or None
    return {"groups": groups, "page": fellow_pieces(viewer, cls, after=after), "after": after}


def outcomes(request: FrameRequest, key: str) -> HttpResponse:
    """What is asked for, one's own pieces, the others'. POST begins a piece."""
    place = own_place(request, key)
    refused = None
    if request.method == "POST":
        try:
            begun = start_outcome(request.viewer, place.enrolment, request.POST.get("kind", "outcome"))
            return HttpResponseRedirect(piece_url(key, begun))
        except Refused as why:
            refused = why
    return list_page(request, place, _lists(request, place), refused)


def _is_handed_in(request: FrameRequest, now: Outcome, typed: Typed) -> bool:
    """Is what was typed what stands in the newest version already?"""
    rows = versions_of(request.viewer, now)
    return bool(rows) and rows[-1].body == clean(typed.body).text


def outcome(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """The editor, or the piece to read. A refusal keeps what was typed on the page."""
    place = own_place(request, key)
    found = piece_in(request, place, uuid)
    if request.method != "POST":
        return piece_page(request, place, found)
    typed: Typed | None = typed_in(request) if "body" in request.POST else None
    try:
        return pressed(request, place, found, typed)
    except Refused as refused:
        if wants_json(request):
            return said(request, refused)
        now = piece_in(request, place, uuid)
        if refused.code == "wrong_state" and typed is not None and _is_handed_in(request, now, typed):
            return HttpResponseRedirect(piece_url(key, now))  # the same button twice: the first did it
        return piece_page(request, place, now, refused=refused, typed=typed)


def _version(rows: list[VersionRow], asked: str, default: VersionRow) -> VersionRow:
    return next((row for row in rows if str(row.num) == asked), default)


def versions(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """Every version of one's own piece, and what differs between two of them."""
    place = own_place(request, key)
    found = piece_in(request, place, uuid)
    if found.enrolment.person_id != request.viewer.person_id:
        raise NotVisible
    rows = versions_of(request.viewer, found)
    context: dict[str, Any] = {"piece": found, "rows": rows}
    if rows:
        new = _version(rows, request.GET.get("b", ""), rows[-1])
        old = _version(rows, request.GET.get("a", ""), rows[max(0, rows.index(new) - 1)])
        context |= {"old": old, "new": new, "changes": changes(old.body, new.body) if old.num != new.num else ()}
    return learner_page(request, place, "learner/writing/versions.html", "learner:outcomes", context)


def overlap(request: FrameRequest, key: str, uuid: UUID) -> HttpResponse:
    """One's own text with what other pieces have too; whose they are is not said."""
    place = own_place(request, key)
    found = piece_in(request, place, uuid)
    num = request.GET.get("check", "")
    check, stretches = own_text(request.viewer, found, int(num) if num.isdecimal() and len(num) < 4 else 0)
    context = {"piece": found, "check": check, "stretches": stretches}
    return learner_page(request, place, "learner/writing/overlap.html", "learner:outcomes", context)


def attachment(request: FrameRequest, key: str, uuid: UUID, file: int) -> HttpResponse:
    """A download for whoever may read the piece; never shown inside a page of this site."""
    place = own_place(request, key)
    held = download(piece_in(request, place, uuid), file)
    headers = {
        "Content-Disposition": content_disposition_header(True, held.name) or "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(held.data, held.content_type, headers=headers)
