"""Headers on every answer, error pages with an id, switches without JavaScript, budgets of the shell."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from factories.worlds import small_world

import yanxiu.faces.frame
from yanxiu.config.urls import handler403, handler404, handler500  # noqa: F401  (Django reads them from this module)
from yanxiu.config.urls import urlpatterns as real
from yanxiu.faces.frame.middleware import fixed_headers
from yanxiu.people.models import Account

STATIC = Path(yanxiu.faces.frame.__file__).parent / "static" / "frame"


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("secret detail")


urlpatterns = [path("broken", broken), *real]
here = override_settings(ROOT_URLCONF=__name__)


@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/nowhere", "/broken", "/healthz", "/static/frame/nothing.css", "/sign-out", "/me"]
)
@here
def test_every_answer_carries_every_header(db: None, address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    for name, value in fixed_headers(secure=False).items():
        assert answer.headers[name] == value, name
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_https_adds_hsts(db: None, settings: Any) -> None:
    settings.SECURE = True
    assert "Strict-Transport-Security" in Client().get("/sign-in").headers
    settings.SECURE = False
    assert "Strict-Transport-Security" not in Client().get("/sign-in").headers


@here
def test_an_unhandled_error_shows_an_id_that_is_in_the_log_and_nothing_else(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    page = Client(raise_request_exception=False).get("/broken").content.decode()
    found = re.search(r'<b class="mono">([0-9a-f]{8})</b>', page)
    assert found
    assert any(found[1] in record.getMessage() and record.exc_info for record in caplog.records)
    assert not re.search("ZeroDivision|secret detail|Traceback", page)


def test_errors_name_the_class_managers_phone_to_people_of_the_class_only(db: None, at: Any) -> None:
    world = small_world()
    for viewer, shown in (
        (world.learners[0].viewer, True),
        (world.other_learner.viewer, False),
        (world.stranger, False),
    ):
        client = Client()
        client.force_login(Account.objects.get(pk=viewer.account_id))
        page = client.get("/nowhere").content.decode()
        assert ("tel:10000000004" in page, client.get("/nowhere").status_code) == (shown, 404)
    assert "tel:" not in Client().get("/nowhere").content.decode()


def test_switches_work_without_javascript(client: Client, db: None) -> None:
    assert 'data-size="normal"' in client.get("/sign-in").content.decode()
    for field, value in (("size", "large"), ("theme", "dark"), ("language", "en")):
        answer = client.post("/preferences", {field: value, "next": "/sign-in"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")
    page = client.get("/sign-in")
    assert 'lang="en" data-size="large" data-theme="dark"' in page.content.decode()
    assert page.headers["Content-Language"] == "en"


def test_values_nobody_offers_are_not_stored(client: Client, db: None) -> None:
    answer = client.post("/preferences", {"size": '"><script>', "theme": "x", "language": "fr"})
    assert answer.cookies == {}
    client.cookies["size"] = '"><script>'
    client.cookies["lang"] = "../../etc"
    page = client.get("/sign-in").content.decode()
    assert ("<script>" in page, 'lang="zh-CN" data-size="normal"' in page) == (False, True)


def test_chinese_comes_first_whatever_the_browser_says(client: Client, db: None) -> None:
    assert client.get("/sign-in", headers={"Accept-Language": "en-US"}).headers["Content-Language"] == "zh-hans"


def test_the_shell_is_light_and_asks_no_third_party(client: Client, db: None) -> None:
    css = (STATIC / "app.css").read_bytes()
    assert len(css) <= 25 * 1024
    shipped = b"".join(file.read_bytes() for file in STATIC.iterdir()) + client.get("/sign-in").content
    assert len(gzip.compress(shipped)) < 30 * 1024
    assert not re.search(rb"https?://(?!www\.w3\.org/2000/svg)", shipped)


def test_no_template_has_an_inline_style_or_handler() -> None:
    faces = Path(yanxiu.faces.frame.__file__).parents[1]
    templates = sorted(faces.glob("*/templates/**/*.html"))
    assert templates
    for template in templates:
        text = re.sub(r"(?s)\{% comment %\}.*?\{% endcomment %\}", "", template.read_text(encoding="utf-8"))
        assert not re.search(r'\sstyle=|\son[a-z]+="|javascript:', text), template.name
        assert not re.search(r"<script(?![^>]*(src|nonce)=)|<style(?![^>]*nonce=)", text), template.name
