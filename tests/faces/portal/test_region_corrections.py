"""People without any class have somebody to decide: the security administrator over all their roles, never they themselves."""

from typing import Any

import pytest
from django.test import Client
from factories.worlds import At, World, settle, small_world

from yanxiu.kit.telling import tell_untold
from yanxiu.people import actions
from yanxiu.people.models import Account, Correction, ErasureRequest, Person, Region, RegionRole
from yanxiu.people.privacy.actions import ask_erasure, erase_due
from yanxiu.people.profile.corrections import propose_corrections
from yanxiu.people.queries import SYSTEM, viewer_of_person
from yanxiu.training.notices.models import Notice

ADDRESS = "/administer/corrections"


@pytest.fixture
def world(db: None, at: Any) -> World:
    return small_world()


def holder(role: str, region: Region, name: str) -> tuple[Person, Client]:
    person = actions.create_person(SYSTEM, name=name, phone=f"102{Account.objects.count():08d}")
    account = actions.create_account(person)
    settle(person)
    actions.grant_region_role(SYSTEM, person=person, role=role, region=region)
    client = Client()
    client.force_login(account)
    return person, client


def ask(person: Person) -> Correction:
    (made,) = propose_corrections(viewer_of_person(person), {"post_title": "主任科员"})
    return made


def test_the_security_administrator_over_the_role_decides_and_nobody_beside_below_or_oneself(world: World) -> None:
    clerk, _own = holder("organiser", world.counties[0], "闻立新")
    wish = ask(clerk)
    said = {"correction": str(wish.pk), "decision": "approve"}
    _beside, beside = holder("security_admin", world.counties[1], "乙县安全员")
    _far, far = holder("security_admin", world.other_county, "外市安全员")
    assert [client.post(ADDRESS, said).status_code for client in (beside, far)] == [404, 404]
    city, above = holder("security_admin", world.city, "市安全员")
    assert "闻立新" in above.get(ADDRESS).content.decode()
    assert above.post(ADDRESS, said | {"decision": "reject"}).status_code == 422  # without a reason
    assert above.post(ADDRESS, said).status_code == 302
    assert above.post(ADDRESS, said).status_code == 409  # once
    clerk.refresh_from_db()
    assert clerk.post_title == "主任科员"
    tell_untold()
    assert Notice.objects.filter(person=clerk, kind="decision").count() == 1
    own = ask(city)
    assert above.post(ADDRESS, {"correction": str(own.pk), "decision": "approve"}).status_code == 404
    _province, top = holder("security_admin", world.province, "省安全员")
    assert top.post(ADDRESS, {"correction": str(own.pk), "decision": "approve"}).status_code == 302


def test_a_role_elsewhere_too_or_a_class_of_one_s_own_is_another_s_business(world: World) -> None:
    clerk, _own = holder("organiser", world.counties[0], "闻立新")
    actions.grant_region_role(SYSTEM, person=clerk, role="auditor", region=world.other_county)
    _city, client = holder("security_admin", world.city, "市安全员")
    learner = world.learners[0].person
    for wish in (ask(clerk), ask(learner)):
        assert client.post(ADDRESS, {"correction": str(wish.pk), "decision": "approve"}).status_code == 404


def test_erasing_somebody_in_office_waits_for_the_role_to_be_taken_back(world: World, at: At) -> None:
    clerk, _own = holder("organiser", world.counties[0], "闻立新")
    wish = ask_erasure(viewer_of_person(clerk), needs_approval=False, holds_role=False)
    assert wish.needs_approval
    _city, client = holder("security_admin", world.city, "市安全员")
    said = {"erasure": str(wish.pk), "decision": "approve"}
    assert "先收回其角色" in client.post(ADDRESS, said).content.decode()
    RegionRole.objects.filter(person=clerk).delete()
    assert client.post(ADDRESS, said).status_code == 404  # without role and unit they are the province's
    _province, top = holder("security_admin", world.province, "省安全员")
    assert top.post(ADDRESS, said).status_code == 302
    at("2017-06-19T09:00:00+08:00")
    assert erase_due() == 1
    assert ErasureRequest.objects.get(pk=wish.pk).state == "done"
    assert Person.objects.get(pk=clerk.pk).name == "已注销人员"
