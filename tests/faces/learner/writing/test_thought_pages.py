"""思想汇报 in the browser: private, saved by itself, handed in once."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from factories.worlds import At, small_world

from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.outcomes import thought_reports as actions
from yanxiu.training.outcomes.models import ThoughtReport
from yanxiu.training.outcomes.tasks.actions import set_task

pytestmark = pytest.mark.django_db

LIST = "/my/classes/small-2017/thoughts"
TEXT = "近来学习以后的一些真实想法。" * 10


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def typed(body: str = TEXT, *, token: str = "a1", edition: int = 0, **more: str) -> dict[str, Any]:
    return {"title": "近期思想", "body": body, "token": token, "edition": edition, **more}


def test_begun_once_saved_by_itself_and_handed_in_once(at: At) -> None:
    world = small_world(1)
    client = browser(world.learners[0].viewer)
    addresses = {client.post(LIST)["Location"] for _ in range(2)}
    assert len(addresses) == 1
    address = addresses.pop()
    answer = client.post(address, typed(), headers={"Accept": "application/json"})
    assert answer.json()["characters"] == 130
    assert [client.post(address, typed(do="submit")).status_code for _ in range(2)] == [302, 302]
    assert ThoughtReport.objects.get().state == "submitted"
    assert "已提交" in client.get(LIST).content.decode()
    logged = AuditEntry.objects.filter(object_type="thought_report")
    assert all("近来" not in str(entry.details) for entry in logged)


def test_only_its_author_opens_it_here(at: At) -> None:
    world = small_world(2)
    mine = world.learners[0]
    client = browser(mine.viewer)
    address = client.post(LIST)["Location"]
    client.post(address, typed(do="submit"))
    fellow = browser(world.learners[1].viewer)
    assert fellow.get(address).status_code == 404
    assert fellow.post(address, typed()).status_code == 404
    assert "近期思想" not in fellow.get(LIST).content.decode()
    assert browser(world.other_learner.viewer).get(address).status_code == 404


def test_a_second_page_keeps_its_text_as_a_draft_of_its_own(at: At) -> None:
    world = small_world(1)
    client = browser(world.learners[0].viewer)
    address = client.post(LIST)["Location"]
    json = {"Accept": "application/json"}
    assert client.post(address, typed("甲窗口", token="aa"), headers=json).status_code == 200
    for text in ("乙窗口", "乙窗口又写"):
        assert client.post(address, typed(text, token="bb"), headers=json).status_code == 409
    assert list(ThoughtReport.objects.order_by("pk").values_list("body", flat=True)) == ["甲窗口", "乙窗口又写"]


def test_too_short_is_refused_and_stays_and_a_returned_one_goes_back_in(at: At) -> None:
    world = small_world(1)
    set_task(world.manager, world.cls, kind="thought_report", title="思想汇报", min_characters=100)
    client = browser(world.learners[0].viewer)
    address = client.post(LIST)["Location"]
    answer = client.post(address, typed("太短。", do="submit"))
    assert answer.status_code == 422
    assert "要求不少于 100 字，现有 2 字" in answer.content.decode()
    client.post(address, typed(edition=1, do="submit"))
    report = ThoughtReport.objects.get()
    actions.return_thought_report(world.tutor, report, reason="请联系实际")
    assert "请联系实际" in client.get(address).content.decode()
    assert client.post(address, typed(TEXT + "联系实际。", edition=9, do="submit")).status_code == 302
    assert ThoughtReport.objects.get().state == "resubmitted"
    assert client.post(LIST).status_code == 409  # one piece is asked for, and it is there
    assert client.post(address, {"do": "withdraw"}).status_code == 302
    assert client.post(LIST).status_code == 302


def test_a_withdrawn_one_is_made_a_draft_again_and_handed_in_and_after_the_due_day_withdrawing_warns(at: At) -> None:
    world = small_world(1)
    set_task(world.manager, world.cls, kind="thought_report", title="思想汇报", due_on=date(2017, 6, 12))
    client = browser(world.learners[0].viewer)
    address = client.post(LIST)["Location"]
    client.post(address, typed(do="submit"))
    assert client.post(address, {"do": "reopen"}).status_code == 409  # only what was withdrawn
    client.post(address, {"do": "withdraw"})
    assert "改回草稿，接着修改" in client.get(address).content.decode()
    assert client.post(address, {"do": "reopen"}).status_code == 302
    assert (ThoughtReport.objects.get().state, ThoughtReport.objects.get().submitted_at) == ("draft", None)
    assert client.post(address, typed(TEXT + "改好了。", edition=9, do="submit")).status_code == 302
    assert "可以改好再提交" in client.get(address).content.decode()
    at("2017-06-13T00:00:00+08:00")
    late = client.get(address).content.decode()
    assert ("撤回以后不能再提交" in late, "可以改好再提交" in late) == (True, False)
