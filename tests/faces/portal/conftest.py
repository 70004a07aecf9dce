"""One account with a known password, and small helpers of the portal's tests."""

import pytest
from factories.worlds import settle

from yanxiu.people import actions
from yanxiu.people.models import Account
from yanxiu.people.queries import SYSTEM

PASSWORD = "liudong-4-kandao-haiou"


@pytest.fixture
def account(db: None) -> Account:
    region = actions.add_region(SYSTEM, code="41", name="河南省", level="province")
    school = actions.register_organisation(SYSTEM, name="云岭中学", region=region)
    person = actions.create_person(SYSTEM, name="何立新", phone="10039800417", organisation=school, post_title="校长")
    made = actions.create_account(person, PASSWORD)
    settle(person)
    made.refresh_from_db()
    return made
