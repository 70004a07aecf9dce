"""Announcements: drafts, publication, withdrawal."""

from collections.abc import Callable

import pytest
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SYSTEM
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.notices import actions, queries

pytestmark = pytest.mark.django_db


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def test_a_draft_is_the_managers_until_it_is_published(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0].viewer
    draft = actions.draft_announcement(world.manager, world.cls, title="开班通知", body="请按时学习")
    assert [a.title for a in queries.announcements_of(world.organiser, world.cls).rows] == ["开班通知"]
    assert queries.announcements_of(learner, world.cls).rows == ()
    actions.edit_announcement(world.manager, draft, title="开班公告", body="请按时学习")
    published = actions.publish_announcement(world.manager, draft)
    at("2017-06-11T08:00:00+08:00")
    assert actions.publish_announcement(world.manager, draft).published_at == published.published_at
    (row,) = queries.announcements_of(learner, world.cls).rows
    assert (row.title, row.author, row.state) == ("开班公告", "周班主", "published")
    history = AuditEntry.objects.filter(object_type="announcement").values_list("from_state", "to_state")
    assert list(history) == [("", "draft"), ("", ""), ("draft", "published")]


def test_a_withdrawn_announcement_is_gone_for_good(at: At) -> None:
    world = small_world(1)
    draft = actions.draft_announcement(world.organiser, world.cls, title="通知", body="正文")
    assert code_of(lambda: actions.withdraw_announcement(world.manager, draft)) == "wrong_state"
    actions.publish_announcement(world.manager, draft)
    actions.withdraw_announcement(world.manager, draft)
    assert code_of(lambda: actions.publish_announcement(world.manager, draft)) == "wrong_state"
    assert code_of(lambda: actions.edit_announcement(world.manager, draft, title="题", body="文")) == "wrong_state"
    assert queries.announcements_of(world.learners[0].viewer, world.cls).rows == ()


def test_only_managers_announce(at: At) -> None:
    world = small_world(1)
    draft = actions.draft_announcement(world.manager, world.cls, title="通知", body="正文")
    for viewer in (world.learners[0].viewer, world.tutor, world.auditor):
        assert code_of(lambda v=viewer: actions.publish_announcement(v, draft)) == "not_allowed"
        assert (
            code_of(lambda v=viewer: actions.draft_announcement(v, world.cls, title="题", body="文")) == "not_allowed"
        )
    for viewer in (world.stranger, world.other_manager, world.other_learner.viewer):
        with pytest.raises(NotVisible):
            actions.publish_announcement(viewer, draft)
        with pytest.raises(NotVisible):
            queries.announcements_of(viewer, world.cls)
    assert code_of(lambda: actions.draft_announcement(SYSTEM, world.cls, title="题", body="文")) == "no_author"


def test_after_the_freeze_one_may_withdraw_but_not_publish(at: At) -> None:
    world = small_world(0)
    draft, published = (
        actions.draft_announcement(world.manager, world.cls, title=title, body="正文") for title in ("一", "二")
    )
    actions.publish_announcement(world.manager, published)
    freeze_class(world.manager, world.cls, ledger_position=0)
    assert code_of(lambda: actions.publish_announcement(world.manager, draft)) == "class_frozen"
    assert code_of(lambda: actions.edit_announcement(world.manager, draft, title="题", body="文")) == "class_frozen"
    assert (
        code_of(lambda: actions.draft_announcement(world.manager, world.cls, title="题", body="文")) == "class_frozen"
    )
    assert actions.withdraw_announcement(world.manager, published).state == "withdrawn"


@pytest.mark.parametrize(("title", "body"), [("", "文"), ("题", " "), ("题" * 121, "文"), ("题", "文" * 200_000)])
def test_empty_and_huge_announcements_are_refused(at: At, title: str, body: str) -> None:
    world = small_world(0)
    assert code_of(lambda: actions.draft_announcement(world.manager, world.cls, title=title, body=body)) in {
        "empty",
        "too_long",
    }
