"""Reports quote learners only with their consent: asked for once, given and taken back by the author, kept once published."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from factories.worlds import At, World
from record.reporting import drafted, frozen, studied_class

from yanxiu.config.wiring import plug_engines
from yanxiu.faces.frame.learning.told import told
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.record.reports.actions import correct_report, freeze_report, send_to_review
from yanxiu.record.reports.queries import live_doc
from yanxiu.record.reports.quoting.actions import answer_quotation, ask_quotation
from yanxiu.record.reports.tree import visible_text
from yanxiu.study import ports
from yanxiu.training.discussion.consent.actions import set_quotable
from yanxiu.training.discussion.models import Post
from yanxiu.training.notices.inbox.queries import own_notices

pytestmark = pytest.mark.django_db


@pytest.fixture
def studied(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, Post]]:
    monkeypatch.setenv("YANXIU_DATA_DIR", str(tmp_path))
    plug_engines()
    yield studied_class(at)
    ports.unplug()


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def test_a_quotation_without_consent_is_refused_by_name_until_the_author_agrees(studied: tuple[World, Post]) -> None:
    world, post = studied
    author = world.learners[0]
    set_quotable(author.viewer, post, quotable=False)
    report = drafted(world, post)  # a draft may wait for the answer
    with pytest.raises(Refused, match=f"第 7 行：正文引用了{author.person.name}在第 1 轮.*请作者同意引用") as refused:
        send_to_review(world.manager, report)
    assert (refused.value.code, refused.value.field, refused.value.row) == ("no_consent", "narrative", 7)
    answer_quotation(author.viewer, post, quotable=True)
    report = send_to_review(world.manager, report)
    answer_quotation(author.viewer, post, quotable=False)  # still theirs to take back
    with pytest.raises(Refused, match="还没有同意"):
        freeze_report(world.organiser, report)
    answer_quotation(author.viewer, post, quotable=True)
    assert freeze_report(world.organiser, report).state == "frozen"


def test_once_published_consent_stays_and_the_report_with_it(studied: tuple[World, Post]) -> None:
    world, post = studied
    author = world.learners[0].viewer
    report = frozen(world, post)
    printed = visible_text(live_doc(report))
    with pytest.raises(Refused, match=r"第 1 版.*不能收回同意") as refused:
        answer_quotation(author, post, quotable=False)
    assert refused.value.code == "published"
    correction = correct_report(world.manager, report, note="更正单位名称")
    assert send_to_review(world.manager, correction).state == "review"
    assert visible_text(live_doc(report)) == printed
    other = Post.objects.create(
        round=post.round,
        author=post.author,
        by_learner=True,
        body="另一帖",
        characters=3,
        state="visible",
        quotable=True,
    )
    assert answer_quotation(author, other, quotable=False).quotable is False  # not quoted: free


def test_the_author_is_asked_once_and_answers_where_the_notice_leads(studied: tuple[World, Post]) -> None:
    world, post = studied
    author, manager = world.learners[0].viewer, browser(world.manager)
    set_quotable(author, post, quotable=False)
    drafted(world, post)
    page = manager.get(reverse("staff:report", args=[world.cls.key])).content.decode()
    assert ("引用帖子要有作者的同意" in page, page.count("请作者同意引用</button>")) == (True, 1)
    ask = reverse("staff:ask_quotation", args=[world.cls.key, post.uuid])
    for _press in range(2):
        assert manager.post(ask).headers["Location"].endswith("report?asked=1")
    page = manager.get(reverse("staff:report", args=[world.cls.key])).content.decode()
    assert ("已请作者同意，等作者答复" in page, "请作者同意引用</button>" in page) == (True, False)
    (row,) = own_notices(author).rows
    assert (row.kind, row.title) == ("quotation", "结班报告想引用您的帖子，请您决定是否同意")
    learner = browser(author)
    assert "同意报告引用" in learner.get(told(row).href).content.decode()
    consent = reverse("learner:post_consent", args=[world.cls.key, post.round.num, post.uuid])
    said = learner.post(consent, {"quotable": "1"}, follow=True).content.decode()
    assert ("您已同意" in said, "收回引用同意" in said) == (True, True)
    page = manager.get(reverse("staff:report", args=[world.cls.key])).content.decode()
    assert "引用帖子要有作者的同意" not in page
    assert list(
        AuditEntry.objects.filter(object_type="post", object_id=post.pk, action__contains="quotation")
        .order_by("position")
        .values_list("action", flat=True)
    ) == ["allow_quotation", "withdraw_quotation", "ask_quotation", "allow_quotation"]


def test_nobody_but_the_author_answers_and_nobody_is_asked_for_the_staffs_words(studied: tuple[World, Post]) -> None:
    world, post = studied
    report = drafted(world, post)
    for somebody in (world.manager, world.learners[1].viewer, world.stranger):
        with pytest.raises(NotVisible):
            answer_quotation(somebody, post, quotable=False)
    Post.objects.filter(pk=post.pk).update(by_learner=False, quotable=False)
    with pytest.raises(NotVisible):
        ask_quotation(world.manager, report, post.uuid)
    assert send_to_review(world.manager, report).state == "review"


def test_a_published_refusal_is_said_on_the_learners_page(studied: tuple[World, Post]) -> None:
    world, post = studied
    frozen(world, post)
    consent = reverse("learner:post_consent", args=[world.cls.key, post.round.num, post.uuid])
    answer = browser(world.learners[0].viewer).post(consent, {"quotable": "0"})
    assert (answer.status_code, "签发以后不能收回同意" in answer.content.decode()) == (409, True)


def test_who_writes_a_post_agrees_only_by_ticking(studied: tuple[World, Post], at: At) -> None:
    world, post = studied
    at("2017-06-24T09:00:00+08:00")
    learner = browser(world.learners[1].viewer)
    address = reverse("learner:round", args=[world.cls.key, post.round.num])
    page = learner.get(address).content.decode()
    assert 'name="quotable" value="1">' in page  # not ticked beforehand
    learner.post(address, {"body": "第一帖，不选。"})
    learner.post(address, {"body": "第二帖，选了。", "quotable": "1"})
    mine = Post.objects.filter(author=world.learners[1].person).order_by("pk")
    assert list(mine.values_list("quotable", flat=True)) == [False, True]
    thread = reverse("learner:post", args=[world.cls.key, post.round.num, post.uuid])
    assert "同意报告引用" not in learner.get(thread).content.decode().replace("同意结班报告", "")  # not one's own
