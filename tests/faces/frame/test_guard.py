"""Every route's declaration is enforced before its view runs, and refusals become pages."""

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from yanxiu.faces.frame.guard import guard
from yanxiu.faces.frame.routes import Route
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people.queries import SIGNED_OUT, Viewer
from yanxiu.study.ports import NotStored

SOMEBODY = Viewer(None, 1, "何立新", None, (), is_signed_in=True)


def call(view: Any, *, method: str = "GET", viewer: Viewer = SOMEBODY, path: str = "/x", **route: Any) -> HttpResponse:
    route = {"audience": "signed_in", **route}
    request = RequestFactory().generic(method, path, headers=route.pop("headers", None))
    request.viewer = viewer  # type: ignore[attr-defined]  # what the middleware does
    answer = guard(Route("x", view, "x", **route))(request)
    assert isinstance(answer, HttpResponse)
    return answer


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


def raising(error: Exception) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_undeclared_methods_get_405_and_the_list(method: str) -> None:
    answer = call(fine, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("audience", ["signed_in", "learner", "staff"])
def test_signed_out_is_sent_to_sign_in_and_comes_back(audience: str) -> None:
    answer = call(fine, viewer=SIGNED_OUT, audience=audience, path="/x?a=1&b=//evil")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=%2Fx%3Fa%3D1%26b%3D%2F%2Fevil")


def test_a_signed_out_post_is_not_replayed_after_sign_in() -> None:
    answer = call(fine, viewer=SIGNED_OUT, method="POST", methods=("POST",))
    assert answer.headers["Location"] == "/sign-in?next=%2F"


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/my/rounds/1?after=x", "%2Fmy%2Frounds%2F1"),
        ("http://evil.example/my", "%2F"),
        ("http://testserver//evil.example", "%2F"),
        ("nonsense", "%2F"),
    ],
)
def test_a_writer_signed_out_comes_back_to_the_page_of_the_form(referer: str, back: str) -> None:
    answer = call(fine, viewer=SIGNED_OUT, method="POST", methods=("POST",), headers={"Referer": referer})
    assert answer.headers["Location"] == f"/sign-in?next={back}"


def test_machines_get_json_not_a_redirect() -> None:
    answer = call(fine, viewer=SIGNED_OUT, path="/api/sessions")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
    refusal = call(raising(Refused("late", "太晚了", field="body", row=3)), path="/api/x")
    assert refusal.status_code == 422
    assert b'"code": "late"' in refusal.content


@pytest.mark.parametrize(
    "declared",
    [
        {"audience": "everybody"},
        {"audience": ""},
        {"permission": "training.classes.fly"},
        {"permission": "nowhere.x"},
        {"permission": "x"},
    ],
)
def test_an_unknown_audience_or_permission_refuses_everybody(declared: dict[str, str]) -> None:
    assert call(fine, **declared).status_code == 403


def test_a_known_permission_passes_to_the_view() -> None:
    assert call(fine, permission="training.classes.manage").content == b"fine"


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (NotVisible(), 404, "没有这个页面"),
        (Refused("anything", "手机号应为 11 位数字。"), 422, "手机号应为 11 位数字。"),
        (Refused("roster", "姓名没有填。", row=12), 422, "第 12 行：姓名没有填。"),
        (Refused("forbidden", "不行。"), 403, "不行。"),
        (Refused("class_frozen", "已冻结。"), 409, "已冻结。"),
        (Refused("slow_down", "慢。"), 429, "慢。"),
        (OperationalError("database is locked"), 503, "请过几秒再试"),
        (NotStored("学时台账写不进"), 503, "请过几秒再试"),
    ],
)
def test_what_becomes_of_a_refusal(db: None, error: Exception, status: int, text: str) -> None:
    answer = call(raising(error))
    page = answer.content.decode()
    assert (answer.status_code, text in page, "Traceback" in page) == (status, True, False)
    assert ("Retry-After" in answer.headers) == (status in {429, 503})
    fragment = call(raising(error), path="/x?fragment=1").content.decode()
    assert (text in fragment, "<html" in fragment) == (True, False)


def test_words_of_a_refusal_are_escaped(db: None) -> None:
    page = call(raising(Refused("x", "<script>alert(1)</script>"))).content.decode()
    assert "<script>alert" not in page
