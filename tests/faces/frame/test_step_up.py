"""Grave deeds ask again who is doing them, unless that was said a few minutes ago; works without a script."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from django.contrib.auth import user_logged_in
from django.test import Client
from django.urls import get_resolver
from factories.worlds import World, small_world

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


def test_a_passkey_says_it_too(world: World, client: Client, settings: Any) -> None:
    from people.factors.test_passkeys import ORIGIN, Device  # thin entry point: one software authenticator for all

    settings.ORIGIN = urlsplit(ORIGIN)
    viewer, device = viewer_of(Account.objects.get(person_id=world.organiser.person_id)), Device()
    options, state = begin_adding(viewer)
    add_passkey(viewer, state, device.create(options), "手机")
    address, typed = _deed(world)
    page = client.post(address, typed, headers={"Referer": f"http://testserver{address}"}).content.decode()
    begin, finish = (html.unescape(each) for each in re.findall(r'data-(?:begin|finish)="([^"]+)"', page))
    script = {"content_type": "application/json", "headers": {"Accept": "application/json"}}
    assert Client().post(begin, **script).status_code == 404
    strange = client.post(begin, **script) and client.post(finish, {"id": "x"}, **script)
    assert (strange.status_code, client.post(address, typed).status_code) == (422, 403)
    answer = client.post(finish, device.sign(client.post(begin, **script).json()), **script)
    assert answer.json() == {"next": address}
    assert (client.post(address, typed).status_code, _roles(world)) == (302, 1)
