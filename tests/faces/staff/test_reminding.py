"""发提醒: from the list of those who have not, to all of them or to those ticked, in the manager's words, once a day."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from factories.looking import look_for
from factories.worlds import At, World, small_world
from pytest_django import Settings
from record.reporting import frozen, studied_class

from yanxiu.config.messages import compile_messages
from yanxiu.config.options import data_dir
from yanxiu.faces.frame.learning.told import told
from yanxiu.kit.models import AuditEntry
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.training.notices.inbox.queries import own_notices
from yanxiu.training.notices.models import Notice

pytestmark = pytest.mark.django_db


def browser(viewer: Viewer) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=viewer.account_id))
    return client


def addresses(world: World, figure: str = "outcome_submitters") -> tuple[str, str]:
    return reverse("staff:complement", args=[world.cls.key, figure]), reverse(
        "staff:remind", args=[world.cls.key, figure]
    )


def test_all_are_reminded_by_one_click_a_day_and_the_link_opens_for_them(at: At) -> None:
    world = small_world(3)
    manager, (page, remind) = browser(world.manager), addresses(world)
    shown = manager.get(page).content.decode()
    assert ("提醒全部 3 人" in shown, "班主任提醒：您还没有提交研修成果" in shown, "今天已提醒" in shown) == (
        True,
        True,
        False,
    )
    assert manager.post(remind, {"then": "all"}).headers["Location"] == f"{page}?reminded=3"
    assert manager.post(remind, {"then": "all"}).headers["Location"] == f"{page}?reminded=0"
    assert manager.get(page).content.decode().count("今天已提醒</span>") == 3
    at("2017-06-11T09:00:00+08:00")
    assert manager.post(remind, {"then": "all"}).headers["Location"] == f"{page}?reminded=3"
    viewer = world.learners[0].viewer
    first, *_rest = own_notices(viewer).rows
    assert browser(viewer).get(told(first).href).status_code == 200
    assert set(Notice.objects.values_list("place", flat=True)) == {"outcomes"}


def test_usual_words_left_as_they_stand_reach_each_reader_in_their_own_language(at: At, settings: Settings) -> None:
    compile_messages()
    settings.LOCALE_PATHS = [data_dir() / "locale"]
    world = small_world(1)
    manager, (page, remind) = browser(world.manager), addresses(world)
    manager.cookies["lang"] = "en"
    found = re.findall(r'name="(title|body)"[^>]*value="([^"]*)"', manager.get(page).content.decode())
    prefilled = {name: unescape(value) for name, value in found}
    assert "From your class manager" in prefilled["title"]
    assert manager.post(remind, prefilled | {"then": "all"}).headers["Location"].endswith("reminded=1")
    (row,) = own_notices(world.learners[0].viewer).rows
    assert row.title == "班主任提醒：您还没有提交研修成果"
    with translation.override("en"):
        (row,) = own_notices(world.learners[0].viewer).rows
    assert row.title == prefilled["title"]


def test_only_those_ticked_are_reminded_in_the_managers_own_words(at: At) -> None:
    world = small_world(3)
    manager, (page, remind) = browser(world.manager), addresses(world)
    one, two, three = world.learners
    words = {"title": "成果还差您一篇", "body": "周五以前交，有困难请来电。", "then": "ticked"}
    stranger = world.other_learner.person.pk
    sent = manager.post(remind, words | {"who": [one.person.pk, three.person.pk, stranger, "x", "9" * 30]})
    assert sent.headers["Location"] == f"{page}?reminded=2"
    assert own_notices(one.viewer).rows[0].title == "成果还差您一篇"
    assert own_notices(one.viewer).rows[0].body == "周五以前交，有困难请来电。"
    assert own_notices(two.viewer).rows == own_notices(world.other_learner.viewer).rows == ()
    (entry,) = AuditEntry.objects.filter(action="remind_the_missing")
    assert (entry.class_id, entry.actor_id) == (world.cls.pk, world.manager.person_id)


def test_nobody_ticked_and_words_too_long_are_refused_with_the_words_kept(at: At) -> None:
    world = small_world(2)
    manager, (_page, remind) = browser(world.manager), addresses(world)
    refused = manager.post(remind, {"then": "ticked", "title": "别忘了成果"})
    text = refused.content.decode()
    assert (refused.status_code, "请先勾选要提醒的人" in text, 'value="别忘了成果"' in text) == (422, True, True)
    long = manager.post(remind, {"then": "all", "body": "长" * 201})
    assert (long.status_code, "最多 200 个字符" in long.content.decode()) == (422, True)
    assert not Notice.objects.exists()


def test_the_filtered_list_is_who_is_reminded(at: At) -> None:
    world = small_world(3)
    manager, (page, remind) = browser(world.manager), addresses(world)
    name = world.learners[1].person.name
    assert "提醒筛选出的全部 1 人" in look_for(manager, page, name).content.decode()
    manager.post(remind, {"then": "all", "name": name})
    assert [bool(own_notices(each.viewer).rows) for each in world.learners] == [False, True, False]


def test_only_managers_see_the_form_and_nobody_after_the_freeze(at: At, ledger: None) -> None:
    world, post = studied_class(at)
    page, remind = addresses(world, "exam_submitters")
    for viewer in (world.tutor, world.auditor):
        assert "提醒全部" not in browser(viewer).get(page).content.decode()
        assert browser(viewer).post(remind, {"then": "all"}).status_code == 403
    assert "提醒全部" in browser(world.organiser).get(page).content.decode()
    frozen(world, post)
    assert "提醒全部" not in browser(world.manager).get(page).content.decode()
    assert browser(world.manager).post(remind, {"then": "all"}).status_code == 422
