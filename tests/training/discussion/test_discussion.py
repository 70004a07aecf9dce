"""Discussion rounds: windows, who writes, drafts, removal."""

from collections.abc import Callable
from datetime import date

import pytest
from factories.worlds import At, World, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SIGNED_OUT, SYSTEM
from yanxiu.training.classes.actions import enrol_learner, freeze_class, withdraw_learner
from yanxiu.training.discussion import actions, queries
from yanxiu.training.discussion.models import DiscussionRound, Post

pytestmark = pytest.mark.django_db

INSIDE = "2017-06-25T10:00:00+08:00"


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def a_round(world: World, *, min_characters: int = 0) -> DiscussionRound:
    return actions.open_round(
        world.manager, world.cls, num=1, theme="学校管理", background="背景", opens_on=date(2017, 6, 22),
        closes_on=date(2017, 6, 30), required_posts=1, min_characters=min_characters,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        ("2017-06-21T23:59:59.999+08:00", "window_not_open"),
        ("2017-06-22T00:00:00+08:00", None),
        ("2017-06-30T23:59:59.999+08:00", None),
        ("2017-07-01T00:00:00+08:00", "window_closed"),
    ],
)
def test_the_window_holds_its_whole_last_day(at: At, instant: str, code: str | None) -> None:
    world = small_world(2)
    round_ = a_round(world)
    at(INSIDE)
    thread = actions.publish_post(world.learners[1].viewer, round_, body="先发一帖")
    draft = actions.save_draft(world.learners[0].viewer, round_, body="草稿")
    at(instant)
    before = AuditEntry.objects.count()
    writers = (
        lambda: actions.publish_post(world.learners[0].viewer, round_, body="发帖"),
        lambda: actions.reply(world.learners[0].viewer, thread, body="回帖"),
        lambda: actions.publish_draft(world.learners[0].viewer, draft),
    )
    if code is None:
        assert [write().state for write in writers] == ["visible"] * 3
    else:
        assert [code_of(write) for write in writers] == [code] * 3
        assert AuditEntry.objects.count() == before


def test_the_refusal_of_a_late_post_says_when_the_round_ended(at: At) -> None:
    world = small_world(1)
    round_ = a_round(world)
    at("2017-07-01T00:00:00+08:00")
    with pytest.raises(Refused) as refusal:
        actions.publish_post(world.learners[0].viewer, round_, body="迟到")
    assert (refusal.value.field, "2017-06-30 24:00 截止" in refusal.value.message) == ("body", True)


def test_posts_of_learners_and_of_tutors_are_told_apart(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    at(INSIDE)
    post = actions.publish_post(world.learners[0].viewer, round_, body="学习 2017，体会。")
    assert (post.by_learner, post.characters, post.parent_id) == (True, 8, None)
    tutors = actions.reply(world.tutor, post, body="说得好")
    nested = actions.reply(world.learners[1].viewer, tutors, body="同意")
    assert (tutors.by_learner, nested.by_learner, nested.parent_id) == (False, True, post.pk)
    assert actions.reply(world.manager, post, body="请补充").by_learner is False


def test_outsiders_cannot_write(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    at(INSIDE)
    post = actions.publish_post(world.learners[0].viewer, round_, body="发帖")
    for viewer in (world.stranger, world.other_learner.viewer, world.other_manager, SIGNED_OUT):
        for do in (
            lambda v=viewer: actions.publish_post(v, round_, body="闯入"),
            lambda v=viewer: actions.reply(v, post, body="闯入"),
            lambda v=viewer: actions.remove_post(v, post, reason="闯入"),
            lambda v=viewer: queries.posts_of_round(v, round_),
            lambda v=viewer: queries.rounds_of(v, world.cls),
        ):
            with pytest.raises(NotVisible):
                do()
    for viewer in (world.auditor, world.organiser, SYSTEM):
        assert code_of(lambda v=viewer: actions.publish_post(v, round_, body="旁观")) == "not_allowed"


def test_nominated_or_withdrawn_is_not_registered(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    gone = world.learners[0]
    withdraw_learner(world.manager, gone.enrolment, reason="调离")
    nominated = world.other_learner
    enrol_learner(world.manager, world.cls, person=nominated.person, nominating_org=world.other_school)
    at(INSIDE)
    with pytest.raises(NotVisible):
        actions.publish_post(gone.viewer, round_, body="我还在")
    assert code_of(lambda: actions.publish_post(nominated.viewer, round_, body="我来了")) == "not_registered"


@pytest.mark.parametrize(
    ("body", "code"),
    [("", "empty"), (" \n\u3000\t", "empty"), ("\u202e\u200b\x00", "empty"), ("字" * 200_000, "too_long")],
)
def test_empty_and_huge_posts_are_refused(at: At, body: str, code: str) -> None:
    world = small_world(1)
    round_ = a_round(world)
    at(INSIDE)
    assert code_of(lambda: actions.publish_post(world.learners[0].viewer, round_, body=body)) == code
    assert not Post.objects.exists()


def test_too_few_characters_do_not_count_punctuation(at: At) -> None:
    world = small_world(1)
    round_ = a_round(world, min_characters=5)
    at(INSIDE)
    learner = world.learners[0].viewer
    assert code_of(lambda: actions.publish_post(learner, round_, body="四个字啊！！！！！")) == "too_short"
    assert actions.publish_post(learner, round_, body="五个字啊啊！").characters == 5


def test_a_draft_is_its_authors_and_is_published_once(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    draft = actions.save_draft(world.learners[0].viewer, round_, body="一稿")
    for viewer in (world.learners[1].viewer, world.manager):
        with pytest.raises(NotVisible):
            actions.publish_draft(viewer, draft)
    actions.save_draft(world.learners[0].viewer, round_, body="二稿", draft=draft)
    at(INSIDE)
    assert queries.posts_of_round(world.manager, round_).rows == ()
    published = actions.publish_draft(world.learners[0].viewer, draft)
    assert (published.body, published.state) == ("二稿", "visible")
    assert code_of(lambda: actions.publish_draft(world.learners[0].viewer, draft)) == "wrong_state"


def test_removal_needs_a_reason_and_a_right_and_is_kept_as_history(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    at(INSIDE)
    post = actions.publish_post(world.learners[0].viewer, round_, body="灌水")
    assert code_of(lambda: actions.remove_post(world.learners[1].viewer, post, reason="不喜欢")) == "not_allowed"
    assert code_of(lambda: actions.remove_post(world.tutor, post, reason="")) == "empty"
    freeze_class(world.manager, world.cls, ledger_position=0)
    assert actions.remove_post(world.tutor, post, reason="与主题无关").state == "removed"
    assert code_of(lambda: actions.reply(world.learners[1].viewer, post, body="?")) == "class_frozen"
    entries = AuditEntry.objects.filter(object_type="post", object_id=post.pk).values_list("from_state", "to_state")
    assert list(entries) == [("", "visible"), ("visible", "removed")]


def test_no_reply_to_a_removed_post(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    at(INSIDE)
    post = actions.publish_post(world.learners[0].viewer, round_, body="发帖")
    actions.remove_post(world.learners[0].viewer, post, reason="写错了")
    assert code_of(lambda: actions.reply(world.learners[1].viewer, post, body="回帖")) == "post_removed"


def test_a_frozen_class_takes_no_posts_rounds_or_stars(at: At) -> None:
    world = small_world(1)
    round_ = a_round(world)
    at(INSIDE)
    learner = world.learners[0].viewer
    post = actions.publish_post(learner, round_, body="发帖")
    assert actions.feature_post(world.tutor, post).is_featured
    freeze_class(world.manager, world.cls, ledger_position=0)
    for do in (
        lambda: actions.publish_post(learner, round_, body="又一帖"),
        lambda: actions.reply(learner, post, body="回帖"),
        lambda: actions.feature_post(world.tutor, post, is_featured=False),
        lambda: actions.save_draft(learner, round_, body="草稿"),
        lambda: actions.open_round(
            world.manager, world.cls, num=2, theme="再谈", opens_on=date(2017, 7, 1), closes_on=date(2017, 7, 9)
        ),
    ):
        assert code_of(do) == "class_frozen"


def test_a_round_lies_within_its_class(at: At) -> None:
    world = small_world(0)
    a_round(world)
    for num, opens_on, closes_on, code in (
        (1, date(2017, 7, 1), date(2017, 7, 9), "num_taken"),
        (2, date(2017, 6, 9), date(2017, 7, 9), "bad_dates"),
        (2, date(2017, 7, 1), date(2017, 7, 22), "bad_dates"),
        (2, date(2017, 7, 9), date(2017, 7, 1), "bad_dates"),
    ):
        assert (
            code_of(
                lambda n=num, a=opens_on, b=closes_on: actions.open_round(
                    world.manager, world.cls, num=n, theme="再谈", opens_on=a, closes_on=b
                )
            )
            == code
        )


def test_rounds_tell_a_learner_how_they_stand(at: At) -> None:
    world = small_world(2)
    round_ = a_round(world)
    at(INSIDE)
    mine = world.learners[0].viewer
    post = actions.publish_post(mine, round_, body="发帖")
    actions.reply(mine, post, body="自己回帖")
    (row,) = queries.rounds_of(mine, world.cls)
    assert (row.num, row.is_open, row.my_posts) == (1, True, 1)
    assert [r.my_posts for r in queries.rounds_of(world.learners[1].viewer, world.cls)] == [0]
    assert [p.body for p in queries.posts_of_round(world.auditor, round_, parent=post).rows] == ["自己回帖"]
