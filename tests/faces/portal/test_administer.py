"""The pages of two of the three administrators."""

from typing import Any

import pytest
from django.test import Client
from factories.worlds import settle

from yanxiu.people import actions
from yanxiu.people.models import Account
from yanxiu.people.queries import SYSTEM


@pytest.fixture
def holding(account: Account) -> Any:
    """A client signed in as somebody new who holds the role over the region given (the school's by default)."""

    def make(role: str, region: Any = None) -> Client:
        phone = f"101{Account.objects.count():08d}"
        person = actions.create_person(SYSTEM, name="管理员", phone=phone)
        made = actions.create_account(person)
        settle(person)
        region = region or account.person.organisation.region
        actions.grant_region_role(SYSTEM, person=person, role=role, region=region)
        client = Client()
        client.force_login(made)
        return client

    return make


def fail(times: int) -> None:
    for _time in range(times):
        Client().post("/sign-in", {"phone": "10039800417", "password": "wrong"})


def test_the_security_administrator_finds_an_account_by_its_whole_phone_and_lifts_the_lockout(holding: Any) -> None:
    fail(5)
    client = holding("security_admin")
    assert "何立新" in client.post("/administer/lockouts", {"phone": "10039800417"}).content.decode()
    assert "何立新" not in client.post("/administer/lockouts", {"phone": "1003980"}).content.decode()
    client.post("/administer/lockouts", {"phone": "10039800417", "lift": "1"})
    good = {"phone": "10039800417", "password": "liudong-4-kandao-haiou"}
    assert Client().post("/sign-in", good).status_code == 302


def test_an_account_of_another_region_is_not_found(holding: Any) -> None:
    elsewhere = actions.add_region(SYSTEM, code="42", name="湖北省", level="province")
    client = holding("security_admin", elsewhere)
    answer = client.post("/administer/lockouts", {"phone": "10039800417"})
    assert "何立新" not in answer.content.decode()
    assert client.post("/administer/lockouts", {"phone": "10039800417", "lift": "1"}).status_code == 422


def test_the_audit_administrator_turns_the_pages_of_the_log(holding: Any) -> None:
    region = Account.objects.get().person.organisation.region
    for number in range(60):
        actions.register_organisation(SYSTEM, name=f"第{number}小学", region=region)
    client = holding("audit_admin")
    first = client.get("/administer/audit")
    assert first.content.decode().count('<td class="r">') == 50
    older = first.content.decode().split("?before=")[1].split('"')[0]
    second = client.get(f"/administer/audit?before={older}").content.decode()
    assert f'<td class="r">{int(older) - 1}</td>' in second
    for junk in ("x", "-1", "9" * 40, "１"):
        assert client.get("/administer/audit", {"before": junk}).status_code == 200


@pytest.mark.parametrize(
    ("role", "lockouts", "audit"),
    [("system_admin", 403, 403), ("security_admin", 200, 403), ("audit_admin", 403, 200), ("organiser", 403, 403)],
)
def test_none_can_do_the_others_job(holding: Any, role: str, lockouts: int, audit: int) -> None:
    client = holding(role)
    found = (client.get("/administer/lockouts").status_code, client.get("/administer/audit").status_code)
    assert found == (lockouts, audit)
    home = client.get("/").content.decode()
    assert ("解除锁定" in home, "审计日志" in home) == (lockouts == 200, audit == 200)
    main = home.split("<main", 1)[1].split("</main>", 1)[0]  # on a phone this page is the way to all of one's work
    assert ("管理工作" in main, "/administer/audit" in main) == (role != "organiser", audit == 200)
