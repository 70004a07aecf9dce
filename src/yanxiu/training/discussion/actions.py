"""Writes of the discussion: rounds, posts, replies, drafts, featuring, removal."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import count_characters
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import body as clean_body
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import can_manage, can_tutor, class_taking_facts, require
from yanxiu.training.discussion.models import DiscussionRound, Post
from yanxiu.training.discussion.rules import require_round_window, writes_as_learner

__all__ = ["feature_post", "open_round", "publish_draft", "publish_post", "remove_post", "reply", "save_draft"]

POST_LIMIT = 10_000


@transaction.atomic
def open_round(
    actor: Viewer,
    training_class: TrainingClass,
    *,
    num: int,
    theme: str,
    opens_on: date,
    closes_on: date,
    background: str = "",
    required_posts: int = 1,
    min_characters: int = 0,
) -> DiscussionRound:
    """A dated round, its days within those of the class."""
    require(can_manage, actor, training_class)
    stored = class_taking_facts(training_class.pk)
    if not stored.starts_on <= opens_on <= closes_on <= stored.ends_on:
        raise Refused("bad_dates", _("研讨起止日期应在班级起止日期之内，且先开始后截止。"), field="closes_on")
    if not 0 <= required_posts <= 100 or not 0 <= min_characters <= POST_LIMIT:
        raise Refused(
            "bad_requirement", _("要求发帖数应在 0 到 100 之间，最少字数不超过 10000。"), field="required_posts"
        )
    if stored.rounds.filter(num=num).exists():
        raise Refused("num_taken", _("本班已有第 %(num)d 轮研讨。") % {"num": num}, field="num")
    round_ = DiscussionRound.objects.create(
        training_class=stored, num=num, theme=line(theme, field="theme", label=_("研讨主题")),
        background=clean_body(background, field="background", label=_("研讨背景"), required=False),
        opens_on=opens_on, closes_on=closes_on, required_posts=required_posts, min_characters=min_characters,
    )  # fmt: skip
    audit.record(
        "open_round", "round", round_.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="planned",
        required_posts=required_posts, min_characters=min_characters,
    )  # fmt: skip
    return round_


def _write(
    actor: Viewer, round_: DiscussionRound, body: str, *, action: str, state: str, parent: Post | None = None
) -> Post:
    training_class = class_taking_facts(round_.training_class_id, studying=True)
    author_id, by_learner = writes_as_learner(actor, training_class)
    at = clock.now()
    if state == Post.State.VISIBLE:
        require_round_window(round_, training_class, at)
    text = clean_body(body, limit=POST_LIMIT)
    _check_length(round_, text, by_learner=by_learner and parent is None and state == Post.State.VISIBLE)
    post = Post.objects.create(
        round=round_, author_id=author_id, parent=parent, by_learner=by_learner, body=text,
        characters=count_characters(text), state=state, posted_at=at if state == Post.State.VISIBLE else None,
    )  # fmt: skip
    audit.record(
        action, "post", post.pk, actor_id=actor.person_id, class_id=training_class.pk, to_state=state,
        round=round_.pk, characters=post.characters,
    )  # fmt: skip
    return post


def _check_length(round_: DiscussionRound, text: str, *, by_learner: bool) -> None:
    count = count_characters(text)
    if by_learner and count < round_.min_characters:
        message = _("本轮要求主帖至少 %(least)d 字（不计标点和空格），现有 %(count)d 字，请补充后再发布。")
        raise Refused("too_short", message % {"least": round_.min_characters, "count": count}, field="body")


@transaction.atomic
def publish_post(actor: Viewer, round_: DiscussionRound, *, body: str) -> Post:
    """发帖: a top-level post inside the round's window."""
    return _write(actor, round_, body, action="publish_post", state=Post.State.VISIBLE)


@transaction.atomic
def reply(actor: Viewer, post: Post, *, body: str) -> Post:
    """回帖 to a visible post (a reply to a reply joins the same thread)."""
    target = Post.objects.select_related("round", "parent").get(pk=post.pk)
    thread = target.parent or target
    class_taking_facts(target.round.training_class_id)
    writes_as_learner(actor, target.round.training_class)
    if target.state != Post.State.VISIBLE or thread.state != Post.State.VISIBLE:
        raise Refused("post_removed", _("这条帖子未公开或已删除，不能回帖。"))
    return _write(actor, target.round, body, action="reply", state=Post.State.VISIBLE, parent=thread)


@transaction.atomic
def save_draft(actor: Viewer, round_: DiscussionRound, *, body: str, draft: Post | None = None) -> Post:
    """A draft of a top-level post, seen by its author only; with `draft`, its new text."""
    if draft is None:
        return _write(actor, round_, body, action="save_draft", state=Post.State.DRAFT)
    stored = _own_draft(actor, draft)
    stored.body = clean_body(body, limit=POST_LIMIT)
    stored.characters = count_characters(stored.body)
    stored.save(update_fields=["body", "characters"])
    audit.record(
        "save_draft", "post", stored.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
        characters=stored.characters,
    )  # fmt: skip
    return stored


def _own_draft(actor: Viewer, draft: Post) -> Post:
    stored = Post.objects.select_for_update().select_related("round").filter(pk=draft.pk).first()
    if stored is None or actor.person_id is None or stored.author_id != actor.person_id:
        raise NotVisible
    class_taking_facts(stored.round.training_class_id, studying=True)
    if stored.state != Post.State.DRAFT:
        raise Refused("wrong_state", _("这条帖子已经发布，不再是草稿。"))
    return stored


@transaction.atomic
def publish_draft(actor: Viewer, draft: Post) -> Post:
    """Publish one's draft; the window counts at this moment, not when the draft was saved."""
    stored = _own_draft(actor, draft)
    training_class = stored.round.training_class
    _author_id, stored.by_learner = writes_as_learner(actor, training_class)
    at = clock.now()
    require_round_window(stored.round, training_class, at)
    _check_length(stored.round, stored.body, by_learner=stored.by_learner)
    stored.state, stored.posted_at = Post.State.VISIBLE, at
    stored.save(update_fields=["state", "posted_at", "by_learner"])
    audit.record(
        "publish_draft", "post", stored.pk, actor_id=actor.person_id, class_id=training_class.pk,
        from_state=Post.State.DRAFT, to_state=stored.state, characters=stored.characters,
    )  # fmt: skip
    return stored


@transaction.atomic
def remove_post(actor: Viewer, post: Post, *, reason: str) -> Post:
    """删帖, by tutor or manager with a reason, or by its author. Allowed after the freeze: it shows as drift."""
    stored = Post.objects.select_for_update().select_related("round__training_class").filter(pk=post.pk).first()
    if stored is None:
        raise NotVisible
    if actor.person_id is None or stored.author_id != actor.person_id:
        require(can_tutor, actor, stored.round.training_class)
    stored.removal_reason = line(reason, field="reason", label=_("删除原因"), limit=200)
    if stored.state == Post.State.REMOVED:
        raise Refused("wrong_state", _("这条帖子已经删除。"))
    before, stored.state = stored.state, Post.State.REMOVED
    stored.save(update_fields=["state", "removal_reason"])
    audit.record(
        "remove_post", "post", stored.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
        from_state=before, to_state=stored.state,
    )  # fmt: skip
    return stored


@transaction.atomic
def feature_post(actor: Viewer, post: Post, *, is_featured: bool = True) -> Post:
    """精华帖, by tutor or manager."""
    stored = Post.objects.select_for_update().select_related("round__training_class").filter(pk=post.pk).first()
    if stored is None:
        raise NotVisible
    require(can_tutor, actor, stored.round.training_class)
    class_taking_facts(stored.round.training_class_id)
    if stored.state != Post.State.VISIBLE:
        raise Refused("wrong_state", _("只有已发布的帖子可以设为精华。"))
    if stored.is_featured != is_featured:
        stored.is_featured = is_featured
        stored.save(update_fields=["is_featured"])
        audit.record(
            "feature_post", "post", stored.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
            is_featured=is_featured,
        )  # fmt: skip
    return stored
