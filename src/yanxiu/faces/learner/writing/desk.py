"""What a page of writing is made of, and how its form is read."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from yanxiu.core.text import count_characters
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.shell import Place, learner_page
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.richtext import clean
from yanxiu.training.outcomes.attachments.queries import attachments_of
from yanxiu.training.outcomes.models import Outcome
from yanxiu.training.outcomes.pieces import Writing, writing_of
from yanxiu.training.outcomes.queries import comments_of, outcome_for, versions_of
from yanxiu.training.outcomes.rules import EDITABLE
from yanxiu.training.outcomes.similarity.queries import own_checks
from yanxiu.training.outcomes.tasks.queries import TaskRow, task_rows

__all__ = ["Typed", "list_page", "piece_in", "piece_page", "piece_url", "said", "typed_in"]

STATUS = {
    "not_allowed": 403, "wrong_state": 409, "conflict": 409, "class_frozen": 409, "no_checks_left": 409,
    "too_many_pieces": 409, "late": 409, "class_window_closed": 409, "too_many_files": 409,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the editor's form; `token` names the open page."""

    title: str
    body: str
    token: str
    edition: int


def typed_in(request: FrameRequest) -> Typed:
    """Whatever is missing makes the save that of an unknown page on an unknown state."""
    token = request.POST.get("token", "")
    edition = request.POST.get("edition", "")
    return Typed(
        request.POST.get("title", ""), request.POST.get("body", ""),
        token if token.isalnum() and len(token) <= 40 else secrets.token_hex(16),
        int(edition) if edition.isdecimal() and edition.isascii() and len(edition) < 10 else 0,
    )  # fmt: skip


def piece_in(request: FrameRequest, place: Place, piece: object) -> Outcome:
    """A piece of this very class that the viewer may read."""
    found = outcome_for(request.viewer, str(piece))
    if found.enrolment.training_class_id != place.training_class.pk:
        raise NotVisible
    return found


def piece_url(key: str, outcome: Outcome, query: str = "") -> str:
    return reverse("learner:outcome", args=[key, outcome.uuid]) + query


def said(request: FrameRequest, refused: Refused) -> JsonResponse:
    """A refusal as the page's script reads it."""
    body = {"code": refused.code, "message": str(refused), "field": refused.field}
    return JsonResponse(body, status=STATUS.get(refused.code, 422))


def _shown(writing: Writing, typed: Typed | None) -> Writing:
    """After a refusal, what was typed stays in the form."""
    if typed is None:
        return writing
    text = clean(typed.body)
    return replace(writing, title=typed.title, body=text.text, html=text.form, characters=count_characters(text.text))


def _editing(
    request: FrameRequest, place: Place, outcome: Outcome, task: TaskRow, typed: Typed | None
) -> dict[str, Any]:
    writing = writing_of(request.viewer, outcome)
    checks, left = own_checks(request.viewer, outcome)
    return {
        "writing": _shown(writing, typed),
        "stored": writing,
        "token": typed.token if typed else secrets.token_hex(16),
        "edition": typed.edition if typed else writing.edition,
        "checks": checks,
        "checks_left": left,
        "is_checking": any(check.is_under_way for check in checks),
        "accepts": ",".join(f".{kind}" for kind in task.file_kinds).replace(".jpg", ".jpg,.jpeg"),
    }


def piece_page(
    request: FrameRequest, place: Place, outcome: Outcome, *, refused: Refused | None = None, typed: Typed | None = None
) -> HttpResponse:
    """The editor for its author while it may be changed; else the piece to read."""
    viewer = request.viewer
    task = task_rows(viewer, place.training_class, place.enrolment)[outcome.kind]
    is_own = outcome.enrolment.person_id == viewer.person_id
    context: dict[str, Any] = {
        "piece": outcome,
        "task": task,
        "is_own": is_own,
        "files": attachments_of(outcome),
        "refused": refused,
        "said": request.GET.get("said", "") if refused is None else "",
    }
    status = STATUS.get(refused.code, 422) if refused else 200
    if is_own and outcome.state in EDITABLE:
        context |= _editing(request, place, outcome, task, typed)
        context["comments"] = comments_of(viewer, outcome, limit=200) if outcome.submitted_at else None
        return learner_page(request, place, "learner/writing/edit.html", "learner:outcomes", context, status=status)
    version = versions_of(viewer, outcome)[-1:]
    context |= {
        "version": version[0] if version else None,
        "comments": comments_of(viewer, outcome, after=request.GET.get("after") or None, limit=100),
        "comment": request.POST.get("comment", "") if refused else "",
        "token": secrets.token_hex(16),
        "unsaved": clean(typed.body).text if typed else "",
    }
    return learner_page(request, place, "learner/writing/read.html", "learner:outcomes", context, status=status)


def list_page(request: FrameRequest, place: Place, context: dict[str, Any], refused: Refused | None) -> HttpResponse:
    status = STATUS.get(refused.code, 422) if refused else 200
    return learner_page(
        request,
        place,
        "learner/writing/outcomes.html",
        "learner:outcomes",
        context | {"refused": refused},
        status=status,
    )
