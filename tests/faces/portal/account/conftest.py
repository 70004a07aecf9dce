"""A class of three, and browsers that sign in with a real password."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from factories.worlds import World, small_world

from yanxiu.people import actions
from yanxiu.people.models import Account, Person
from yanxiu.people.queries import SYSTEM, Viewer

PASSWORD = "liudong-4-kandao-haiou"
Enter = Callable[[Viewer], Client]


@pytest.fixture
def world(db: None, at: Any) -> World:
    return small_world()


@pytest.fixture
def enter() -> Enter:
    """Gives the viewer a password (by an invite, the first time) and signs them in at the page."""

    def entered(viewer: Viewer, **headers: str) -> Client:
        person = Person.objects.get(pk=viewer.person_id)
        if not Account.objects.get(person=person).has_usable_password():
            _invite, token = actions.issue_invite(SYSTEM, person=person)
            actions.consume_invite(token, PASSWORD, "127.0.0.1")
        client = Client(headers=headers or None)
        assert client.post("/sign-in", {"phone": person.phone, "password": PASSWORD}).status_code == 302
        return client

    return entered
