"""Three administrators, none of whom can do another's job; a role reaches its region and everything below."""

from typing import Any

import pytest

from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people import actions, rules
from yanxiu.people.models import RegionRole
from yanxiu.people.queries import SIGNED_OUT, SYSTEM, has_role, viewer_of, viewer_of_person


def _code(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code


def test_a_role_reaches_its_region_and_below_and_nothing_else(place: Any) -> None:
    organiser = place.holder("organiser")
    assert has_role(organiser, "organiser", place.county.path)
    assert not has_role(organiser, "organiser", place.other.path)
    assert not has_role(place.holder("organiser", place.county), "organiser", place.province.path)
    assert not has_role(organiser, "auditor", place.county.path)


def test_a_region_code_that_begins_like_another_is_not_inside_it(place: Any) -> None:
    longer = actions.add_region(SYSTEM, code="411", name="长代码省", level="province")
    assert not has_role(place.holder("organiser"), "organiser", longer.path)


@pytest.mark.parametrize(
    ("role", "accounts", "security", "log"),
    [
        ("system_admin", True, False, False),
        ("security_admin", False, True, False),
        ("audit_admin", False, False, True),
        ("organiser", False, False, False),
        ("auditor", False, False, False),
    ],
)
def test_each_administrator_has_one_job(place: Any, role: str, accounts: bool, security: bool, log: bool) -> None:
    viewer = place.holder(role)
    found = (
        rules.can_administer_accounts(viewer, place.county.path),
        rules.can_administer_security(viewer, place.county.path),
        rules.can_read_audit_log(viewer),
    )
    assert found == (accounts, security, log)
    assert (rules.can_administer_accounts(viewer), rules.can_administer_security(viewer)) == (accounts, security)


def test_signed_out_may_nothing(place: Any) -> None:
    assert not rules.can_administer_accounts(SIGNED_OUT, place.county.path)
    assert not rules.can_administer_security(SIGNED_OUT)
    assert not rules.can_read_audit_log(SIGNED_OUT)


def test_the_system_administrator_opens_units_but_grants_no_role(place: Any) -> None:
    admin = place.holder("system_admin")
    assert actions.register_organisation(admin, name="松涛小学", region=place.county).pk
    with pytest.raises(Refused) as refusal:
        actions.grant_region_role(admin, person=place.person, role="organiser", region=place.county)
    assert _code(refusal) == "forbidden"


def test_the_security_administrator_grants_roles_but_opens_no_unit_and_not_beyond_the_region(place: Any) -> None:
    admin = place.holder("security_admin")
    assert actions.grant_region_role(admin, person=place.person, role="organiser", region=place.county).pk
    for attempt in (
        lambda: actions.register_organisation(admin, name="松涛小学", region=place.county),
        lambda: actions.close_account(admin, account=place.account),
        lambda: actions.grant_region_role(admin, person=place.person, role="organiser", region=place.other),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert _code(refusal) == "forbidden"


def test_nobody_grants_a_role_to_themselves(place: Any) -> None:
    actions.grant_region_role(SYSTEM, person=place.person, role="security_admin", region=place.province)
    with pytest.raises(Refused) as refusal:
        actions.grant_region_role(
            viewer_of_person(place.person), person=place.person, role="organiser", region=place.county
        )
    assert _code(refusal) == "forbidden"


def test_one_person_never_holds_two_of_the_three_administrations(place: Any) -> None:
    actions.grant_region_role(SYSTEM, person=place.person, role="system_admin", region=place.county)
    for role in ("security_admin", "audit_admin"):
        with pytest.raises(Refused) as refusal:
            actions.grant_region_role(SYSTEM, person=place.person, role=role, region=place.other)
        assert _code(refusal) == "separation"
    actions.grant_region_role(SYSTEM, person=place.person, role="system_admin", region=place.other)
    assert RegionRole.objects.filter(person=place.person).count() == 2


def test_granting_twice_changes_nothing_and_writes_one_audit_entry(place: Any) -> None:
    for _time in range(2):
        actions.grant_region_role(SYSTEM, person=place.person, role="auditor", region=place.county)
    assert AuditEntry.objects.filter(action="grant_region_role").count() == 1


def test_a_revoked_role_is_gone_and_sessions_are_to_rotate(place: Any) -> None:
    granted = actions.grant_region_role(SYSTEM, person=place.person, role="auditor", region=place.county)
    actions.revoke_region_role(SYSTEM, granted=granted)
    assert viewer_of_person(place.person).region_roles == ()
    place.account.refresh_from_db()
    assert place.account.roles_epoch == 2


def test_a_closed_account_is_signed_out(place: Any) -> None:
    actions.close_account(SYSTEM, account=place.account)
    assert viewer_of(place.account) == SIGNED_OUT


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "  \u200b "}, "person_name"),
        ({"name": "李", "phone": "1383981"}, "phone_format"),
        ({"name": "李", "phone": "10039800417"}, "phone_taken"),
        ({"name": "李", "phone": "100398004１７x"}, "phone_format"),
    ],
)
def test_a_person_is_refused_with_a_reason_and_nothing_is_written(
    place: Any, fields: dict[str, str], code: str
) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        actions.create_person(SYSTEM, **fields)
    assert (_code(refusal), AuditEntry.objects.count()) == (code, before)


def test_full_width_digits_of_a_phone_are_read_as_digits(place: Any) -> None:
    assert actions.create_person(SYSTEM, name="李", phone="１００００００００１１").phone == "10000000011"


def test_a_region_hangs_only_below_a_higher_level(place: Any) -> None:
    for level, code in (("province", "43"), ("county", "44"), ("village", "45")):
        with pytest.raises(Refused) as refusal:
            actions.add_region(SYSTEM, code=code, name="乙", level=level, parent=place.county)
        assert _code(refusal) == "region_level"


def test_only_the_machine_sets_a_password_for_somebody(place: Any) -> None:
    other = actions.create_person(SYSTEM, name="李", phone="10000000012")
    with pytest.raises(Refused):
        actions.create_account(other, "irgendwas-langes-77", actor=place.holder("system_admin"))
