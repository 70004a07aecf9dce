"""The list of rounds, and the page of one."""

import uuid
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.learner.rounds.forms import Writing, identity
from yanxiu.faces.learner.rounds.rows import round_lines, standing_of
from yanxiu.faces.learner.shell import Place, learner_page, own_place
from yanxiu.kit.errors import NotVisible
from yanxiu.training.discussion.models import DiscussionRound
from yanxiu.training.discussion.queries import rounds_of
from yanxiu.training.discussion.reading import (
    PostCard,
    draft_of,
    first_replies,
    post_card,
    post_of,
    round_posts,
    standing,
)
from yanxiu.training.discussion.rules import why_not_now

__all__ = ["back_to", "quoted_card", "round_context", "round_page", "rounds", "said_in"]


def rounds(request: FrameRequest, key: str) -> HttpResponse:
    """Every round with its window and one's own progress."""
    place = own_place(request, key)
    rows = rounds_of(request.viewer, place.training_class)
    lines = round_lines(rows, place.training_class.zone, clock.now())
    return learner_page(request, place, "learner/rounds/rounds.html", "learner:rounds", {"lines": lines})


def said_in(request: FrameRequest) -> str:
    """What the page before has just done, from a closed list."""
    words = {
        "published": _("已发布。"),
        "replied": _("已回帖。"),
        "saved": _("草稿已保存，只有您自己看得到。"),
        "edited": _("已修改，原来的文字留在修改记录里。"),
        "withdrawn": _("已撤回，不再计入要求。"),
        "agreed": _("您已同意：结班报告可以署名引用这一帖。报告签发以前随时可以收回。"),
        "disagreed": _("已收回同意，报告不会引用这一帖。"),
        "reported": _("已举报，班主任或辅导教师会处理；对方不会知道是谁举报的。"),
    }
    return words.get(request.GET.get("said", ""), "")


def back_to(name: str, *arguments: Any, said: str, done: uuid.UUID | None = None, anchor: str = "") -> HttpResponse:
    """To a page, saying what was done; `done` ends the writing of that token in the browser."""
    query = QueryDict(mutable=True)
    query.update({"said": said} | ({"done": str(done)} if done else {}))
    return HttpResponseRedirect(f"{reverse(name, args=arguments)}?{query.urlencode()}{anchor}")


def quoted_card(request: FrameRequest, round_: DiscussionRound, quote: uuid.UUID | None) -> PostCard | None:
    """The post to be quoted, None where there is none any more."""
    if quote is None:
        return None
    try:
        card = post_card(request.viewer, post_of(request.viewer, round_, quote))
    except NotVisible:
        return None
    return None if card.gone else card


def round_context(
    request: FrameRequest, place: Place, round_: DiscussionRound, writing: Writing | None = None
) -> dict[str, Any]:
    """Everything on the page of a round; `writing` holds what was sent and could not be published."""
    viewer, training_class, at = request.viewer, place.training_class, clock.now()
    show = request.GET.get("show", "")
    page = round_posts(viewer, round_, show=show, after=request.GET.get("after") or None)
    done, replies = standing(viewer, round_)
    answers = first_replies(viewer, page.rows)
    form = writing or Writing.of(draft_of(viewer, round_), identity(request.GET.get("quote", "")))
    return {
        "round": round_,
        "standing": standing_of(
            round_.opens_on, round_.closes_on, training_class.zone, at, done=done, asked=round_.required_posts
        ),
        "my_replies": replies,
        "closed": why_not_now(round_, training_class, place.enrolment, at),
        "page": page,
        "threads": [
            (card, answers.get(card.post_id, []), card.replies > len(answers.get(card.post_id, [])))
            for card in page.rows
        ],
        "show": show,
        "filters": (("", _("最新")), ("featured", _("精华")), ("tutors", _("有辅导教师")), ("mine", _("我的"))),
        "writing": form,
        "quoted": quoted_card(request, round_, form.quote),
        "said": said_in(request),
    }


def round_page(
    request: FrameRequest, place: Place, round_: DiscussionRound, writing: Writing | None = None, *, status: int = 200
) -> HttpResponse:
    context = round_context(request, place, round_, writing)
    return learner_page(request, place, "learner/rounds/round.html", "learner:rounds", context, status=status)
