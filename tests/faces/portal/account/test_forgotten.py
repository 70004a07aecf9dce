"""Ways back in, and whom to ring."""

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from factories.worlds import World

from yanxiu.config.urls import urlpatterns as real
from yanxiu.faces.frame import errors
from yanxiu.faces.frame.guard import guard
from yanxiu.faces.frame.routes import Route
from yanxiu.kit.errors import Refused
from yanxiu.people import actions
from yanxiu.people.models import Account, Person
from yanxiu.people.queries import SYSTEM


def _bare(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_the_page_answers_alike_for_every_phone(world: World, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    phones = (str(world.learners[0].person.phone), "19999999999", "x")
    pages = {_bare(Client().post("/sign-in/forgot", {"phone": phone}).content.decode()) for phone in phones}
    assert len(pages) == 1
    assert "如果这个手机号登记了已确认的邮箱" in pages.pop()


def test_without_a_mail_server_nobody_is_sent_to_set_an_address(world: World, enter: Any, settings: Any) -> None:
    client = enter(world.learners[0].viewer)
    page = client.get("/me").content.decode()
    assert ("本系统没有开通邮件" in page, "设置邮箱" in page) == (True, False)
    settings.EMAIL_HOST = "mail.example.org"
    assert "设置邮箱" in client.get("/me").content.decode()


def test_without_a_mail_server_the_page_offers_what_works(world: World) -> None:
    page = Client().get("/sign-in/forgot").content.decode()
    assert "把登录链接发到我的邮箱" not in page
    assert "请班主任发链接" in page
    assert "恢复码" in page


def test_a_recovery_code_leads_to_a_new_password(world: World) -> None:
    from yanxiu.people.factors.actions import new_recovery_codes

    learner = world.learners[0]
    codes = new_recovery_codes(learner.viewer)
    client = Client()
    assert client.post("/sign-in/recovery", {"phone": learner.person.phone, "code": codes[0]}).status_code == 302
    assert client.get("/").headers["Location"] == "/first/credential"
    wrong = Client().post("/sign-in/recovery", {"phone": learner.person.phone, "code": codes[0]})
    unknown = Client().post("/sign-in/recovery", {"phone": "19999999999", "code": codes[0]})
    assert wrong.status_code == unknown.status_code == 422
    assert _bare(wrong.content.decode()) == _bare(unknown.content.decode())


def test_a_browser_that_was_signed_in_on_once_still_names_the_class_manager(world: World, enter: Any) -> None:
    client = enter(world.learners[0].viewer)
    client.post("/sign-out")
    phone = str(Person.objects.get(pk=world.manager.person_id).phone)
    for address in ("/sign-in", "/sign-in/forgot"):
        assert phone in client.get(address).content.decode()
        assert phone not in Client().get(address).content.decode()
    client.cookies["ring"] = "forged:by:hand"
    assert phone not in client.get("/sign-in").content.decode()


def refusing(request: HttpRequest, code: str) -> HttpResponse:
    raise Refused(code, "不行")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("away")


urlpatterns = [
    path("refused/<str:code>", guard(Route("", refusing, "r", "signed_in"))),
    path("broken", broken),
    path("away", guard(Route("", away, "a", "signed_in"))),
    *real,
]
handler404, handler500 = errors.not_found, errors.server_error


ERRORS = (
    ("/refused/forbidden", 403), ("/nowhere", 404), ("/refused/conflict", 409), ("/refused/odd", 422),
    ("/broken", 500), ("/away", 503), ("/refused/busy", 503), ("/refused/locked", 429),
)  # fmt: skip


@override_settings(ROOT_URLCONF=__name__)
def test_every_error_page_names_the_class_managers_phone(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(pk=world.learners[0].viewer.account_id))
    phone = str(Person.objects.get(pk=world.manager.person_id).phone)
    answers = [(client.get(address), code) for address, code in ERRORS]
    assert [answer.status_code for answer, code in answers] == [code for _answer, code in answers]
    assert all(phone in answer.content.decode() for answer, _code in answers)


def test_with_the_database_away_the_browser_itself_knows_whom_to_ring(
    world: World, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yanxiu.faces.frame import middleware

    client = enter(world.learners[0].viewer)

    def gone(_request: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(middleware, "get_user", gone)
    answer = client.get("/me")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert str(Person.objects.get(pk=world.manager.person_id).phone) in answer.content.decode()


def test_an_invite_opened_twice_says_where_to_go_on(world: World) -> None:
    _invite, token = actions.issue_invite(SYSTEM, person=world.learners[0].person)
    first = Client()
    first.post(f"/invite/{token}")
    second = Client().post(f"/invite/{token}")
    assert (second.status_code, "同一个浏览器" in second.content.decode()) == (422, True)
    assert first.get("/").headers["Location"] == "/first/credential"
