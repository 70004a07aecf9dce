"""Corrections with rare characters, another phone, another password."""

import unicodedata
from typing import Any

import pytest

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people import actions
from yanxiu.people.models import Account, Correction, Person
from yanxiu.people.profile.corrections import decide_correction, propose_corrections, withdraw_correction
from yanxiu.people.profile.credentials import choose_password, confirm_password
from yanxiu.people.profile.phone import change_phone
from yanxiu.people.profile.queries import corrections_of_people, own_corrections
from yanxiu.people.queries import SYSTEM, viewer_of_person

HOME = "198.51.100.7"
PASSWORD = "liudong-4-kandao-haiou"
# One of each extension: A, B, C, D, E, F, G, H, I; a compatibility ideograph; one followed by a variation selector.
RARE = "㐂𠮷𪜀𫝀𫠠𬺰𰀀𱍐𮯰"


@pytest.fixture
def owner(place: Any) -> Any:
    return viewer_of_person(place.person)


@pytest.fixture
def manager(place: Any) -> Any:
    return place.holder("organiser")


def approve(manager: Any, correction: Correction, **more: Any) -> Correction:
    return decide_correction(manager, correction, approve=True, region_path="/41/", **more)


def test_a_name_of_every_extension_survives_to_the_row_and_back(owner: Any, manager: Any) -> None:
    (made,) = propose_corrections(owner, {"name": f"  {RARE}葛\U000e0100 "})
    assert made.after == f"{RARE}葛\U000e0100"
    assert Person.objects.get(pk=owner.person_id).name == "何立新"  # nothing changes before it is approved
    approve(manager, made)
    person = Person.objects.get(pk=owner.person_id)
    assert person.name == f"{RARE}葛\U000e0100" == unicodedata.normalize("NFC", person.name)
    assert own_corrections(owner)[0].points_before == ""
    assert own_corrections(owner)[0].points.startswith(
        "U+20BB7 U+2A700 U+2B740 U+2B820 U+2CEB0 U+30000 U+31350 U+2EBF0"
    )


@pytest.mark.parametrize("name", ["", "   ", "a" * 51, "李<b>", "李4", "x\x00y=", "😀"])
def test_what_is_no_name_is_refused(owner: Any, name: str) -> None:
    with pytest.raises(Refused) as refused:
        propose_corrections(owner, {"name": name})
    assert refused.value.field == "name"


def test_what_turns_writing_round_is_taken_out_of_a_name(owner: Any) -> None:
    assert [made.after for made in propose_corrections(owner, {"name": "李\u202e四"})] == ["李四"]


def test_a_second_proposal_replaces_the_first_and_the_same_value_is_none(owner: Any, manager: Any) -> None:
    (first,) = propose_corrections(owner, {"name": "何立欣"})
    (second,) = propose_corrections(owner, {"name": "何历新", "post_title": ""})
    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "asked")
    assert propose_corrections(owner, {"name": "何立新"}) == []
    second.refresh_from_db()
    assert second.state == "withdrawn"
    with pytest.raises(Refused, match="处理过"):
        approve(manager, second)
    with pytest.raises(Refused, match="处理过"):
        withdraw_correction(owner, second.pk)


def test_nobody_decides_their_own_and_a_refusal_says_why(owner: Any, manager: Any) -> None:
    (made,) = propose_corrections(owner, {"name": "何立欣"})
    with pytest.raises(Refused, match="别人审核"):
        approve(owner, made)
    with pytest.raises(Refused, match="原因"):
        decide_correction(manager, made, approve=False, region_path="/41/", reason=" ")
    decide_correction(manager, made, approve=False, region_path="/41/", reason="身份证上是立新")
    row = corrections_of_people([owner.person_id]).rows[0]
    assert (row.state, row.reason, row.before, row.after) == ("rejected", "身份证上是立新", "何立新", "何立欣")
    assert Person.objects.get(pk=owner.person_id).name == "何立新"


def test_a_unit_must_be_registered_before_it_is_approved(owner: Any, manager: Any, place: Any) -> None:
    (made,) = propose_corrections(owner, {"organisation": "松涛小学"})
    with pytest.raises(Refused, match="系统管理员先登记"):
        approve(manager, made)
    unit = actions.register_organisation(SYSTEM, name="松涛小学", region=place.county)
    approve(manager, made)
    assert Person.objects.get(pk=owner.person_id).organisation == unit


def test_neither_name_nor_phone_enters_the_log(owner: Any, manager: Any) -> None:
    (made,) = propose_corrections(owner, {"name": "何立欣"})
    approve(manager, made)
    change_phone(owner, "10088880001", HOME)
    text = " ".join(f"{e.action} {e.from_state} {e.to_state} {e.details}" for e in AuditEntry.objects.all())
    assert "change_phone" in text
    assert "decide_correction" in text
    assert not any(word in text for word in ("何立", "10088880001", "10039800417"))


def test_the_new_phone_is_the_login_at_once_and_the_old_one_is_nobodys(owner: Any) -> None:
    account = change_phone(owner, "+86 100-8888-0001", HOME)
    assert account.phone == "10088880001"
    assert Person.objects.get(pk=owner.person_id).phone == "10088880001"
    assert actions.authenticate("10088880001", PASSWORD, HOME).pk == account.pk
    with pytest.raises(Refused):
        actions.authenticate("10039800417", PASSWORD, HOME)


def test_a_phone_in_use_is_refused_in_words_that_name_nobody_and_only_so_often(owner: Any, place: Any) -> None:
    actions.create_person(SYSTEM, name="李", phone="10000000012")
    codes = []
    for _time in range(6):
        with pytest.raises(Refused) as refused:
            change_phone(owner, "10000000012", HOME)
        codes.append(refused.value.code)
    assert codes == ["phone_taken"] * 5 + ["locked"]
    assert Account.objects.get(pk=owner.account_id).phone == "10039800417"


@pytest.mark.parametrize("typed", ["", "1003980041", "20039800417", "x" * 5000, "１００３９８００４１７"])
def test_what_is_no_new_phone_is_refused(owner: Any, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        change_phone(owner, typed, HOME)
    assert refused.value.field == "phone"


def test_the_own_password_is_asked_for_under_lockout_and_a_new_one_follows_the_policy(owner: Any) -> None:
    confirm_password(owner, PASSWORD, HOME)
    codes = []
    for _time in range(6):
        with pytest.raises(Refused) as refused:
            confirm_password(owner, "wrong", HOME)
        codes.append(refused.value.code)
    assert codes == ["password_wrong"] * 5 + ["locked"]
    with pytest.raises(Refused, match="太容易猜到"):
        choose_password(owner, "dangxiao2017")
    choose_password(owner, "qizhong-77-shuiniao")
    assert Account.objects.get(pk=owner.account_id).check_password("qizhong-77-shuiniao")


def test_somebody_without_an_account_has_nothing_to_change(db: None) -> None:
    with pytest.raises(NotVisible):
        choose_password(SYSTEM, "qizhong-77-shuiniao")
