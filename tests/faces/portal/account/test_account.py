"""Password, phone, mail, sessions, one's data: the pages of an account."""

import io
import json
import signal
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from factories.worlds import World

from yanxiu.kit.telling import tell_untold
from yanxiu.people.models import Account, ErasureRequest, Person, SessionRecord, Takeout
from yanxiu.people.privacy.actions import erase_due, expire_takeouts
from yanxiu.people.privacy.takeout import file_of
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.notices.models import Notice

PASSWORD, NEW = "liudong-4-kandao-haiou", "qizhong-77-shuiniao"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"


def status(client: Client, address: str = "/me") -> int:
    return client.get(address).status_code


def test_a_new_password_signs_every_other_device_out_and_keeps_this_one(world: World, enter: Any) -> None:
    viewer = world.learners[0].viewer
    here, there = enter(viewer), enter(viewer)
    key = here.cookies["session"].value
    wrong = here.post("/me/password", {"current": "wrong", "password": NEW, "again": NEW})
    assert (wrong.status_code, "密码不对" in wrong.content.decode()) == (422, True)
    assert here.post("/me/password", {"current": PASSWORD, "password": NEW, "again": NEW}).status_code == 200
    assert (status(here), status(there)) == (200, 302)
    assert here.cookies["session"].value != key
    tell_untold()
    assert Notice.objects.get(person_id=viewer.person_id, kind="security").title == "密码已经修改"
    assert SessionRecord.objects.filter(account_id=viewer.account_id).count() == 1


def test_the_phone_changes_after_the_password_and_the_old_one_is_told_in_the_app(world: World, enter: Any) -> None:
    viewer = world.learners[0].viewer
    here, there = enter(viewer), enter(viewer)
    assert here.post("/me/phone", {"phone": "10088880001"}).status_code == 422
    assert here.post("/me/phone", {"phone": "10088880001", "current": PASSWORD}).status_code == 200
    assert (status(here), status(there)) == (200, 302)
    tell_untold()
    notice = Notice.objects.get(person_id=viewer.person_id, kind="security")
    assert "100****0001" in notice.body
    assert "10088880001" not in notice.title + notice.body
    assert Client().post("/sign-in", {"phone": "10088880001", "password": PASSWORD}).status_code == 302
    taken = here.post("/me/phone", {"phone": "10000000101", "current": PASSWORD})
    assert (taken.status_code, "这个号码不能用" in taken.content.decode()) == (422, True)


def test_sessions_are_listed_in_words_and_one_or_all_others_are_ended_at_once(world: World, enter: Any) -> None:
    viewer = world.learners[0].viewer
    here, office, phone = (enter(viewer, user_agent=EDGE) for _number in range(3))
    page = here.get("/me/sessions").content.decode()
    assert page.count("Windows · Edge") >= 3
    assert page.count("这台设备") == 1
    stranger = enter(world.learners[1].viewer)
    first = SessionRecord.objects.filter(account_id=viewer.account_id).order_by("pk")[1]
    assert stranger.post("/me/sessions", {"session": first.pk}).status_code == 404
    assert "那台设备已退出" in here.post("/me/sessions", {"session": first.pk}, follow=True).content.decode()
    assert [status(c) for c in (here, office, phone, stranger)] == [200, 302, 200, 200]
    assert here.post("/me/sessions", {"all": "1"}).status_code == 302
    assert [status(c) for c in (here, phone, stranger)] == [200, 302, 200]
    assert "已经退出登录" in here.post("/sign-out", follow=True).content.decode()
    assert not SessionRecord.objects.filter(account_id=viewer.account_id).exists()


def test_the_list_of_sessions_costs_the_same_for_one_and_for_three(
    world: World, enter: Any, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    here = enter(world.learners[0].viewer)
    with CaptureQueriesContext(connection) as one:
        status(here, "/me/sessions")
    queries = len(one)
    assert queries
    enter(world.learners[0].viewer), enter(world.learners[0].viewer)
    with django_assert_num_queries(queries):
        status(here, "/me/sessions")


def work() -> None:
    """The real task worker, until the queue is empty; it sets signal handlers, which are ours again afterwards."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    before = [signal.getsignal(number) for number in numbers]
    try:
        call_command("db_worker", batch=True, verbosity=0, interval=0, startup_delay=False)
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_the_copy_is_made_in_the_background_and_fetched_once_by_its_owner(enter: Any, at: Any, kept: Path) -> None:
    from factories.worlds import small_world

    world = small_world(1)
    viewer = world.learners[0].viewer
    client, stranger = enter(viewer), enter(world.stranger)
    assert client.post("/me/export", {"current": "wrong"}).status_code == 422
    assert client.post("/me/export", {"current": PASSWORD}).status_code == 302
    assert "正在准备" in client.get("/me/export").content.decode()
    assert client.post("/me/export", {"current": PASSWORD}).status_code == 422  # one at a time
    work()
    takeout = Takeout.objects.get()
    assert "下载（只能一次）" in client.get("/me/export").content.decode()
    assert stranger.post(f"/me/export/{takeout.uuid}").status_code == 404
    answer = client.post(f"/me/export/{takeout.uuid}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json"))
    assert data["tables"]["people.person"][0]["name"] == "学员1"
    assert client.post(f"/me/export/{takeout.uuid}").status_code == 422
    assert not file_of(takeout.uuid).exists()


def test_a_copy_nobody_fetches_is_gone_after_three_days(world: World, enter: Any, at: Any, kept: Path) -> None:
    client = enter(world.learners[0].viewer)
    client.post("/me/export", {"current": PASSWORD})
    takeout = Takeout.objects.get()
    file_of(takeout.uuid).write_bytes(b"x")
    Takeout.objects.update(state="ready", ready_at=takeout.asked_at)
    at("2017-06-13T07:00:00+08:00")
    assert expire_takeouts() == 0
    at("2017-06-13T09:00:00+08:00")
    assert expire_takeouts() == 1
    assert not file_of(takeout.uuid).exists()


def test_erasing_waits_seven_days_and_may_be_taken_back(world: World, enter: Any, at: Any) -> None:
    viewer = world.learners[0].viewer
    client = enter(viewer)
    assert client.post("/me/erase", {"current": PASSWORD}).status_code == 302
    assert "2017-06-17" in client.get("/me/erase").content.decode()
    assert "已申请，2017-06-17" in client.get("/me").content.decode()
    back = client.post("/me/erase", {"withdraw": "1"}, follow=True).content.decode()
    assert ("已撤回：不注销，一切照旧。" in back, 'class="side"' in back) == (True, True)
    assert "已申请" not in client.get("/me").content.decode()
    client.post("/me/erase", {"current": PASSWORD})
    at("2017-06-17T07:59:00+08:00")
    assert erase_due() == 0
    at("2017-06-17T08:01:00+08:00")
    assert (erase_due(), erase_due()) == (1, 0)
    assert Person.objects.get(pk=viewer.person_id).name == "已注销人员"
    assert status(client) == 302
    assert Account.objects.get(pk=viewer.account_id).is_active is False


def test_in_a_closed_class_a_manager_approves_first(world: World, enter: Any, at: Any) -> None:
    TrainingClass.objects.filter(pk=world.cls.pk).update(state="frozen")
    viewer = world.learners[0].viewer
    client, manager = enter(viewer), enter(world.manager)
    client.post("/me/erase", {"current": PASSWORD})
    wish = ErasureRequest.objects.get()
    at("2017-06-20T09:00:00+08:00")
    assert erase_due() == 0
    page = manager.get("/staff/classes/small-2017/corrections").content.decode()
    assert "注销申请" in page
    address = "/staff/classes/small-2017/corrections"
    assert enter(world.other_manager).post(address, {"erasure": wish.pk, "decision": "approve"}).status_code == 404
    assert manager.post(address, {"erasure": wish.pk, "decision": "reject"}).status_code == 422
    assert manager.post(address, {"erasure": wish.pk, "decision": "approve"}).status_code == 302
    assert manager.post(address, {"erasure": wish.pk, "decision": "approve"}).status_code == 404
    assert erase_due() == 1


def test_staff_give_their_roles_away_before_they_are_erased(world: World, enter: Any) -> None:
    answer = enter(world.manager).post("/me/erase", {"current": PASSWORD})
    assert (answer.status_code, "先请组织管理者解除" in answer.content.decode()) == (422, True)
    client = enter(
        world.organiser
    )  # over a region: the wish waits for a security administrator, who takes the role back
    assert client.post("/me/erase", {"current": PASSWORD}).status_code == 302
    assert "等待审核同意" in client.get("/me/erase").content.decode()
