"""Signing in and out, over the real pages."""

import pytest
from django.test import Client

from yanxiu.people import actions
from yanxiu.people.models import Account, Organisation, Person, Region
from yanxiu.people.queries import SYSTEM

PASSWORD = "liudong-4-kandao-haiou"


@pytest.fixture
def account(db: None) -> Account:
    region = actions.add_region(SYSTEM, code="41", name="河南省", level="province")
    school = actions.register_organisation(SYSTEM, name="湖滨区实验小学", region=region)
    person = actions.create_person(SYSTEM, name="何立新", phone="13839800417", organisation=school, post_title="校长")
    return actions.create_account(person, PASSWORD)


def test_the_right_password_signs_in_and_a_new_session_key_is_given(client: Client, account: Account) -> None:
    client.get("/sign-in")
    session = client.session
    session["before"] = 1
    session.save()
    key_before = session.session_key
    answer = client.post("/sign-in", {"phone": "138 3980 0417", "password": PASSWORD, "next": "/me"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me")
    assert client.session.session_key != key_before
    page = client.get("/me")
    assert "138****0417" in page.content.decode()
    assert client.get("/").status_code == 200
