"""The desk of the discussion: rounds opened and changed in time, what waits, posts handled, each with its trace."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import At, World, small_world

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.discussion import actions
from yanxiu.training.discussion.models import DiscussionRound, Post, PostReport

pytestmark = pytest.mark.django_db
HERE = "/staff/classes/small-2017/rounds"
TERMS = {
    "num": "1", "theme": "学校管理", "background": "", "opens_on": "2017-06-22", "closes_on": "2017-06-30",
    "required_posts": "1", "min_characters": "50",
}  # fmt: skip


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def an_open_round(at: At, world: World) -> DiscussionRound:
    round_ = actions.open_round(
        world.manager, world.cls, num=1, theme="学校管理", opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30)
    )
    at("2017-06-25T10:00:00+08:00")
    return round_


def test_a_manager_opens_a_round_and_changes_it_until_it_begins(at: At) -> None:
    world = small_world(1)
    client = browser(world.manager)
    assert "开第 1 轮" in client.get(HERE).content.decode()
    assert client.post(f"{HERE}/open", TERMS).headers["Location"] == f"{HERE}/1"
    assert "改日期和要求" in client.get(f"{HERE}/1").content.decode()
    client.post(f"{HERE}/1/change", TERMS | {"closes_on": "2017-07-02", "required_posts": "2"})
    change = AuditEntry.objects.get(action="change_round")
    assert change.details == {"closes_on": ["2017-06-30", "2017-07-02"], "required_posts": ["1", "2"]}
    at("2017-06-22T00:00:00+08:00")
    assert "改日期和要求" not in client.get(f"{HERE}/1").content.decode()
    late = client.post(f"{HERE}/1/change", TERMS)
    assert (late.status_code, "已经开始" in late.content.decode()) == (422, True)
    assert DiscussionRound.objects.get().closes_on == date(2017, 7, 2)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("theme", "", "请填写研讨主题"), ("opens_on", "六月", "日期写成"), ("closes_on", "2017-06-01", "先开始后截止"),
        ("required_posts", "101", "0 到 100"), ("min_characters", "x", "请填数字"), ("num", "0", "1 到 99"),
        ("num", "9" * 400, "1 到 99"), ("theme", "题" * 200, "最多 120"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_are_said_and_kept(at: At, field: str, value: str, says: str) -> None:
    world = small_world(0)
    answer = browser(world.manager).post(f"{HERE}/open", TERMS | {field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert 'value="2017-06-30"' in text or field == "closes_on"
    assert not DiscussionRound.objects.exists()


def test_the_desk_says_what_waits(at: At) -> None:
    world = small_world(3)
    round_ = an_open_round(at, world)
    posts = [actions.publish_post(learner.viewer, round_, body=f"帖子{n}") for n, learner in enumerate(world.learners)]
    actions.reply(world.tutor, posts[0], body="好")
    reply = actions.reply(world.learners[1].viewer, posts[2], body="不文明")
    actions.report_post(world.learners[0].viewer, reply, reason="不文明用语")
    actions.feature_post(world.tutor, posts[1])
    client = browser(world.tutor)
    page = client.get(HERE).content.decode()
    assert "3 / 3</td>" in page
    assert f'<a href="{HERE}/1?show=unanswered">2</a>' in page
    found = {
        show: [n for n in range(3) if f"帖子{n}" in client.get(f"{HERE}/1?show={show}").content.decode()]
        for show in ("", "unanswered", "reported", "featured", "short", "nonsense")
    }
    assert found == {
        "": [0, 1, 2], "unanswered": [1, 2], "reported": [2], "featured": [1], "short": [0, 1, 2], "nonsense": [0, 1, 2],
    }  # fmt: skip


def test_a_tutor_answers_once_features_and_removes_with_a_reason(at: At) -> None:
    world = small_world(1)
    post = actions.publish_post(world.learners[0].viewer, an_open_round(at, world), body="主帖")
    client, address = browser(world.tutor), f"{HERE}/1/posts/{post.uuid}"
    token = str(uuid.uuid4())
    for _time in range(2):
        assert client.post(f"{address}/reply", {"body": "说得好", "token": token}).status_code == 302
    assert list(Post.objects.filter(parent=post).values_list("body", "by_learner")) == [("说得好", False)]
    client.post(f"{address}/feature", {"featured": "1"})
    assert "精华</span>" in client.get(address).content.decode()
    client.post(f"{address}/feature", {"featured": "0"})
    refused = client.post(f"{address}/remove", {"reason": ""})
    assert "请填写删除原因" in refused.content.decode()
    client.post(f"{address}/remove", {"reason": "与主题无关"})
    text = client.get(address).content.decode()
    assert "原因：与主题无关" in text
    assert "写回复" not in text
    actions_left = AuditEntry.objects.filter(object_type="post", object_id=post.pk).values_list("action", flat=True)
    assert list(actions_left) == ["publish_post", "feature_post", "feature_post", "remove_post"]


def test_a_report_is_handled_once_and_not_by_the_posts_writer(at: At) -> None:
    world = small_world(3)
    round_ = an_open_round(at, world)
    post = actions.publish_post(world.learners[0].viewer, round_, body="主帖")
    tutors = actions.reply(world.tutor, post, body="辅导教师的话")
    first = actions.report_post(world.learners[1].viewer, post, reason="抄袭他人")
    second = actions.report_post(world.learners[2].viewer, post, reason="与主题无关")
    own = actions.report_post(world.learners[1].viewer, tutors, reason="不公道")
    client, address = browser(world.tutor), f"{HERE}/1/posts/{post.uuid}"
    text = client.get(address).content.decode()
    assert ("抄袭他人" in text, "不公道" in text) == (True, True)
    itself = client.post(f"{HERE}/1/posts/{tutors.uuid}/reports/{own.pk}", {"uphold": "0", "answer": "没问题"})
    assert "请由另一位" in itself.content.decode()
    assert client.post(f"{HERE}/1/posts/{tutors.uuid}/reports/{first.pk}", {"answer": "x"}).status_code == 404
    assert client.post(f"{address}/reports/{first.pk}", {"uphold": "1", "answer": "属实"}).status_code == 302
    again = client.post(f"{address}/reports/{second.pk}", {"uphold": "0", "answer": "不算"})
    assert "已经处理过" in again.content.decode()
    states = dict(PostReport.objects.values_list("pk", "state"))
    assert states == {first.pk: "upheld", second.pk: "upheld", own.pk: "open"}
    assert AuditEntry.objects.filter(action="answer_report").count() == 2
    post.refresh_from_db()
    assert (post.state, post.removal_reason) == ("removed", "属实")


def test_an_auditor_reads_and_has_no_buttons(at: At) -> None:
    world = small_world(1)
    post = actions.publish_post(world.learners[0].viewer, an_open_round(at, world), body="主帖")
    for viewer in (world.auditor, world.organiser):
        text = browser(viewer).get(f"{HERE}/1/posts/{post.uuid}").content.decode()
        assert ("主帖" in text, "删帖" in text, "<textarea" in text) == (True, False, False)


def test_the_number_of_statements_does_not_grow(at: At) -> None:
    world = small_world(3)
    round_ = an_open_round(at, world)
    client, counts = browser(world.manager), []
    for posts in (1, 3):
        for n in range(posts):
            post = actions.publish_post(world.learners[0].viewer, round_, body=f"主帖{n}")
            actions.reply(world.tutor, post, body="回帖", quoted=post)
            actions.report_post(world.learners[1].viewer, post, reason="x")
        for address in (HERE, f"{HERE}/1", f"{HERE}/1?show=reported", f"{HERE}/1/posts/{post.uuid}"):
            client.get(address)
            with CaptureQueriesContext(connection) as made:
                client.get(address)
            counts.append(len(made))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 24
