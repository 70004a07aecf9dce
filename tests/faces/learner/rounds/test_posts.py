"""Replies, quotations, changes, withdrawal and reports on the pages; what they show of what is gone; constant cost."""

import tomllib
import uuid
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.worlds import At, World, small_world

from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.discussion import actions
from yanxiu.training.discussion.models import DiscussionRound, Post, PostReport

pytestmark = pytest.mark.django_db
HERE = "/my/classes/small-2017/rounds/1"
HOSTILE = tomllib.loads((Path(__file__).parents[3] / "kit" / "hostile.toml").read_text(encoding="utf-8"))["html"]


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


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reply_joins_the_thread_and_a_tutors_is_marked(at: At) -> None:
    world = small_world(2)
    round_ = an_open_round(at, world)
    post = actions.publish_post(world.learners[0].viewer, round_, body="主帖")
    client = browser(world.learners[1].viewer)
    thread = f"{HERE}/posts/{post.uuid}"
    first = client.post(thread, {"body": "很赞成", "token": str(uuid.uuid4())})
    assert first.headers["Location"].startswith(f"{thread}?said=replied&done=")
    made = Post.objects.get(body="很赞成")
    nested = client.post(f"{HERE}/posts/{made.uuid}", {"body": "再补一句", "token": str(uuid.uuid4())})
    assert nested.headers["Location"].startswith(thread)
    actions.reply(world.tutor, post, body="说得好")
    text = read(client, thread)
    assert [text.count(words) for words in ("很赞成", "再补一句", "说得好", "辅导教师</span>")] == [1, 1, 1, 1]
    text = read(client, HERE)
    assert "全部 3 条回帖" in text
    assert "说得好" not in text
    assert "说得好" not in read(client, f"{HERE}?show=featured")
    assert "主帖" in read(client, f"{HERE}?show=tutors")
    assert "没有这样的帖子" in read(client, f"{HERE}?show=mine")


def test_a_quotation_names_its_author_and_keeps_the_words(at: At) -> None:
    world = small_world(2)
    round_ = an_open_round(at, world)
    quoted = actions.publish_post(world.learners[0].viewer, round_, body="先学一条规矩，再解决一个问题。")
    client = browser(world.learners[1].viewer)
    form = read(client, f"{HERE}?quote={quoted.uuid}")
    assert f'<input type="hidden" name="quote" value="{quoted.uuid}">' in form
    client.post(HERE, {"body": "我们也这样做", "quote": str(quoted.uuid), "token": str(uuid.uuid4())})
    actions.edit_post(world.learners[0].viewer, quoted, body="改成别的话")
    text = read(client, HERE)
    assert f'posts/{quoted.uuid}#p-{quoted.uuid}">引用 学员1</a>' in text
    assert "<p>先学一条规矩，再解决一个问题。</p></blockquote>" in text
    actions.remove_post(world.tutor, quoted, reason="与主题无关")
    text = read(client, HERE)
    assert "引用 学员1 的帖子，原帖已删除。" in text
    assert "先学一条规矩" not in text
    refused = client.post(HERE, {"body": "还想引用", "quote": str(quoted.uuid), "token": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "请去掉引用后再发布" in refused.content.decode()


def test_a_change_is_kept_beside_what_stood_before(at: At) -> None:
    world = small_world(2)
    round_ = an_open_round(at, world)
    me = world.learners[0].viewer
    post = actions.publish_post(me, round_, body="第一稿")
    client = browser(me)
    thread = f"{HERE}/posts/{post.uuid}"
    assert ">\n第一稿</textarea>" in read(client, f"{thread}/edit")
    client.post(f"{thread}/edit", {"body": "第二稿"})
    assert "改过 1 次" in (own := read(client, thread))
    assert "第一稿" in own
    others = read(browser(world.learners[1].viewer), thread)
    assert ("改过 1 次" in others, "第一稿" in others) == (True, False)
    actions.feature_post(world.tutor, post)
    assert "已设为精华" in client.post(f"{thread}/edit", {"body": "第三稿"}).content.decode()
    at("2017-07-01T00:00:00+08:00")
    late = client.post(f"{thread}/edit", {"body": "第三稿"})
    assert late.status_code == 422
    assert "第三稿" in late.content.decode()
    post.refresh_from_db()
    assert (post.body, post.edits) == ("第二稿", 1)


def test_what_is_gone_keeps_its_place_while_replies_hang_on_it(at: At) -> None:
    world = small_world(3)
    round_ = an_open_round(at, world)
    mine, other = world.learners[0].viewer, world.learners[1].viewer
    withdrawn, removed, alone = (actions.publish_post(mine, round_, body=f"帖子{n}") for n in "甲乙丙")
    for post in (withdrawn, removed):
        actions.reply(other, post, body="跟一句")
    client = browser(mine)
    for _time in range(2):
        assert client.post(f"{HERE}/posts/{withdrawn.uuid}/withdraw").status_code == 302
    client.post(f"{HERE}/posts/{alone.uuid}/withdraw")
    actions.remove_post(world.tutor, removed, reason="与主题无关")
    text = read(client, HERE)
    assert ("帖子甲" in text, "帖子乙" in text, "帖子丙" in text) == (False, False, False)
    assert text.count("作者已撤回这条帖子。") == 1
    assert "原因：与主题无关" in text
    assert "看 1 条回帖" in text
    assert "已发 0 帖" in text
    seen = read(browser(other), HERE)
    assert "与主题无关" not in seen
    page = read(browser(world.learners[2].viewer), f"{HERE}/posts/{withdrawn.uuid}")
    assert "跟一句" in page
    assert "这条帖子已删除，不能再回帖。" in page


def test_a_report_is_made_once_with_a_reason_and_never_of_oneself(at: At) -> None:
    world = small_world(2)
    round_ = an_open_round(at, world)
    post = actions.publish_post(world.learners[0].viewer, round_, body="可疑")
    client = browser(world.learners[1].viewer)
    address = f"{HERE}/posts/{post.uuid}/report"
    assert "请填写举报原因" in client.post(address, {"reason": " \u200b"}).content.decode()
    assert client.post(address, {"reason": "抄袭他人"}).status_code == 302
    assert client.post(address, {"reason": "抄袭他人"}).status_code == 422
    assert (PostReport.objects.get().reason, PostReport.objects.get().state) == ("抄袭他人", "open")
    assert "您已举报" in read(client, HERE)
    own = browser(world.learners[0].viewer)
    assert "举报</a>" not in read(own, HERE)
    assert "不想保留可以撤回" in own.post(address, {"reason": "x"}).content.decode()


def test_nobody_reads_or_touches_anothers_draft(at: At) -> None:
    world = small_world(2)
    round_ = an_open_round(at, world)
    draft = actions.save_draft(world.learners[0].viewer, round_, body="没写完")
    client = browser(world.learners[1].viewer)
    for end in ("", "/edit", "/report"):
        assert client.get(f"{HERE}/posts/{draft.uuid}{end}").status_code == 404
    assert client.post(f"{HERE}/posts/{draft.uuid}/withdraw").status_code == 404


def test_hostile_posts_are_harmless_on_the_page(at: At) -> None:
    world = small_world(1)
    an_open_round(at, world)
    client = browser(world.learners[0].viewer)
    for n, html in enumerate(HOSTILE):
        client.post(HERE, {"body": f"<p>序号{n}</p>{html}", "token": str(uuid.uuid4())})
    assert Post.objects.count() == len(HOSTILE)
    text = read(client, HERE) + read(client, f"{HERE}?show=mine")
    shown = "".join(part.split("</div>")[0] for part in text.split('<div class="rt">')[1:])
    assert "序号" in shown
    for trace in (
        "<script",
        "<img",
        "<svg",
        "javascript:",
        "<iframe",
        "<form",
        "<input",
        " style=",
        " onerror=alert",
        " on",
        "\u202e",
    ):
        assert trace not in shown.replace(" onmouseover=alert(1) x", "")


def _thread_of(world: World, round_: DiscussionRound, posts: int) -> None:
    for n in range(posts):
        post = actions.publish_post(world.learners[0].viewer, round_, body=f"主帖{n}")
        for viewer in (world.learners[1].viewer, world.tutor, world.learners[1].viewer):
            last = actions.reply(viewer, post, body="回帖", quoted=post)
        actions.report_post(world.learners[2].viewer, last, reason="x")


def test_the_number_of_statements_does_not_grow(at: At) -> None:
    world = small_world(3)
    round_ = an_open_round(at, world)
    client = browser(world.learners[1].viewer)
    counts = []
    for posts in (1, 3):
        _thread_of(world, round_, posts)
        last = Post.objects.filter(parent=None).latest("pk")
        for address in (HERE.removesuffix("/1"), HERE, f"{HERE}?show=tutors", f"{HERE}/posts/{last.uuid}"):
            client.get(address)
            with CaptureQueriesContext(connection) as made:
                client.get(address)
            counts.append(len(made))
    assert counts[:4] == counts[4:]
    assert max(counts) <= 22


def test_posts_and_replies_page(at: At) -> None:
    world = small_world(1)
    round_ = an_open_round(at, world)
    me = world.learners[0].viewer
    for n in range(21):
        at(f"2017-06-25T10:00:{n:02}+08:00")
        actions.publish_post(me, round_, body=f"第{n}帖。")
    client = browser(me)
    first = client.get(HERE)
    assert "第20帖。" in first.content.decode()
    assert "第0帖。" not in first.content.decode()
    after = first.context["page"].next
    second = read(client, f"{HERE}?after={after}")
    assert ("第0帖。" in second, "第1帖。" in second, "第20帖。" in second) == (True, False, False)
