"""Writes of the discussion, by subject: rounds, posts and their drafts, moderation."""

from yanxiu.training.discussion.moderation import answer_report, feature_post, remove_post, report_post
from yanxiu.training.discussion.posts import (
    autosave,
    edit_post,
    publish_draft,
    publish_post,
    reply,
    save_draft,
)
from yanxiu.training.discussion.rounds import change_round, open_round

__all__ = [
    "answer_report",
    "autosave",
    "change_round",
    "edit_post",
    "feature_post",
    "open_round",
    "publish_draft",
    "publish_post",
    "remove_post",
    "reply",
    "report_post",
    "save_draft",
]
