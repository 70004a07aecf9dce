"""Demo links: this machine only, single use, by POST."""

from typing import Any

import pytest
from django.test import Client

from yanxiu.faces.portal import demo
from yanxiu.people.models import Account


@pytest.fixture
def link(account: Account, settings: Any) -> str:
    settings.DEMO = True
    demo.offer({"token-1": account.phone})
    return "/demo/token-1"


def test_looking_at_a_link_uses_nothing_up_and_a_post_signs_in_once(client: Client, link: str) -> None:
    assert [client.get(link).status_code for _time in range(3)] == [200] * 3
    assert client.get("/me").status_code == 302
    assert client.post(link).status_code == 302
    assert client.get("/me").status_code == 200
    assert Account.objects.get().activated_at is not None  # the link was this person's invite: nobody need send one
    assert (Client().post(link).status_code, Client().get(link).status_code) == (404, 404)


def test_only_in_a_demo(client: Client, link: str, settings: Any) -> None:
    settings.DEMO = False
    assert (client.get(link).status_code, client.post(link).status_code) == (404, 404)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"])
def test_not_through_a_proxy(client: Client, link: str, header: str) -> None:
    assert client.post(link, headers={header: "127.0.0.1"}).status_code == 404


def test_not_from_another_machine(link: str) -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").post(link).status_code == 404


def test_links_come_from_the_environment_once(
    client: Client, account: Account, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    monkeypatch.setenv("YANXIU_DEMO_LINKS", '{"token-2": "10039800417"}')
    assert client.post("/demo/token-2").status_code == 302
    assert Client().post("/demo/token-2").status_code == 404
