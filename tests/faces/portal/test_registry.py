"""The administrators' pages in the browser: from a paste of units to somebody who organises classes."""

from typing import Any

import pytest
from django.test import Client
from factories.worlds import settle

from yanxiu.people import actions
from yanxiu.people.models import Account, Organisation, Person, Region
from yanxiu.people.queries import SYSTEM, viewer_of_person
from yanxiu.training.classes.rules import can_organise_in


@pytest.fixture
def administrators(account: Account) -> tuple[Client, Client]:
    """A system administrator's client and a security administrator's, over the school's province."""
    clients = []
    for number, role in enumerate(("system_admin", "security_admin")):
        person = actions.create_person(
            SYSTEM, name=role, phone=f"1012345670{number}", organisation=account.person.organisation
        )
        made = actions.create_account(person)
        settle(person)
        actions.grant_region_role(SYSTEM, person=person, role=role, region=Region.objects.get(code="41"))
        client = Client()
        client.force_login(made)
        clients.append(client)
    return clients[0], clients[1]


def test_two_administrators_bring_an_organiser_into_being(administrators: tuple[Client, Client]) -> None:
    system, security = administrators
    home = system.get("/").content.decode()
    assert "/administer/units" in home
    assert "/administer/people" in home
    city = {"do": "region", "code": "4112", "name": "三门峡市", "level": "city"}
    assert system.post("/administer/units?region=41", city).status_code == 302
    pasted = {"do": "units", "names": "三门峡市教育局\n\n三门峡市实验中学", "kind": "bureau"}
    answer = system.post("/administer/units?region=4112", pasted)
    assert answer.status_code == 302
    assert "已保存" in system.get(answer["Location"]).content.decode()
    bureau = Organisation.objects.get(name="三门峡市教育局")
    page = f"/administer/people?unit={bureau.uuid}"
    assert page in system.get("/administer/units?region=4112").content.decode()
    new = {"do": "admit", "name": "孟思远", "phone": "10012340000", "post_title": "科长"}
    shown = system.post(page, new).content.decode()
    assert "/invite/" in shown
    assert "孟思远" in shown
    assert "/invite/" not in system.get(page).content.decode()  # shown once
    person = Person.objects.get(name="孟思远")
    address = f"/administer/people/{person.uuid}"
    assert address in security.post("/administer/people", {"do": "find", "q": "10012340000"}).content.decode()
    granted = security.post(address, {"do": "grant", "role": "organiser", "region": "4112 三门峡市"})
    assert granted.status_code == 302
    assert "已授予" in security.get(granted["Location"]).content.decode()
    assert can_organise_in(viewer_of_person(person), Region.objects.get(code="4112"))
    assert "孟思远" in system.get("/administer/roles").content.decode()


def test_a_refusal_keeps_what_was_typed_and_says_why(administrators: tuple[Client, Client]) -> None:
    system, security = administrators
    answer = system.post("/administer/units?region=41", {"do": "units", "names": "云岭中学\n新学校", "kind": "school"})
    assert answer.status_code == 422
    assert not Organisation.objects.filter(name="新学校").exists()
    assert "第 1 行“云岭中学”" in answer.content.decode()
    assert "新学校" in answer.content.decode()
    person = Person.objects.get(name="何立新")
    address = f"/administer/people/{person.uuid}"
    for client, body, words in (
        (system, {"do": "grant", "role": "organiser", "region": "41"}, "安全管理员"),
        (security, {"do": "grant", "role": "organiser", "region": "99"}, "没有这个地区代码"),
        (security, {"do": "grant", "role": "emperor", "region": "41"}, "没有这种角色"),
        (security, {"do": "close"}, "系统管理员"),
        (security, {"do": "invite"}, "系统管理员"),
        (system, {"do": "move", "unit": "没有的学校"}, "没有这个单位"),
    ):
        answer = client.post(address, body)
        assert answer.status_code == 422, body
        assert words in answer.content.decode(), body
    assert system.post(address, {"do": "no such button"}).status_code == 404


def test_nobody_grants_to_themselves_or_shuts_themselves_out(administrators: tuple[Client, Client]) -> None:
    system, security = administrators
    for client, name, body in (
        (security, "security_admin", {"do": "grant", "role": "organiser", "region": "41"}),
        (system, "system_admin", {"do": "close"}),
    ):
        address = f"/administer/people/{Person.objects.get(name=name).uuid}"
        assert client.post(address, body).status_code == 422
        assert 'value="grant"' not in client.get(address).content.decode()


def test_a_closed_account_is_signed_out_and_may_come_back(
    administrators: tuple[Client, Client], account: Account
) -> None:
    system, _security = administrators
    his = Client()
    his.force_login(account)
    address = f"/administer/people/{account.person.uuid}"
    assert system.post(address, {"do": "close"}).status_code == 302
    assert his.get("/me").status_code == 302  # to the sign-in page
    assert "恢复账号" in system.get(address).content.decode()
    assert system.post(address, {"do": "reopen"}).status_code == 302


def test_other_regions_and_broken_addresses_are_not_there(administrators: tuple[Client, Client]) -> None:
    system, _security = administrators
    elsewhere = actions.add_region(SYSTEM, code="42", name="湖北省", level="province")
    unit = actions.register_organisation(SYSTEM, name="江汉中学", region=elsewhere)
    for address in ("/administer/units?region=42", f"/administer/people?unit={unit.uuid}", "/administer/people?unit=x"):
        assert system.get(address).status_code == 404, address


def test_the_next_page_keeps_the_unit_and_the_words(administrators: tuple[Client, Client]) -> None:
    system, _security = administrators
    region = Region.objects.get(code="41")
    for number in range(60):
        actions.register_organisation(SYSTEM, name=f"第{number:02}小学", region=region)
    first: Any = system.get("/administer/units?region=41&q=小学")
    assert first.content.decode().count("小学</a>") == 50
    following = first.context["page"].next
    second = system.get("/administer/units", {"region": "41", "q": "小学", "after": following}).content.decode()
    assert second.count("小学</a>") == 10
