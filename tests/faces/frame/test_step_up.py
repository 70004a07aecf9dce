"""Grave deeds ask again who is doing them, unless that was said a few minutes ago; works without a script."""

import html
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import user_logged_in
from django.db.models import F
from django.http import SimpleCookie
from django.test import AsyncClient, Client
from django.urls import get_resolver
from factories.worlds import World, small_world

from yanxiu.faces.frame.entering.fresh import PROVEN, PROVING
from yanxiu.people import actions
from yanxiu.people.factors.actions import begin_totp, confirm_totp
from yanxiu.people.factors.passkeys import add_passkey, begin_adding
from yanxiu.people.models import Account, Person
from yanxiu.people.queries import SYSTEM, viewer_of
from yanxiu.training.classes.models import ClassRole

PASSWORD = "liudong-4-kandao-haiou"
GRAVE = {
    "report_freeze", "certificates_issue", "certificate_revoke", "certificate_reissue", "setup_staff", "person",
    "second_factors",
}  # fmt: skip


@pytest.fixture
def world(db: None, at: Any) -> World:
    return small_world()


@pytest.fixture
def client(world: World) -> Client:
    """The class manager, signed in with a password an hour ago."""
    person = Person.objects.get(pk=world.organiser.person_id)
    _invite, token = actions.issue_invite(SYSTEM, person=person)
    actions.consume_invite(token, PASSWORD, "127.0.0.1")
    client = Client()
    assert client.post("/sign-in", {"phone": person.phone, "password": PASSWORD}).status_code == 302
    _stale(client)
    return client


def _stale(client: Client) -> None:
    session = client.session
    session["fresh"] -= 3600
    session.save()


def _deed(world: World) -> tuple[str, dict[str, str]]:
    colleague = Person.objects.create(name="章明理", phone="10000000981")
    return f"/staff/classes/{world.cls.key}/setup/staff", {"phone": colleague.phone or "", "role": "tutor"}


def _roles(world: World) -> int:
    return ClassRole.objects.filter(training_class=world.cls, person__phone="10000000981").count()


def test_every_grave_deed_and_no_other_route_asks() -> None:
    routes = [p.callback.route for each in get_resolver().url_patterns for p in getattr(each, "url_patterns", [])]
    assert {route.name for route in routes if route.fresh} == GRAVE


def test_after_an_hour_nothing_happens_before_the_password_and_what_was_typed_is_kept(
    world: World, client: Client
) -> None:
    address, typed = _deed(world)
    asked = client.post(address, typed)
    page = asked.content.decode()
    assert (asked.status_code, _roles(world)) == (403, 0)
    kept = dict(re.findall(r'<input type="hidden" name="(phone|role)" value="([^"]*)">', page))
    assert kept == typed
    assert "确认并办理" in page
    wrong = client.post(address, kept | {"again_password": "not-this-one"})
    assert (wrong.status_code, _roles(world)) == (422, 0)
    assert "密码不对" in wrong.content.decode()
    right = client.post(address, kept | {"again_password": PASSWORD})
    assert (right.status_code, _roles(world)) == (302, 1)
    again = client.post(address, typed | {"role": "class_manager"})  # within the minutes: not asked
    assert (again.status_code, _roles(world)) == (302, 2)


def test_a_code_of_the_app_does_as_well_and_only_once(world: World, client: Client) -> None:
    account = Account.objects.select_related("person").get(person_id=world.organiser.person_id)
    secret, _address = begin_totp(viewer_of(account))
    totp = pyotp.TOTP(secret)
    confirm_totp(viewer_of(account), totp.now(), "127.0.0.1")
    address, typed = _deed(world)
    assert 'name="again_code"' in client.post(address, typed).content.decode()
    used = client.post(address, typed | {"again_code": totp.now()})
    assert (used.status_code, _roles(world)) == (422, 0)  # it set the app up: used


def test_wrong_passwords_count_against_the_lockout_of_signing_in(world: World, client: Client) -> None:
    address, typed = _deed(world)
    statuses = [client.post(address, typed | {"again_password": f"wrong-{n}"}).status_code for n in range(8)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert client.post(address, typed | {"again_password": PASSWORD}).status_code == 429
    assert _roles(world) == 0


def test_a_session_that_never_said_when_is_stale(world: World) -> None:
    address, typed = _deed(world)
    client = Client()
    receivers, user_logged_in.receivers = user_logged_in.receivers, []
    try:
        client.force_login(Account.objects.get(person_id=world.organiser.person_id))
    finally:
        user_logged_in.receivers = receivers
    page = client.post(address, typed)
    assert (page.status_code, _roles(world)) == (403, 0)
    assert "重新登录" in page.content.decode()  # neither password nor app: sign in again


def test_reading_never_asks_and_a_script_hears_it_as_json(world: World, client: Client) -> None:
    address, typed = _deed(world)
    assert client.get(f"/staff/classes/{world.cls.key}/setup").status_code == 200
    said = client.post(address, typed, headers={"Accept": "application/json"})
    assert (said.status_code, said.json()["code"]) == (403, "stale")


SCRIPT = {"headers": {"Accept": "application/json"}}


def _device(world: World, settings: Any, counter: int = 1) -> Any:
    """A passkey of the class manager's."""
    from people.factors.test_passkeys import ORIGIN, Device  # thin entry point: one software authenticator for all

    settings.ORIGIN = urlsplit(ORIGIN)
    account = Account.objects.get(person_id=world.organiser.person_id)
    options, state = begin_adding(viewer_of(account))
    device = Device(counter=counter)
    add_passkey(viewer_of(account), state, device.create(options), "手机")
    return device


def _signed(client: Client, device: Any, page: str) -> str:
    """What the page's script puts into the form."""
    (begin,) = re.findall(r'data-passkey="deed" data-begin="([^"]+)"', page)
    return json.dumps(device.sign(client.post(html.unescape(begin), **SCRIPT).json()))


@pytest.mark.parametrize("minutes", [0, 10])
def test_a_passkey_says_it_too_for_the_deed_that_was_asked_about(
    world: World, client: Client, settings: Any, minutes: int
) -> None:
    device = _device(world, settings)
    settings.FRESH_SECONDS = minutes * 60
    address, typed = _deed(world)
    page = client.post(address, typed).content.decode()
    (begin,) = re.findall(r'data-passkey="deed" data-begin="([^"]+)"', page)
    assert Client().post(html.unescape(begin), **SCRIPT).status_code == 404
    assert client.post(html.unescape(begin), **SCRIPT).status_code == 200
    for strange in ("x", "[]", "[" * 9999, json.dumps({"id": "x"}), json.dumps({"id": 7, "response": []})):
        asked = client.post(address, typed | {"again_passkey": strange})
        assert (asked.status_code, _roles(world)) == (422, 0)
    answer = _signed(client, device, page)
    assert (client.post(address, typed | {"again_passkey": answer}).status_code, _roles(world)) == (302, 1)
    once_more = client.post(address, typed | {"role": "class_manager", "again_passkey": answer})
    assert once_more.status_code == (302 if minutes else 422)
    assert _roles(world) == (2 if minutes else 1)


def test_with_0_minutes_every_deed_asks_and_a_sign_in_a_second_ago_counts_for_nothing(
    world: World, client: Client, settings: Any
) -> None:
    settings.FRESH_SECONDS = 0
    address, typed = _deed(world)
    phone = Person.objects.get(pk=world.organiser.person_id).phone
    assert client.post("/sign-in", {"phone": phone, "password": PASSWORD}).status_code == 302
    asked = client.post(address, typed)
    assert (asked.status_code, "分钟内有效" in asked.content.decode()) == (403, False)
    for role, roles in (("tutor", 1), ("class_manager", 2)):
        assert client.post(address, typed | {"role": role}).status_code == 403
        said = client.post(address, typed | {"role": role, "again_password": PASSWORD})
        assert (said.status_code, _roles(world)) == (302, roles)


def test_with_0_minutes_whoever_has_a_passkey_alone_still_gets_through_to_their_own_account(
    world: World, client: Client, settings: Any
) -> None:
    device = _device(world, settings)
    account = Account.objects.get(person_id=world.organiser.person_id)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    client = Client()
    client.force_login(account)
    settings.FRESH_SECONDS = 0
    typed = {"password": PASSWORD + "-2", "again": PASSWORD + "-2"}
    asked = client.post("/me/password", typed)
    page = asked.content.decode()
    assert (asked.status_code, "退出登录" in page) == (403, True)
    assert dict(re.findall(r'<input type="hidden" name="(password|again)" value="([^"]*)">', page)) == typed
    another = client.post("/passkey/begin?for=add", {"label": "平板"}, **SCRIPT)  # the script then asks the passkey
    assert (another.status_code, another.json()["code"]) == (403, "stale")
    more = {"label": "平板", "again_passkey": _signed(client, device, page)}
    assert "publicKey" in client.post("/passkey/begin?for=add", more, **SCRIPT).json()
    done = client.post("/me/password", typed | {"again_passkey": _signed(client, device, page)})
    assert done.status_code == 200
    account.refresh_from_db()
    assert account.check_password(PASSWORD + "-2")


def test_two_requests_at_once_with_one_answer_of_a_passkey_are_one(world: World, client: Client, settings: Any) -> None:
    device = _device(world, settings, counter=0)  # it counts nothing: the challenge alone is what works once
    settings.FRESH_SECONDS = 0
    address, typed = _deed(world)
    answer = _signed(client, device, client.post(address, typed).content.decode())
    put = dict(client.session.items())
    assert client.post(address, typed | {"again_passkey": answer}).status_code == 302
    session = client.session  # as the second of two at once has read it
    session.update(put)
    session.save()
    second = client.post(address, typed | {"role": "class_manager", "again_passkey": answer})
    assert (second.status_code, _roles(world)) == (422, 1)


def test_a_role_that_has_changed_meanwhile_signs_nobody_out_between_the_two_steps_of_a_deed(
    client: Client, world: World
) -> None:
    """The server asks for the password in a first step whose answer the browser never sees (docs/decisions/0035)."""
    address, fields = _deed(world)
    Account.objects.filter(person_id=world.organiser.person_id).update(roles_epoch=F("roles_epoch") + 1)
    statuses = []
    for mark in (PROVING, PROVEN):
        step = AsyncClient(**{mark: "1"})
        step.cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
        statuses.append(async_to_sync(step.post)(address, {**fields, "again_password": PASSWORD}).status_code)
    assert (statuses, _roles(world)) == ([204, 302], 1)
