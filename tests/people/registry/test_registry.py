"""Units, people and roles in order: many at once or none, everybody within their regions, each administrator their own half."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yanxiu.kit.audit import entries_before
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import actions as people
from yanxiu.people.factors.actions import reset_factors
from yanxiu.people.models import Account, Organisation, Person, RegionRole
from yanxiu.people.queries import SYSTEM, account_states
from yanxiu.people.registry import actions, queries
from yanxiu.people.rules import can_read_audit_log


def test_a_paste_of_units_is_registered_whole_or_not_at_all(place: Any) -> None:
    system = place.holder("system_admin")
    before = Organisation.objects.count()
    with pytest.raises(Refused, match="第 3 行“东风小学”"):
        actions.register_units(system, region=place.county, names=["东风小学", "", "东风小学"], kind="school")
    assert Organisation.objects.count() == before
    made = actions.register_units(system, region=place.county, names=["东风小学", " ", "胜利中学 "], kind="school")
    assert [unit.name for unit in made] == ["东风小学", "胜利中学"]
    for bad in ([], [" "], ["校"] * 501, ["长" * 101]):
        with pytest.raises(Refused):
            actions.register_units(system, region=place.county, names=bad, kind="school")


def test_nobody_registers_outside_their_region_or_without_the_role(place: Any) -> None:
    of_the_county = place.holder("system_admin", place.county)
    for actor, region in ((of_the_county, place.province), (place.holder("security_admin"), place.county)):
        with pytest.raises(Refused):
            actions.register_units(actor, region=region, names=["东风小学"], kind="school")
    with pytest.raises(NotVisible):
        queries.region_for(of_the_county, place.other.code)
    with pytest.raises(NotVisible):
        queries.region_for(of_the_county, "no such")


def test_a_new_person_gets_an_account_and_a_link_and_no_password(place: Any) -> None:
    system = place.holder("system_admin")
    made, token = actions.admit_person(system, unit=place.school, name="邹文远", phone="10077700011", post_title="科长")
    assert account_states([made.pk])[made.pk].state == "invited"
    assert token
    for phone in ("10077700011", "123", ""):
        with pytest.raises(Refused):
            actions.admit_person(system, unit=place.school, name="又一个", phone=phone)
    assert not Person.objects.filter(name="又一个").exists()


def test_a_closed_account_gets_no_link_until_it_is_reopened(place: Any) -> None:
    system = place.holder("system_admin")
    people.close_account(system, account=place.account)
    with pytest.raises(Refused, match="已停用"):
        actions.invite_person(system, person=place.person)
    people.reopen_account(system, account=Account.objects.get(pk=place.account.pk))
    assert actions.invite_person(system, person=place.person)


def test_people_are_seen_within_ones_regions_only_and_their_phones_masked(place: Any) -> None:
    elsewhere = people.register_organisation(SYSTEM, name="江汉中学", region=place.other)
    far = people.create_person(SYSTEM, name="远方人", phone="10077700099", organisation=elsewhere)
    for role in ("system_admin", "security_admin"):
        page = queries.people_page(place.holder(role))
        assert "远方人" not in [line.name for line in page.rows]
        assert place.person.name in [line.name for line in page.rows]
        assert all("****" in line.phone for line in page.rows)
    with pytest.raises(NotVisible):
        queries.person_for(place.holder("system_admin"), far.uuid)
    with pytest.raises(NotVisible):
        queries.unit_for(place.holder("system_admin"), elsewhere.uuid)
    assert queries.people_page(place.holder("audit_admin")).rows == ()


def test_somebody_is_found_by_part_of_the_name_or_the_whole_phone(place: Any) -> None:
    system = place.holder("system_admin")
    phone = str(place.person.phone)
    assert [line.name for line in queries.people_page(system, words=phone).rows] == [place.person.name]
    assert queries.people_page(system, words=phone[:7]).rows == ()
    assert queries.people_page(system, words=place.person.name[:2]).rows


def test_lists_ask_the_same_whether_they_show_one_row_or_thirty(place: Any) -> None:
    system = place.holder("system_admin")
    counts = []
    for number in (0, 30):
        for each in range(number):
            unit = people.register_organisation(SYSTEM, name=f"第{each}小学", region=place.county)
            actions.admit_person(system, unit=unit, name=f"人{each}", phone=f"1007771{each:04d}")
        with CaptureQueriesContext(connection) as asked:
            queries.people_page(system)
            queries.units_page(place.province)
            queries.roles_page(system)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_role_is_given_and_taken_by_the_security_administrator_alone(place: Any) -> None:
    security, system = place.holder("security_admin"), place.holder("system_admin")
    with pytest.raises(Refused):
        actions.give_role(system, person=place.person, role="organiser", region=place.county)
    given = actions.give_role(security, person=place.person, role="organiser", region=place.county)
    with pytest.raises(Refused, match="已经有这个角色"):
        actions.give_role(security, person=place.person, role="organiser", region=place.county)
    assert [line.role for line in queries.roles_of(security, place.person)] == ["组织管理者"]
    with pytest.raises(NotVisible):
        actions.take_role(system, person=place.person, role_id=given.pk)
    with pytest.raises(NotVisible):
        actions.take_role(security, person=place.holder("auditor") and place.person, role_id=given.pk + 100)
    actions.take_role(security, person=place.person, role_id=given.pk)
    assert not RegionRole.objects.filter(person=place.person).exists()


def test_another_name_and_another_unit_leave_their_trace(place: Any) -> None:
    system = place.holder("system_admin")
    actions.rename_unit(system, unit=place.school, name="云岭第一中学")
    other = people.register_organisation(SYSTEM, name="东风小学", region=place.county)
    with pytest.raises(Refused, match="同名"):
        actions.rename_unit(
            system, unit=other, name="云岭第一中学" if other.region_id == place.school.region_id else ""
        )
    actions.move_person(system, person=place.person, unit=other, post_title="书记")
    assert Person.objects.get(pk=place.person.pk).organisation_id == other.pk
    assert {"rename_unit", "move_person"} <= {entry.action for entry in entries_before(None, 10)}


def test_somebody_without_a_unit_is_seen_by_the_role_they_hold(place: Any) -> None:
    loose = people.create_person(SYSTEM, name="无单位", phone="10077700055")
    security = place.holder("security_admin")
    with pytest.raises(NotVisible):
        queries.person_for(security, loose.uuid)
    people.grant_region_role(SYSTEM, person=loose, role="auditor", region=place.county)
    assert queries.person_for(security, loose.uuid).pk == loose.pk
    assert [line.person for line in queries.roles_page(security).rows].count("无单位") == 1


def test_nobody_decides_about_the_account_of_somebody_set_over_them(place: Any) -> None:
    """The administrator of the province is on the roll of a school of the county: that makes them nobody's of the county."""
    over = Account.objects.get(person=place.holder("security_admin").person_id)
    low, high = place.holder("system_admin", place.county), place.holder("system_admin")
    for act in (
        lambda actor: actions.invite_person(actor, person=over.person),
        lambda actor: people.close_account(actor, account=over),
        lambda actor: people.reopen_account(actor, account=over),
    ):
        with pytest.raises(Refused) as refused:
            act(low)
        assert refused.value.code == "forbidden"
        act(high)
    with pytest.raises(Refused):
        reset_factors(place.holder("security_admin", place.county), account=over)
    reset_factors(place.holder("security_admin"), account=over)


def test_the_whole_log_is_read_from_the_top_only(place: Any) -> None:
    assert can_read_audit_log(place.holder("audit_admin"))
    assert not can_read_audit_log(place.holder("audit_admin", place.county))
