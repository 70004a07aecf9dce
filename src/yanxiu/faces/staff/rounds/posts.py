"""One post on the desk: answered, featured, removed; its reports handled."""

import uuid
from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.staff.access import seen_class
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_tutor, require
from yanxiu.training.discussion.actions import answer_report, feature_post, remove_post, reply
from yanxiu.training.discussion.models import Post
from yanxiu.training.discussion.queries import class_round
from yanxiu.training.discussion.reading import post_card, post_of, replies_of, reports_of, versions_of
from yanxiu.training.discussion.rules import is_round_open

__all__ = ["answer", "feature", "handle", "post", "remove"]


def _found(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> tuple[TrainingClass, Post]:
    training_class = seen_class(request, key)
    return training_class, post_of(request.viewer, class_round(request.viewer, training_class, num), post)


def _tutored(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> tuple[TrainingClass, Post]:
    training_class, found = _found(request, key, num, post)
    require(can_tutor, request.viewer, training_class)
    return training_class, found


def _page(
    request: FrameRequest, training_class: TrainingClass, found: Post, refused: Refused | None = None
) -> HttpResponse:
    viewer, thread = request.viewer, found.parent or found
    context = {
        "class": training_class,
        "round": found.round,
        "card": post_card(viewer, thread),
        "page": replies_of(viewer, thread, after=request.GET.get("after") or None),
        "reports": reports_of(viewer, thread),
        "versions": versions_of(viewer, thread),
        "may_tutor": can_tutor(viewer, training_class),
        "is_open": is_round_open(found.round, training_class, clock.now()),
        "refused": refused,
        "typed": request.POST.get("body", ""),
        "token": request.POST.get("token") or uuid.uuid4(),
    }
    return render(request, "staff/rounds/post.html", context, status=422 if refused else 200)


def post(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """The thread a post belongs to."""
    return _page(request, *_found(request, key, num, post))


def _done(
    request: FrameRequest, key: str, num: int, post: uuid.UUID, action: Callable[[Post], object], *, done: str = ""
) -> HttpResponse:
    """One action, then the thread again; a refusal is said on it."""
    training_class, found = _tutored(request, key, num, post)
    try:
        action(found)
    except Refused as refused:
        return _page(request, training_class, found, refused)
    thread = found.parent or found
    query = QueryDict(mutable=True)
    query.update({"done": done} if done else {})
    address = reverse("staff:round_post", args=[key, num, thread.uuid])
    return HttpResponseRedirect(f"{address}{'?' if done else ''}{query.urlencode()}#p-{found.uuid}")


def answer(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """A tutor's or manager's reply: it never counts as a learner's."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        token = uuid.uuid4()
    body = request.POST.get("body", "")
    return _done(
        request, key, num, post, lambda found: reply(request.viewer, found, body=body, token=token),
        done=str(token),
    )  # fmt: skip


def feature(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    wanted = request.POST.get("featured") == "1"
    return _done(request, key, num, post, lambda found: feature_post(request.viewer, found, is_featured=wanted))


def remove(request: FrameRequest, key: str, num: int, post: uuid.UUID) -> HttpResponse:
    """With a reason, which its writer reads."""
    reason = request.POST.get("reason", "")
    return _done(request, key, num, post, lambda found: remove_post(request.viewer, found, reason=reason))


def handle(request: FrameRequest, key: str, num: int, post: uuid.UUID, abuse: int) -> HttpResponse:
    """A report, upheld (the post goes) or not."""
    uphold, words = request.POST.get("uphold") == "1", request.POST.get("answer", "")

    def answered(found: Post) -> None:
        if not found.reports.filter(pk=abuse).exists():
            raise NotVisible
        answer_report(request.viewer, abuse, uphold=uphold, answer=words)

    return _done(request, key, num, post, answered)
