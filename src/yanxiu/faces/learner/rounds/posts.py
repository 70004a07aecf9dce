"""One post with its replies: reading, replying, changing, withdrawing, reporting."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import FrameRequest, wants_json
from yanxiu.faces.learner.rounds.forms import Writing, identity, sent
from yanxiu.faces.learner.rounds.pages import back_to, quoted_card, said_in
from yanxiu.faces.learner.rounds.writing import agree, quoted_post, saved
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.record.reports.quoting.actions import answer_quotation
from yanxiu.training.discussion.actions import autosave, edit_post, remove_post, reply, report_post
from yanxiu.training.discussion.models import Post
from yanxiu.training.discussion.queries import class_round
from yanxiu.training.discussion.reading import draft_of, post_card, post_of, replies_of, versions_of
from yanxiu.training.discussion.rules import why_not_now

__all__ = ["consent", "edit", "post", "post_draft", "report", "withdraw"]

HERE = "learner:rounds"


def _place(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> tuple[Place, Post]:
    place = own_place(request, key)
    return place, post_of(request.viewer, class_round(request.viewer, place.training_class, num), post)


def _thread_page(
    request: FrameRequest, place: Place, thread: Post, writing: Writing | None = None, *, status: int = 200,
    refused: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    viewer, round_ = request.viewer, thread.round
    form = writing or Writing.of(draft_of(viewer, round_, thread), identity(request.GET.get("quote", "")))
    card = post_card(viewer, thread)
    context: dict[str, Any] = {
        "round": round_,
        "card": card,
        "page": replies_of(viewer, thread, after=request.GET.get("after") or None),
        "closed": _("这条帖子已删除，不能再回帖。")
        if card.gone
        else why_not_now(round_, place.training_class, place.enrolment, clock.now()),
        "writing": form,
        "quoted": quoted_card(request, round_, form.quote),
        "versions": versions_of(viewer, thread) if card.is_mine and not card.gone else [],
        "said": said_in(request),
        "refused": refused,
    }
    return learner_page(request, place, "learner/rounds/post.html", HERE, context, status=status)


def post(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """The thread; a reply's address shows the thread it belongs to. POST replies."""
    place, found = _place(request, key, num, post)
    thread = found.parent or found
    thread.round = found.round
    if request.method != "POST":
        return _thread_page(request, place, thread)
    writing = sent(request)
    try:
        made = reply(
            request.viewer, found, body=writing.value, quoted=quoted_post(request, found.round, writing.quote),
            token=writing.token,
        )  # fmt: skip
    except Refused as refused:
        return _thread_page(request, place, thread, sent(request, refused), status=422)
    agree(request, made)
    return back_to("learner:post", key, num, thread.uuid, said="replied", done=writing.token, anchor=f"#p-{made.uuid}")


def post_draft(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """The draft of a reply."""
    place, found = _place(request, key, num, post)
    thread = found.parent or found
    thread.round = found.round
    writing = sent(request)
    try:
        draft = autosave(request.viewer, found.round, body=writing.value, parent=thread, token=writing.token)
    except Refused as refused:
        if wants_json(request):
            raise
        return _thread_page(request, place, thread, sent(request, refused), status=422)
    if wants_json(request):
        return saved(draft)
    return back_to("learner:post", key, num, thread.uuid, said="saved", done=writing.token, anchor="#write")


def edit(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """Change one's own post while the round is open."""
    place, found = _place(request, key, num, post)
    if found.author_id != request.viewer.person_id:
        raise NotVisible
    writing, status = Writing(uuid.uuid4(), found.html or found.body), 200
    if request.method == "POST":
        writing = sent(request)
        try:
            edit_post(request.viewer, found, body=writing.value)
        except Refused as refused:
            writing, status = sent(request, refused), 422
        else:
            thread = found.parent or found
            anchor = f"#p-{found.uuid}"
            return back_to("learner:post", key, num, thread.uuid, said="edited", done=writing.token, anchor=anchor)
    closed = why_not_now(found.round, place.training_class, place.enrolment, clock.now())
    context = {"round": found.round, "post": found, "writing": writing, "closed": closed}
    return learner_page(request, place, "learner/rounds/edit.html", HERE, context, status=status)


def withdraw(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """Take one's own post back; sent twice, it is taken back once."""
    _own, found = _place(request, key, num, post)
    if found.author_id != request.viewer.person_id:
        raise NotVisible
    if found.state != Post.State.REMOVED:
        remove_post(request.viewer, found, reason=_("作者撤回"))
    if found.parent is not None:
        return back_to("learner:post", key, num, found.parent.uuid, said="withdrawn")
    return back_to("learner:round", key, num, said="withdrawn")


def consent(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """同意 or 收回: may reports quote one's own post?"""
    place, found = _place(request, key, num, post)
    thread, quotable = found.parent or found, request.POST.get("quotable") == "1"
    try:
        answer_quotation(request.viewer, found, quotable=quotable)
    except Refused as refused:
        thread.round = found.round
        return _thread_page(request, place, thread, refused=refused, status=409)
    said = "agreed" if quotable else "disagreed"
    return back_to("learner:post", key, num, thread.uuid, said=said, anchor=f"#p-{found.uuid}")


def report(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """举报: a reason, once a person and post."""
    place, found = _place(request, key, num, post)
    card, refusal = post_card(request.viewer, found), None
    if request.method == "POST":
        try:
            report_post(request.viewer, found, reason=request.POST.get("reason", ""))
        except Refused as refused:
            refusal = refused
        else:
            return back_to("learner:post", key, num, card.thread, said="reported")
    context = {"round": found.round, "card": card, "refused": refusal, "typed": request.POST.get("reason", "")}
    status = 422 if refusal else 200
    return learner_page(request, place, "learner/rounds/report.html", HERE, context, status=status)
