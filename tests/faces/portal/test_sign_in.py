"""Signing in and out, over the real pages."""

import pytest
from django.http import HttpResponse
from django.test import Client

from yanxiu.people import actions
from yanxiu.people.models import Account, SessionRecord, SignInFailure
from yanxiu.people.queries import SYSTEM

PASSWORD = "liudong-4-kandao-haiou"
PHONE = "10039800417"


def sign_in(client: Client, password: str = PASSWORD, target: str = "/me") -> HttpResponse:
    answer: HttpResponse = client.post("/sign-in", {"phone": PHONE, "password": password, "next": target})
    return answer


def test_the_right_password_signs_in_under_a_new_session_key(client: Client, account: Account) -> None:
    session = client.session
    session["before"] = 1
    session.save()
    planted = session.session_key
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me")
    assert client.session.session_key != planted
    assert "100****0417" in client.get("/me").content.decode()
    assert PHONE not in client.get("/me").content.decode()


def test_signing_in_again_from_a_page_the_browser_kept_is_one_new_session(client: Client, account: Account) -> None:
    sign_in(client)
    before = client.session.session_key
    assert sign_in(client).status_code == 302
    kept = list(SessionRecord.objects.values_list("session_key", flat=True))
    assert kept == [client.session.session_key] != [before]


def test_the_session_cookie_is_http_only_and_lax(client: Client, account: Account) -> None:
    cookie = sign_in(client).cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")


def test_a_wrong_password_shows_the_form_again_with_what_to_do(client: Client, account: Account) -> None:
    answer = sign_in(client, "wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "手机号或密码不对" in page
    assert 'role="alert"' in page
    assert "wrong" not in page


def test_the_sixth_failure_is_told_when_to_come_back(client: Client, account: Account) -> None:
    answers = [sign_in(client, "wrong").status_code for _time in range(5)]
    locked = sign_in(client)
    assert (answers, locked.status_code, "Retry-After" in locked.headers) == ([422] * 5, 429, True)
    assert "15 分钟" in locked.content.decode()


@pytest.mark.parametrize("phone", [PHONE, "19999999999"])
def test_known_and_unknown_phones_get_the_same_page(client: Client, account: Account, phone: str) -> None:
    answer = client.post("/sign-in", {"phone": phone, "password": "wrong"})
    page = answer.content.decode().replace(phone, "PHONE")
    start = page.index("<main")
    assert answer.status_code == 422
    assert "手机号或密码不对。连续输错会暂时锁定；忘了密码可以请班主任重发邀请链接。" in page[start:]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
        "/\t/evil.example", "http:evil.example", "evil.example", "/ok\r\nX: y", " //evil.example", "",
    ],
)  # fmt: skip
def test_no_redirect_leaves_the_site(client: Client, account: Account, target: str) -> None:
    assert sign_in(client, target=target).headers["Location"] == "/"
    assert client.post("/preferences", {"size": "large", "next": target}).headers["Location"] == "/"


def test_a_signed_in_visitor_of_the_form_is_sent_on(client: Client, account: Account) -> None:
    sign_in(client)
    assert client.get("/sign-in?next=/me").headers["Location"] == "/me"
    assert client.get("/sign-in?next=//evil.example").headers["Location"] == "/"


def test_empty_fields_name_themselves(client: Client, account: Account) -> None:
    page = client.post("/sign-in", {}).content.decode()
    assert ("手机号没有填。" in page, "密码没有填。" in page) == (True, True)
    assert SignInFailure.objects.count() == 0


def test_signing_out_is_a_post_and_ends_the_session(client: Client, account: Account) -> None:
    sign_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/me").status_code == 200
    client.post("/sign-out")
    assert client.get("/me").headers["Location"] == "/sign-in?next=%2Fme"


def test_a_new_password_ends_the_sessions_of_the_old_one(client: Client, account: Account) -> None:
    sign_in(client)
    _invite, token = actions.issue_invite(SYSTEM, person=account.person)
    elsewhere = Client()
    elsewhere.post(f"/invite/{token}")
    elsewhere.post("/first/credential", {"password": "qizhong-77-shuiniao", "again": "qizhong-77-shuiniao"})
    assert client.get("/me").status_code == 302


def test_a_closed_account_is_out_at_the_next_request(client: Client, account: Account) -> None:
    sign_in(client)
    actions.close_account(SYSTEM, account=account)
    assert client.get("/me").status_code == 302


def test_a_change_of_role_gives_the_running_session_a_new_key(client: Client, account: Account) -> None:
    sign_in(client)
    key = client.session.session_key
    client.get("/me")
    assert client.session.session_key == key
    region = account.person.organisation.region
    actions.grant_region_role(SYSTEM, person=account.person, role="auditor", region=region)
    assert client.get("/me").status_code == 200
    assert client.session.session_key != key
    stolen = Client()
    stolen.cookies["session"] = str(key)
    assert stolen.get("/me").status_code == 302


def test_posts_without_a_csrf_token_are_refused_in_words(account: Account) -> None:
    strict = Client(enforce_csrf_checks=True)
    for address in ("/sign-in", "/sign-out", "/preferences", "/invite/ask", "/invite/abc"):
        answer = strict.post(address, {})
        assert answer.status_code == 403
        assert "页面过期了" in answer.content.decode()
    came = (
        "http://testserver/my/classes/x/rounds/1"  # from a page of an earlier sign-in: the way back, where the text is
    )
    stale = strict.post("/my/classes/x/rounds/1", {"body": "写了很久"}, headers={"referer": came}).content.decode()
    assert '<a class="btn p" href="/my/classes/x/rounds/1">回到刚才的页面</a>' in stale
    foreign = strict.post("/me/phone", {}, headers={"referer": "http://elsewhere.example/x"}).content.decode()
    assert (">回到刚才的页面<" in foreign, "elsewhere" in foreign) == (False, False)
