"""Staff pages for somebody who chose English: the words are English, the data stay as they were written."""

import re

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from factories.worlds import World
from pytest_django import Settings

from yanxiu.config.messages import SOURCE, compile_messages
from yanxiu.config.options import data_dir
from yanxiu.people.models import Account
from yanxiu.training.discussion.models import Post

pytestmark = pytest.mark.django_db

CLASS = "/staff/classes/small-2017/"


@pytest.fixture
def english(studied: tuple[World, Post], settings: Settings) -> Client:
    compile_messages()
    settings.LOCALE_PATHS = [data_dir() / "locale"]
    client = Client()
    client.force_login(Account.objects.get(pk=studied[0].manager.account_id))
    client.cookies["lang"] = "en"
    return client


def _sources() -> list[str]:
    """Chinese texts of the interface without placeholders, long enough not to be somebody's data by chance."""
    with (SOURCE / "en" / "LC_MESSAGES" / "django.po").open("rb") as text:
        ids = [message.id for message in read_po(text) if isinstance(message.id, str)]
    return [text for text in ids if len(text) > 2 and "%" not in text]


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("", ("Class data", "Registered learners", "Compulsory (min)", "10 Jun 2017", "required", "pass mark")),
        ("figures/mean_minutes", ("How it is calculated", "Definition", "version 1", "(10 + 5) ÷ 3 = 5")),
        ("figures/mean_minutes?fragment=1", ("Full definition",)),
        ("figures/discussion_posters/evidence", ("Evidence: ", "Name or unit")),
        ("figures/exam_submitters/complement", (": who has not",)),
        ("report", ("Close-out report", "Create draft")),
        ("roster", ("Import learners",)),
    ],
)
def test_a_page_of_the_staff_in_english(english: Client, page: str, says: tuple[str, ...]) -> None:
    answer = english.get(CLASS + page)
    # What is typed into a field is data: a report, a reminder begins in Chinese whatever the language of the page.
    text = re.sub(r"<textarea.*?</textarea>|<input [^>]*>", "", answer.content.decode(), flags=re.DOTALL)
    assert answer.status_code == 200
    assert [words for words in says if words not in text] == []
    assert [words for words in _sources() if words in text] == []
    assert re.findall(r"\d+[年月日轮]|>人次?<", text) == []
