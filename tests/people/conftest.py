"""A school, its people, and a password that passes the policy."""

from dataclasses import dataclass

import pytest

from yanxiu.people import actions
from yanxiu.people.models import Account, Organisation, Person, Region
from yanxiu.people.queries import SYSTEM, Viewer, viewer_of_person

PASSWORD = "liudong-4-kandao-haiou"


@dataclass
class School:
    province: Region
    county: Region
    other: Region
    school: Organisation
    person: Person
    account: Account

    def holder(self, role: str, region: Region | None = None) -> Viewer:
        """Somebody new with that role."""
        phone = f"101{Person.objects.count():08d}"
        made = actions.create_person(SYSTEM, name=f"甲{role}", phone=phone, organisation=self.school)
        actions.create_account(made)
        actions.grant_region_role(SYSTEM, person=made, role=role, region=region or self.province)
        return viewer_of_person(made)


@pytest.fixture
def place(db: None) -> School:
    return school()


def school() -> School:
    province = actions.add_region(SYSTEM, code="41", name="河南省", level="province")
    county = actions.add_region(SYSTEM, code="411202", name="湖滨区", level="county", parent=province)
    other = actions.add_region(SYSTEM, code="42", name="湖北省", level="province")
    school = actions.register_organisation(SYSTEM, name="云岭中学", region=county)
    person = actions.create_person(SYSTEM, name="何立新", phone="10039800417", organisation=school)
    return School(province, county, other, school, person, actions.create_account(person, PASSWORD))
