"""The page of a round: what is asked, writing with a draft, publishing once, and what is said when it cannot be."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from factories.worlds import At, World, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.actions import freeze_class
from yanxiu.training.discussion import actions
from yanxiu.training.discussion.models import DiscussionRound, Post

pytestmark = pytest.mark.django_db
HERE = "/my/classes/small-2017/rounds"
INSIDE = "2017-06-25T10:00:00+08:00"
TOKEN = "0b4a3c1e-0000-4000-8000-00000000000a"


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def a_round(world: World, num: int = 1, **more: Any) -> DiscussionRound:
    given = {"theme": "学校管理", "background": "先读文件\n再谈做法", "required_posts": 2, **more}
    return actions.open_round(
        world.manager, world.cls, num=num, opens_on=date(2017, 6, 22), closes_on=date(2017, 6, 30), **given
    )


def test_the_list_says_when_what_and_how_far(at: At) -> None:
    world = small_world(1)
    a_round(world, min_characters=50)
    client = browser(world.learners[0].viewer)
    assert "6月22日 开始" in client.get(HERE).content.decode()
    at("2017-06-27T23:00:00+08:00")
    text = client.get(HERE).content.decode()
    for words in ("进行中，还剩 3 天", "已发 0 帖，要求 2 帖", "每帖至少 50 字", "去发帖", "6月22日—6月30日 24:00"):
        assert words in text
    at("2017-06-30T23:59:59+08:00")
    assert "今天 24:00 截止" in client.get(HERE).content.decode()
    at("2017-07-01T00:00:00+08:00")
    text = client.get(HERE).content.decode()
    assert "已截止" in text
    assert "差 2 帖" in text


def test_withdrawing_after_the_end_says_that_it_cannot_be_made_good(at: At) -> None:
    world = small_world(1)
    a_round(world)
    at("2017-06-25T09:00:00+08:00")
    client = browser(world.learners[0].viewer)
    client.post(f"{HERE}/1", {"body": "一帖", "token": TOKEN})
    assert "不能再补发" not in client.get(f"{HERE}/1").content.decode()
    at("2017-07-01T00:00:00+08:00")
    assert "撤回以后不能再补发" in client.get(f"{HERE}/1").content.decode()


def test_an_empty_list_says_what_will_come(at: At) -> None:
    text = browser(small_world(1).learners[0].viewer).get(HERE).content.decode()
    assert "还没有安排研讨" in text


def test_publishing_shows_the_post_and_the_progress(at: At) -> None:
    world = small_world(1)
    a_round(world)
    at(INSIDE)
    client = browser(world.learners[0].viewer)
    answer = client.post(f"{HERE}/1", {"body": "支部会与教研组会合开。\n三周后看记录。", "token": TOKEN})
    post = Post.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"{HERE}/1?said=published&done={TOKEN}#p-{post.uuid}",
    )
    text = client.get(answer.headers["Location"]).content.decode()
    for words in ("<p>支部会与教研组会合开。</p><p>三周后看记录。</p>", "已发 1 帖，要求 2 帖", "已发布。", "先读文件"):
        assert words in text


def test_a_form_sent_twice_is_one_post(at: At) -> None:
    world = small_world(1)
    a_round(world)
    at(INSIDE)
    client = browser(world.learners[0].viewer)
    first, second = (client.post(f"{HERE}/1", {"body": "一帖", "token": TOKEN}) for _time in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Post.objects.count() == 1
    at("2017-07-01T00:00:00+08:00")
    assert client.post(f"{HERE}/1", {"body": "一帖", "token": TOKEN}).status_code == 302


def test_a_draft_is_saved_shown_again_and_becomes_the_post(at: At) -> None:
    world = small_world(2)
    a_round(world)
    client = browser(world.learners[0].viewer)
    answer = client.post(f"{HERE}/1/draft", {"body": "写到一半"}, headers={"accept": "application/json"})
    assert answer.json() == {"saved_at": Post.objects.get().saved_at.isoformat()}
    client.post(f"{HERE}/1/draft", {"body": "写到<一半>，再写"}, headers={"accept": "application/json"})
    at(INSIDE)
    page = client.get(f"{HERE}/1").content.decode()
    assert ">\n写到&lt;一半&gt;，再写</textarea>" in page
    assert "写到" not in browser(world.learners[1].viewer).get(f"{HERE}/1").content.decode()
    client.post(f"{HERE}/1", {"body": "写完了", "token": TOKEN})
    late = client.post(f"{HERE}/1/draft", {"body": "写完", "token": TOKEN}, headers={"accept": "application/json"})
    assert late.status_code == 200
    assert [(post.state, post.body) for post in Post.objects.all()] == [("visible", "写完了")]


def test_without_script_a_button_saves_the_draft(at: At) -> None:
    world = small_world(1)
    a_round(world)
    at(INSIDE)
    answer = browser(world.learners[0].viewer).post(f"{HERE}/1/draft", {"body": "草稿", "token": TOKEN})
    assert answer.headers["Location"] == f"{HERE}/1?said=saved&done={TOKEN}#write"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "请填写正文"),
        ("短", "至少 5 字"),
        ("五个字啊啊" + "x" * 10_000, "最多 10000 个字符"),
        ("<p>" + "<b>" * 5000, "格式太多"),
    ],
)
def test_a_refusal_is_said_in_words_and_keeps_the_text(at: At, body: str, says: str) -> None:
    world = small_world(1)
    a_round(world, min_characters=5)
    at(INSIDE)
    answer = browser(world.learners[0].viewer).post(f"{HERE}/1", {"body": body, "token": TOKEN})
    text = answer.content.decode()
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert says in text
    assert f'value="{TOKEN}"' in text
    if len(body) < 100:
        assert f">\n{body}</textarea>" in text


def test_a_late_post_loses_nothing(at: At) -> None:
    world = small_world(1)
    a_round(world)
    at("2017-07-01T00:00:00+08:00")
    client = browser(world.learners[0].viewer)
    answer = client.post(f"{HERE}/1", {"body": "<p>迟了<strong>一步</strong></p>", "token": TOKEN})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "2017-06-30 24:00 截止" in text
    assert ">\n迟了一步</textarea>" in text
    assert 'data-html="&lt;p&gt;迟了&lt;strong&gt;一步&lt;/strong&gt;&lt;/p&gt;"' in text


@pytest.mark.parametrize(
    ("instant", "says"),
    [
        ("2017-06-21T12:00:00+08:00", "2017-06-22 开始，开始以后才能发帖"),
        ("2017-07-02T12:00:00+08:00", "不能再发帖或回帖"),
    ],
)
def test_outside_the_window_the_round_is_readable_and_says_why(at: At, instant: str, says: str) -> None:
    world = small_world(1)
    round_ = a_round(world)
    viewer = world.learners[0].viewer
    if "07" in instant[5:7]:
        at(INSIDE)
        actions.publish_post(viewer, round_, body="按时发的")
        actions.save_draft(viewer, round_, body="没发的草稿")
    at(instant)
    text = browser(viewer).get(f"{HERE}/1").content.decode()
    assert says in text
    assert "<textarea" not in text
    assert ("按时发的" in text, "没发的草稿" in text) == (("07" in instant[5:7]),) * 2


def test_a_frozen_class_is_read_only(at: At) -> None:
    world = small_world(1)
    a_round(world)
    at(INSIDE)
    freeze_class(world.manager, world.cls, ledger_position=0)
    client = browser(world.learners[0].viewer)
    assert "本班数据已冻结" in client.get(f"{HERE}/1").content.decode()
    assert client.post(f"{HERE}/1/draft", {"body": "x"}, headers={"accept": "application/json"}).status_code == 409


def test_a_page_that_does_not_exist_is_404(at: At) -> None:
    world = small_world(1)
    a_round(world)
    client = browser(world.learners[0].viewer)
    for address in ("/2", "/1/posts/00000000-0000-4000-8000-000000000000", "/99999"):
        assert client.get(HERE + address).status_code == 404
    assert client.get(f"{HERE}/1?after=xxx").status_code == 422
    assert client.get(f"{HERE}/1?show=nonsense&quote=nonsense").status_code == 200
