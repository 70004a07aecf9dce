"""What somebody looks for stands in the address as text only the same account reads, and only on the same day."""

import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from factories.worlds import small_world

from yanxiu.faces.frame.looking.searching import FIELD, sealed_search, sought
from yanxiu.people.models import Account


def _asked(find: str = "", account_id: int = 1) -> Any:
    query = QueryDict(mutable=True)
    query[FIELD] = find
    return SimpleNamespace(viewer=SimpleNamespace(account_id=account_id), GET=query)


def test_it_is_read_by_the_same_account_only_and_gives_away_no_length() -> None:
    names = ("王", "欧阳 𠮷野", "x" * 15, "欧" * 30, "𠮷" * 60)
    held = [sealed_search(_asked(), name) for name in names]
    assert [sought(_asked(each)) for each in held] == list(names)
    assert {sought(_asked(each, account_id=2)) for each in held} == {""}
    assert len({len(each) for each in held}) == 1
    assert sealed_search(_asked(), "王") != held[0]


@pytest.mark.parametrize("spoiled", ["", "王", "x", "=" * 700, "AAAA", "-_" * 60, "\0", "%00", "é" * 80])
def test_anything_else_is_no_search(spoiled: str) -> None:
    assert sought(_asked(spoiled)) == ""


def test_a_character_changed_is_no_search() -> None:
    held = sealed_search(_asked(), "苏晚晴")
    for place in range(0, len(held) - 4, 9):
        other = "A" if held[place] != "A" else "B"
        assert sought(_asked(held[:place] + other + held[place + 1 :])) == ""


def test_the_address_of_another_day_shows_the_whole_list(monkeypatch: pytest.MonkeyPatch) -> None:
    held, now = sealed_search(_asked(), "苏晚晴"), time.time()
    for passed, words in ((16 * 3600 - 5, "苏晚晴"), (16 * 3600 + 5, ""), (-60, "")):
        monkeypatch.setattr(time, "time", lambda passed=passed: now + passed)
        assert sought(_asked(held)) == words


@pytest.mark.django_db
def test_the_form_leads_back_to_its_own_list_and_nowhere_else(at: Any) -> None:
    world, client = small_world(), Client()
    client.force_login(Account.objects.get(pk=world.manager.account_id))
    sent = {
        "q": "学员1",
        "county": "411202",
        "name": "苏晚晴",
        "phone": "10000000001",
        "to": "/staff/classes/small-2017/#learners",
    }
    place = urlsplit(client.post("/search", sent)["Location"])
    assert (place.netloc, place.path, place.fragment) == ("", "/staff/classes/small-2017/", "learners")
    assert parse_qs(place.query).keys() == {"county", FIELD}
    page = client.get(f"{place.path}?{place.query}").content.decode()
    assert 'value="学员1"' in page
    for to in ("//evil.example/a", "https://evil.example", "\\\\evil.example", ""):
        assert client.post("/search", {"to": to})["Location"] == "/"
