"""The second factor of staff over the pages: required, given, lost."""

import re
from typing import Any

import pyotp
import pytest
from django.test import Client
from factories.worlds import World, person

from yanxiu.core.time import clock
from yanxiu.kit.telling import tell_untold
from yanxiu.people import actions
from yanxiu.people.models import Account, SignInFailure, TotpDevice
from yanxiu.people.queries import SYSTEM, viewer_of_person
from yanxiu.training.classes import actions as classes


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"


def where(client: Client, address: str = "/staff/") -> str:
    return str(client.get(address).headers.get("Location", ""))


def set_up(client: Client) -> tuple[str, list[str]]:
    page = client.post("/me/second-factor", {"do": "begin"}).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    found = re.search(r'class="mono secret">(\w+)<', page)
    assert '<svg viewBox="' in page  # drawn whole at any width, its quiet zone too
    assert found
    code = pyotp.TOTP(found[1]).at(clock.real_now())
    page = client.post("/me/second-factor", {"do": "confirm", "code": code}).content.decode()
    TotpDevice.objects.update(last_step=0)  # half a minute later, without waiting
    return found[1], re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", page)


def test_staff_set_one_up_before_any_page_opens_and_learners_do_not(world: World, enter: Any) -> None:
    for viewer in (world.manager, world.tutor, world.organiser, world.auditor):
        client = enter(viewer)
        assert where(client) == where(client, "/") == "/me/second-factor"
        assert client.get("/me/second-factor").status_code == 200
    assert where(enter(world.learners[0].viewer), "/me") == ""


def test_after_the_password_a_code_opens_the_pages_and_nothing_opens_before(world: World, enter: Any) -> None:
    secret, codes = set_up(enter(world.manager))
    assert len(codes) == 10
    client = enter(world.manager)
    assert {where(client, a) for a in ("/", "/me", "/staff/", "/me/export", "/me/erase")} == {"/sign-in/second-factor"}
    wrong = client.post("/sign-in/second-factor", {"code": "000000"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    key = client.cookies["session"].value
    assert client.post("/sign-in/second-factor", {"code": pyotp.TOTP(secret).at(clock.real_now())}).status_code == 302
    assert client.get("/staff/").status_code == 200
    assert client.cookies["session"].value != key
    other = enter(world.manager)
    assert other.post("/sign-in/second-factor", {"code": codes[0]}).status_code == 302
    assert other.get("/staff/").status_code == 200


def test_the_sixth_wrong_code_is_answered_with_429(world: World, enter: Any) -> None:
    set_up(enter(world.manager))
    client = enter(world.manager)
    answers = [client.post("/sign-in/second-factor", {"code": "000000"}) for _time in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_an_invite_or_a_recovery_code_does_not_go_round_the_second_factor(world: World, enter: Any) -> None:
    _secret, codes = set_up(enter(world.manager))
    account = Account.objects.get(pk=world.manager.account_id)
    _invite, token = actions.issue_invite(SYSTEM, person=account.person)
    by_link, by_code = Client(), Client()
    by_link.post(f"/invite/{token}")
    by_code.post("/sign-in/recovery", {"phone": account.phone, "code": codes[0]})
    for client in (by_link, by_code):
        assert where(client) == "/sign-in/second-factor"
        assert where(client, "/first/credential") == "/sign-in/second-factor"


def test_a_role_given_during_a_session_asks_in_it(world: World, enter: Any) -> None:
    learner = world.learners[0]
    client = enter(learner.viewer)
    assert client.get("/me").status_code == 200
    classes.assign_role(SYSTEM, world.other_class, person=learner.person, role="tutor")
    assert where(client, "/me") == "/me/second-factor"


def test_who_lost_the_phone_is_reset_by_the_security_administrator_and_told(world: World, enter: Any) -> None:
    enrolled = enter(world.manager)
    set_up(enrolled)
    keeper = person("安管", 77, world.institute)
    actions.grant_region_role(SYSTEM, person=keeper, role="security_admin", region=world.province)
    client = enter(viewer_of_person(keeper))
    set_up(client)
    phone = Account.objects.get(pk=world.manager.account_id).phone
    assert "已设好" in client.post("/administer/second-factors", {"phone": phone}).content.decode()
    assert "已重置" in client.post("/administer/second-factors", {"phone": phone, "reset": "1"}).content.decode()
    assert where(enrolled) == "/sign-in?next=%2Fstaff%2F"  # every session ended at once
    assert where(enter(world.manager)) == "/me/second-factor"
    from yanxiu.training.notices.models import Notice

    tell_untold()
    assert Notice.objects.filter(person_id=world.manager.person_id, kind="security").exists()


@pytest.mark.parametrize("mode", ["off", "optional"])
def test_where_it_is_not_required_nobody_is_sent_to_set_one_up(
    world: World, enter: Any, settings: Any, mode: str
) -> None:
    settings.STAFF_SECOND_FACTOR = mode
    client = enter(world.manager)
    assert client.get("/staff/").status_code == 200
    set_up(client)
    again = enter(world.manager)
    assert where(again) == ("" if mode == "off" else "/sign-in/second-factor")
    assert SignInFailure.objects.count() == 0


def test_passkeys_are_not_offered_on_an_ip_address_and_the_reason_is_said(
    world: World, enter: Any, settings: Any
) -> None:
    from urllib.parse import urlsplit

    settings.STAFF_SECOND_FACTOR = "off"
    settings.ORIGIN = urlsplit("http://127.0.0.1:8000")
    assert "data-passkey" not in Client().get("/sign-in").content.decode()
    assert "IP 地址" in enter(world.manager).get("/me/second-factor").content.decode()
    settings.ORIGIN = urlsplit("http://localhost:8000")
    assert "data-passkey" in Client().get("/sign-in").content.decode()


def test_a_passkey_challenge_is_single_use_and_for_its_purpose(world: World, enter: Any, settings: Any) -> None:
    from urllib.parse import urlsplit

    settings.STAFF_SECOND_FACTOR = "off"
    settings.ORIGIN = urlsplit("http://localhost:8000")
    client = Client()
    assert client.post("/passkey/begin?for=enter").json()["publicKey"]["rpId"] == "localhost"
    first = client.post("/passkey/finish?for=enter", {"id": "x"}, content_type="application/json")
    second = client.post("/passkey/finish?for=enter", {"id": "x"}, content_type="application/json")
    assert (first.json()["code"], second.json()["code"]) == ("passkey", "passkey_late")
    assert [client.post(f"/passkey/begin?for={purpose}").status_code for purpose in ("add", "verify", "")] == [404] * 3
    own = enter(world.learners[0].viewer)
    asked = own.post("/passkey/begin?for=add", headers={"accept": "application/json"})
    assert (asked.status_code, asked.json()["code"]) == (422, "password_wrong")  # the password again, first
    huge = client.post("/passkey/finish?for=enter", b"[" * 200_000, content_type="application/json")
    assert huge.status_code == 422
