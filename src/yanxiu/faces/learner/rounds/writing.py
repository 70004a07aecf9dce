"""Writing a post: drafts saved by themselves, publishing once. A refusal keeps the text on the page."""

import uuid

from django.http import HttpResponse, JsonResponse

from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import FrameRequest, wants_json
from yanxiu.faces.learner.rounds.forms import sent
from yanxiu.faces.learner.rounds.pages import back_to, round_page
from yanxiu.faces.learner.shell import own_place
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.record.reports.quoting.actions import answer_quotation
from yanxiu.training.discussion.actions import autosave, publish_post
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.discussion.queries import class_round
from yanxiu.training.discussion.reading import post_of

__all__ = ["agree", "quoted_post", "round_", "round_draft", "saved"]


def quoted_post(request: FrameRequest, round_: DiscussionRound, quote: uuid.UUID | None) -> Post | None:
    """The post quoted; one that is gone is refused by the action, one of another round does not exist."""
    if quote is None:
        return None
    try:
        return post_of(request.viewer, round_, quote)
    except NotVisible:
        return None


def agree(request: FrameRequest, post: Post) -> None:
    """Only what was ticked: nobody agrees by not looking."""
    if request.POST.get("quotable") == "1" and post.by_learner:
        answer_quotation(request.viewer, post, quotable=True)


def round_(request: FrameRequest, key: str, num: int) -> HttpResponse:
    """The page of a round; POST publishes."""
    place = own_place(request, key)
    found = class_round(request.viewer, place.training_class, num)
    if request.method != "POST":
        return round_page(request, place, found)
    writing = sent(request)
    try:
        post = publish_post(
            request.viewer, found, body=writing.value, quoted=quoted_post(request, found, writing.quote),
            token=writing.token,
        )  # fmt: skip
    except Refused as refused:
        return round_page(request, place, found, sent(request, refused), status=422)
    agree(request, post)
    return back_to("learner:round", key, num, said="published", done=writing.token, anchor=f"#p-{post.uuid}")


def saved(draft: Post | None) -> JsonResponse:
    """What autosave.js waits for."""
    at = (draft.saved_at if draft else None) or clock.now()
    return JsonResponse({"saved_at": at.isoformat()})


def round_draft(request: FrameRequest, key: str, num: int) -> HttpResponse:
    """By itself while somebody writes, or by the button 「存草稿」."""
    place = own_place(request, key)
    found = class_round(request.viewer, place.training_class, num)
    writing = sent(request)
    try:
        draft = autosave(request.viewer, found, body=writing.value, token=writing.token)
    except Refused as refused:
        if wants_json(request):
            raise
        return round_page(request, place, found, sent(request, refused), status=422)
    if wants_json(request):
        return saved(draft)
    return back_to("learner:round", key, num, said="saved", done=writing.token, anchor="#write")
