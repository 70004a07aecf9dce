"""Posts and replies: written, saved as drafts, published once, changed with their history kept."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line, count_characters
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.richtext import RichText, rich_body
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.rules import class_taking_facts
from yanxiu.training.discussion.models import DiscussionRound, Post, PostVersion
from yanxiu.training.discussion.rules import POST_LIMIT, require_round_window, writes_as_learner

__all__ = ["autosave", "edit_post", "publish_draft", "publish_post", "reply", "save_draft"]

QUOTED_CHARACTERS = 120


def _check_length(round_: DiscussionRound, text: str, *, by_learner: bool) -> None:
    count = count_characters(text)
    if by_learner and count < round_.min_characters:
        message = _("本轮要求主帖至少 %(least)d 字（不计标点和空格），现有 %(count)d 字，请补充后再发布。")
        raise Refused("too_short", message % {"least": round_.min_characters, "count": count}, field="body")


def _set_text(post: Post, text: RichText) -> Post:
    post.body, post.html, post.characters = text.text, text.form, count_characters(text.text)
    return post


def _quote(post: Post, quoted: Post | None) -> Post:
    """The words quoted stay as they were; only a visible post of the same round can be quoted."""
    if quoted is None:
        return post
    if quoted.round_id != post.round_id or quoted.state != Post.State.VISIBLE:
        raise Refused("post_removed", _("要引用的帖子未公开或已删除，请去掉引用后再发布。"), field="quote")
    words = clean_line(quoted.body)
    post.quoted, post.quoted_words = quoted, words[:QUOTED_CHARACTERS] + ("…" if len(words) > QUOTED_CHARACTERS else "")
    return post


def _sent_before(author_id: int, token: uuid.UUID | None) -> Post | None:
    """The post already made of this writing, however often its form is sent."""
    if token is None:
        return None
    return Post.objects.exclude(state=Post.State.DRAFT).filter(author_id=author_id, token=token).first()


def _own_draft_in(round_: DiscussionRound, author_id: int, parent: Post | None) -> Post | None:
    drafts = Post.objects.filter(round=round_, author_id=author_id, parent=parent, state=Post.State.DRAFT)
    return drafts.order_by("-pk").first()


def _publish(
    actor: Viewer, round_: DiscussionRound, typed: str, *, action: str, parent: Post | None, quoted: Post | None,
    token: uuid.UUID | None,
) -> Post:  # fmt: skip
    training_class = class_taking_facts(round_.training_class_id, studying=True)
    author_id, by_learner = writes_as_learner(actor, training_class)
    before = _sent_before(author_id, token)
    if before is not None:
        return before
    at = clock.now()
    require_round_window(round_, training_class, at)
    text = rich_body(typed, limit=POST_LIMIT)
    _check_length(round_, text.text, by_learner=by_learner and parent is None)
    draft = _own_draft_in(round_, author_id, parent) if token else None
    post = draft or Post(round=round_, author_id=author_id, parent=parent)
    post.quoted, post.quoted_words = None, ""
    from_state = Post.State.DRAFT if draft else ""
    post.by_learner, post.token, post.posted_at = by_learner, token, at
    post.state = Post.State.VISIBLE
    _quote(_set_text(post, text), quoted).save()
    audit.record(
        action, "post", post.pk, actor_id=actor.person_id, class_id=training_class.pk, from_state=from_state,
        to_state=post.state, round=round_.pk, characters=post.characters,
    )  # fmt: skip
    return post


@transaction.atomic
def publish_post(
    actor: Viewer, round_: DiscussionRound, *, body: str, quoted: Post | None = None, token: uuid.UUID | None = None
) -> Post:
    """发帖: a top-level post inside the round's window. With a token it takes the place of the author's draft."""
    return _publish(actor, round_, body, action="publish_post", parent=None, quoted=quoted, token=token)


@transaction.atomic
def reply(actor: Viewer, post: Post, *, body: str, quoted: Post | None = None, token: uuid.UUID | None = None) -> Post:
    """回帖 to a visible post (a reply to a reply joins the same thread)."""
    target = Post.objects.select_related("round__training_class", "parent").get(pk=post.pk)
    thread = target.parent or target
    class_taking_facts(target.round.training_class_id)
    author_id, _by_learner = writes_as_learner(actor, target.round.training_class)
    before = _sent_before(author_id, token)
    if before is not None:
        return before
    if target.state != Post.State.VISIBLE or thread.state != Post.State.VISIBLE:
        raise Refused("post_removed", _("这条帖子未公开或已删除，不能回帖。"))
    return _publish(actor, target.round, body, action="reply", parent=thread, quoted=quoted, token=token)


@transaction.atomic
def edit_post(actor: Viewer, post: Post, *, body: str) -> Post:
    """Change one's own published words while the round is open; what stood before is kept and can be read."""
    stored = Post.objects.select_for_update().select_related("round").filter(pk=post.pk).first()
    if stored is None or actor.person_id is None or stored.author_id != actor.person_id:
        raise NotVisible
    training_class = class_taking_facts(stored.round.training_class_id, studying=True)
    writes_as_learner(actor, training_class)
    if stored.state != Post.State.VISIBLE:
        raise Refused("wrong_state", _("只有已发布的帖子可以修改。"))
    if stored.is_featured:
        raise Refused("featured", _("这条帖子已设为精华，不能再改；要补充请回帖。"), field="body")
    at = clock.now()
    require_round_window(stored.round, training_class, at)
    text = rich_body(body, limit=POST_LIMIT)
    _check_length(stored.round, text.text, by_learner=stored.by_learner and stored.parent_id is None)
    if (text.text, text.form) == (stored.body, stored.html):
        return stored
    stored.edits += 1
    PostVersion.objects.create(
        post=stored, num=stored.edits, body=stored.body, html=stored.html, characters=stored.characters, replaced_at=at
    )
    before = stored.characters
    _set_text(stored, text).save(update_fields=["body", "html", "characters", "edits"])
    audit.record(
        "edit_post", "post", stored.pk, actor_id=actor.person_id, class_id=training_class.pk, version=stored.edits + 1,
        characters=[before, stored.characters],
    )  # fmt: skip
    return stored


# Drafts ---------------------------------------------------------------------------------------------------------------


def _new_draft(
    actor: Viewer, round_: DiscussionRound, text: RichText, parent: Post | None, training_class: TrainingClass
) -> Post:
    author_id, by_learner = writes_as_learner(actor, training_class)
    post = Post(round=round_, author_id=author_id, parent=parent, by_learner=by_learner, state=Post.State.DRAFT)
    post.saved_at = clock.now()
    _set_text(post, text).save()
    audit.record(
        "save_draft", "post", post.pk, actor_id=actor.person_id, class_id=training_class.pk, to_state=post.state,
        round=round_.pk, characters=post.characters,
    )  # fmt: skip
    return post


@transaction.atomic
def autosave(
    actor: Viewer, round_: DiscussionRound, *, body: str, parent: Post | None = None, token: uuid.UUID | None = None
) -> Post | None:
    """The one draft of this author here gets this text; None while nothing has been written. The log tells of its
    beginning only: nothing changes state while somebody types. What was published meanwhile is left as it is.
    """
    training_class = class_taking_facts(round_.training_class_id, studying=True)
    author_id, _by_learner = writes_as_learner(actor, training_class)
    before = _sent_before(author_id, token)
    if before is not None:
        return before
    text = rich_body(body, limit=POST_LIMIT, required=False)
    draft = _own_draft_in(round_, author_id, parent)
    if draft is None:
        return _new_draft(actor, round_, text, parent, training_class) if text.text else None
    draft.saved_at = clock.now()
    _set_text(draft, text).save(update_fields=["body", "html", "characters", "saved_at"])
    return draft


@transaction.atomic
def save_draft(actor: Viewer, round_: DiscussionRound, *, body: str, draft: Post | None = None) -> Post:
    """A draft of a top-level post, seen by its author only; with `draft`, its new text."""
    text = rich_body(body, limit=POST_LIMIT)
    if draft is None:
        training_class = class_taking_facts(round_.training_class_id, studying=True)
        return _new_draft(actor, round_, text, None, training_class)
    stored = _own_draft(actor, draft)
    stored.saved_at = clock.now()
    _set_text(stored, text).save(update_fields=["body", "html", "characters", "saved_at"])
    audit.record(
        "save_draft", "post", stored.pk, actor_id=actor.person_id, class_id=stored.round.training_class_id,
        characters=stored.characters,
    )  # fmt: skip
    return stored


def _own_draft(actor: Viewer, draft: Post) -> Post:
    stored = Post.objects.select_for_update().select_related("round__training_class").filter(pk=draft.pk).first()
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
