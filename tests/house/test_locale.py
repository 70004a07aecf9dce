"""The English catalogue: whole, faithful to the sources, and really what an English reader gets."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from django.utils import translation
from house.tree import SOURCE
from pytest_django import Settings

from yanxiu.config.messages import compile_messages
from yanxiu.config.options import data_dir
from yanxiu.training.classes.models import TrainingClass

CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[0-9.]*[a-z]|%[sd%]|\{\{.*?\}\}|<[^>]+>")
MEANT = {"姓名", "手机", "单位", "职务", "题型", "题干", "答案"}  # headings a file must have, named in quotation marks


def _catalogue(path: Path = CATALOGUE) -> Catalog:
    with path.open("rb") as text:
        return read_po(text, abort_invalid=True)


def _entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _texts(side: object) -> list[str]:
    return [str(text) for text in side] if isinstance(side, list | tuple) else [str(side)]


def _keys(path: Path) -> set[tuple[object, ...]]:
    return {(message.context, *_texts(message.id)) for message in _entries(_catalogue(path))}


@pytest.fixture
def english(settings: Settings) -> None:
    """The catalogue compiled, and Django told to look there: changing the setting makes it forget what it had loaded."""
    compile_messages()
    settings.LOCALE_PATHS = [data_dir() / "locale"]


def test_every_text_is_translated_and_nothing_is_fuzzy() -> None:
    entries = _entries(_catalogue())
    assert len(entries) > 400
    assert [m.id for m in entries if m.fuzzy or not all(text.strip() for text in _texts(m.string))] == []


def test_both_sides_have_the_same_placeholders() -> None:
    changed = [
        english
        for message in _entries(_catalogue())
        for english in _texts(message.string)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(_texts(message.id)[0]))
    ]
    assert changed == []


def test_lines_break_alike_on_both_sides() -> None:
    entries = _entries(_catalogue())
    assert [
        m.id
        for m in entries
        if {t.count("\n") for t in _texts(m.id) + _texts(m.string)} != {_texts(m.id)[0].count("\n")}
    ] == []


def test_no_chinese_is_left_in_english() -> None:
    def left(text: str) -> bool:
        return bool(CHINESE.search(re.sub(r"“([^”]*)”", lambda found: "" if found[1] in MEANT else found[0], text)))

    assert [text for message in _entries(_catalogue()) for text in _texts(message.string) if left(text)] == []


def test_the_catalogue_names_no_machine_and_no_moment() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert not re.search(r"^#: /|POT-Creation-Date|PO-Revision-Date|\.venv|\.\./", text, re.MULTILINE)


def test_the_catalogue_compiles_without_gettext_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert compile_messages() == len(list((SOURCE / "locale").glob("*/LC_MESSAGES/*.po")))
    assert (data_dir() / "locale" / "en" / "LC_MESSAGES" / "django.mo").stat().st_size > 10_000


def test_every_text_of_the_sources_is_in_the_catalogue_and_no_other(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext is not installed: whether the catalogue is up to date has NOT been checked")
    copy = tmp_path / "yanxiu"
    for path in SOURCE.rglob("*"):
        inside = path.relative_to(SOURCE)
        if path.suffix in {".py", ".html", ".txt"} and inside.parts[:2] != ("config", "demo"):
            (copy / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / inside)
    (copy / "locale").mkdir()
    own = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH"}  # makemessages needs no settings, and reads only what is below it
    done = subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-wrap"],
        cwd=copy, env={k: v for k, v in os.environ.items() if k not in own}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    wanted, have = _keys(copy / "locale" / "en" / "LC_MESSAGES" / "django.po"), _keys(CATALOGUE)
    assert sorted(map(str, wanted - have)) == [], "not in the catalogue yet"
    assert sorted(map(str, have - wanted)) == [], "in the catalogue, but no longer in the sources"


def _without_chinese_on_purpose(page: str) -> str:
    """Without elements marked as Chinese (the language switch) and without the seal, which is a picture."""
    page = re.sub(r'<(\w+)[^>]*\slang="zh[^"]*"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
    return page.replace('<span class="seal" aria-hidden="true">研</span>', "")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "says"), [("portal:sign_in", "Sign in"), ("portal:ask", "Ask for an invite link")])
def test_a_page_in_english_has_no_chinese(english: None, name: str, says: str) -> None:
    client = Client()
    client.cookies["lang"] = "en"  # a choice of the person's: Accept-Language is not asked
    answer = client.get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "en"
    assert '<html lang="en"' in page
    assert says in page
    assert CHINESE.findall(_without_chinese_on_purpose(page)) == []


@pytest.mark.django_db
def test_a_refusal_is_in_english_too(english: None) -> None:
    client = Client()
    client.cookies["lang"] = "en"
    page = client.post(reverse("portal:sign_in"), {"phone": "", "password": ""}).content.decode()
    assert "Please enter your phone number." in page
    assert CHINESE.findall(_without_chinese_on_purpose(page)) == []


@pytest.mark.django_db
def test_without_a_choice_the_page_is_chinese(english: None) -> None:
    page = Client(headers={"accept-language": "en"}).get(reverse("portal:sign_in")).content.decode()
    assert '<html lang="zh-CN"' in page
    assert "登录" in page


def test_a_state_is_named_in_the_language_of_the_page(english: None) -> None:
    with translation.override("en"):
        assert str(TrainingClass.State.FROZEN.label) == "Frozen"
    with translation.override("zh-hans"):
        assert str(TrainingClass.State.FROZEN.label) == "已冻结"
