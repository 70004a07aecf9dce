"""The language somebody has chosen follows what is sent to them."""

import pytest
from django.test import Client
from factories.worlds import small_world

from yanxiu.people.models import Account
from yanxiu.people.profile.language import languages_of, remember_language
from yanxiu.people.queries import SIGNED_OUT

pytestmark = pytest.mark.django_db
PASSWORD = "liudong-4-kandao-haiou"


def test_the_last_choice_holds_and_nonsense_changes_nothing() -> None:
    viewer = small_world(1).learners[0].viewer
    person = viewer.person_id or 0
    assert languages_of([person]) == {}
    for chosen, held in (("en", "en"), ("fr", "en"), ("", "en"), ("zh-hans", "zh-hans"), ("en" * 500, "zh-hans")):
        remember_language(viewer, chosen)
        assert languages_of([person]) == {person: held}
    remember_language(SIGNED_OUT, "en")
    assert Account.objects.filter(language="en").count() == 0


def test_a_language_chosen_before_signing_in_is_remembered_at_signing_in() -> None:
    account = Account.objects.get(pk=small_world(1).learners[0].viewer.account_id)
    account.set_password(PASSWORD)
    account.save()
    client = Client()
    client.post("/preferences", {"language": "en"})
    assert client.post("/sign-in", {"phone": account.phone, "password": PASSWORD}).status_code == 302
    account.refresh_from_db()
    assert account.language == "en"
