"""The buttons of a piece: each does one thing and leads back to the piece."""

from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest, wants_json
from yanxiu.faces.learner.shell import Place
from yanxiu.faces.learner.writing.desk import Typed, piece_url
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.outcomes import actions, writing
from yanxiu.training.outcomes.attachments.actions import add_attachment, remove_attachment
from yanxiu.training.outcomes.models import Outcome, OutcomeComment, WritingState
from yanxiu.training.outcomes.similarity.actions import ask_check

__all__ = ["pressed"]

Button = Callable[[FrameRequest, Outcome], str]


def _number(request: FrameRequest, name: str) -> int:
    value = request.POST.get(name, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 18):
        raise NotVisible
    return int(value)


def _conflict() -> Refused:
    return Refused(
        "conflict",
        _("另一个窗口或设备保存过更新的内容。您这一份没有覆盖它，已另存为副本；刷新本页可以比较，再决定用哪一份。"),
    )


def _saved(request: FrameRequest, outcome: Outcome, typed: Typed) -> writing.Saved:
    saved = writing.save_copy(
        request.viewer, outcome, title=typed.title, body=typed.body, page=typed.token, edition=typed.edition
    )
    if not saved.is_main:
        raise _conflict()
    return saved


def _submit(request: FrameRequest, outcome: Outcome) -> str:
    if outcome.state == WritingState.RETURNED:
        actions.resubmit_outcome(request.viewer, outcome)
    else:
        actions.submit_outcome(request.viewer, outcome)
    return "submitted"


def _keep(request: FrameRequest, outcome: Outcome) -> str:
    writing.keep_version(request.viewer, outcome)
    return "kept"


def _check(request: FrameRequest, outcome: Outcome) -> str:
    """What is checked is kept as a version, so that the marks fit the text."""
    writing.keep_version(request.viewer, outcome)
    ask_check(request.viewer, outcome)
    return "checking"


def _withdraw(request: FrameRequest, outcome: Outcome) -> str:
    actions.withdraw_outcome(request.viewer, outcome)
    return "withdrawn"


def _reopen(request: FrameRequest, outcome: Outcome) -> str:
    writing.reopen_outcome(request.viewer, outcome)
    return "reopened"


def _comment(request: FrameRequest, outcome: Outcome) -> str:
    given = request.POST
    actions.comment_outcome(request.viewer, outcome, body=given.get("comment", ""), token=given.get("token", ""))
    return "commented"


def _uncomment(request: FrameRequest, outcome: Outcome) -> str:
    comment = OutcomeComment(pk=_number(request, "of"), outcome=outcome)
    actions.remove_comment(request.viewer, comment, reason=request.POST.get("reason", ""))
    return "uncommented"


def _attach(request: FrameRequest, outcome: Outcome) -> str:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise Refused("file_empty", _("请先选择文件。"), field="file")
    add_attachment(request.viewer, outcome, name=file.name or "", data=file.read())
    return "attached"


def _detach(request: FrameRequest, outcome: Outcome) -> str:
    remove_attachment(request.viewer, outcome, _number(request, "of"))
    return "detached"


def _allow(request: FrameRequest, outcome: Outcome) -> str:
    writing.set_quotable(request.viewer, outcome, quotable=request.POST.get("quotable") == "1")
    return "consented"


def _take(request: FrameRequest, outcome: Outcome) -> str:
    writing.settle_side_copy(request.viewer, outcome, _number(request, "of"), take=True)
    return "taken"


def _drop(request: FrameRequest, outcome: Outcome) -> str:
    writing.settle_side_copy(request.viewer, outcome, _number(request, "of"), take=False)
    return "dropped"


BUTTONS: dict[str, Button] = {
    "submit": _submit, "keep": _keep, "check": _check, "withdraw": _withdraw, "reopen": _reopen, "comment": _comment,
    "uncomment": _uncomment, "attach": _attach, "detach": _detach, "consent": _allow, "take": _take, "drop": _drop,
}  # fmt: skip


def pressed(request: FrameRequest, place: Place, outcome: Outcome, typed: Typed | None) -> HttpResponse:
    """Save what was typed, if anything, then do what the button says; without a button this is the autosave."""
    key, name = place.training_class.key, request.POST.get("do", "")
    if typed is not None:
        saved = _saved(request, outcome, typed)
        if wants_json(request):
            body = {"saved_at": saved.saved_at.isoformat(), "edition": saved.edition, "characters": saved.characters}
            return JsonResponse(body)
    done = f"&done={typed.token}" if typed is not None else ""
    if name not in BUTTONS:
        if typed is None:
            raise NotVisible
        return HttpResponseRedirect(piece_url(key, outcome, f"?said=saved{done}"))
    word = BUTTONS[name](request, outcome)
    return HttpResponseRedirect(piece_url(key, outcome, f"?said={word}{done}"))
