"""Lockout on every pathway, invites, and no way to learn whether an account exists."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from yanxiu.core.time import clock
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people import actions, lockout, passwords, sign_in
from yanxiu.people.models import Account, FamiliarAddress, Invite, InviteRequest, SignInFailure
from yanxiu.people.queries import SYSTEM, viewer_of_person

PASSWORD = "liudong-4-kandao-haiou"
PHONE = "10039800417"
HOME, AWAY = "198.51.100.7", "203.0.113.9"


def attempt(phone: str, password: str, address: str = HOME) -> str:
    """The empty string for success, else the code of the refusal."""
    try:
        actions.authenticate(phone, password, address)
    except Refused as refusal:
        return refusal.code
    return ""


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counts real hash computations (the hasher still does its work)."""
    seen: list[str] = []
    real = passwords.argon2.PasswordHasher.verify

    def verify(self: Any, encoded: str, password: str) -> bool:
        seen.append(encoded.split("$")[3])
        return bool(real(self, encoded, password))

    monkeypatch.setattr(passwords.argon2.PasswordHasher, "verify", verify)
    sign_in._nobody()
    return seen


def test_the_phone_may_be_typed_as_people_type_it(place: Any) -> None:
    for typed in (PHONE, "100 3980 0417", "+86 10039800417", "100-3980-0417", "１００３９８００４１７"):
        assert attempt(typed, PASSWORD) == ""


def test_every_wrong_pair_gets_the_same_text_and_the_same_work(place: Any, hashes: list[str]) -> None:
    invited = actions.create_person(SYSTEM, name="李", phone="10000000012")
    actions.create_account(invited)
    closed = actions.create_person(SYSTEM, name="王", phone="10000000013")
    actions.close_account(SYSTEM, account=actions.create_account(closed, PASSWORD))
    texts = set()
    for phone in (PHONE, "10000000012", "10000000013", "19999999999", "not a phone", ""):
        with pytest.raises(Refused) as refusal:
            actions.authenticate(phone, "wrong", HOME)
        texts.add((refusal.value.code, refusal.value.message))
    assert len(texts) == 1
    assert len(hashes) == 6
    assert len(set(hashes)) == 1  # one and the same cost


def test_five_wrong_passwords_lock_the_account_there_for_a_quarter_of_an_hour(place: Any) -> None:
    assert [attempt(PHONE, "wrong") for _time in range(6)] == ["sign_in"] * 5 + ["locked"]
    assert attempt(PHONE, PASSWORD) == "locked"
    SignInFailure.objects.update(at=clock.real_now() - timedelta(minutes=16))
    assert attempt(PHONE, PASSWORD) == ""


def test_an_unknown_phone_locks_in_the_same_way(place: Any, hashes: list[str]) -> None:
    assert [attempt("19999999999", "wrong") for _time in range(6)] == ["sign_in"] * 5 + ["locked"]
    assert len(hashes) == 5


def test_the_fact_clock_moves_no_lockout(place: Any, at: Any) -> None:
    for _time in range(5):
        attempt(PHONE, "wrong")
    at("2031-01-01T00:00:00+08:00")
    assert attempt(PHONE, PASSWORD) == "locked"


def test_success_forgets_the_failures_of_that_address(place: Any) -> None:
    for _time in range(4):
        attempt(PHONE, "wrong")
    assert attempt(PHONE, PASSWORD) == ""
    assert [attempt(PHONE, "wrong") for _time in range(5)] == ["sign_in"] * 5


def test_a_stranger_cannot_lock_somebody_out_of_their_own_school(place: Any) -> None:
    assert attempt(PHONE, PASSWORD, HOME) == ""
    for number in range(20):
        attempt(PHONE, "wrong", f"203.0.113.{number}")
    assert attempt(PHONE, PASSWORD, "203.0.113.99") == "locked"
    assert attempt(PHONE, PASSWORD, HOME) == ""


def test_fifty_parallel_guesses_are_checked_five_times(place: Any, hashes: list[str]) -> None:
    # One connection under test, so the threads' database work is played out through the same turn lock in sequence.
    key = lockout.account_key(PHONE)
    inside: list[int] = []
    worst: list[int] = []

    def guess() -> None:
        with lockout.turn(key):
            inside.append(1)
            worst.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=guess) for _number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(worst) == 1
    assert [attempt(PHONE, f"wrong{n}") for n in range(50)].count("locked") == 45
    assert len(hashes) == 5


def _people(count: int) -> list[Account]:
    encoded = ""
    made = []
    for number in range(count):
        person = actions.create_person(SYSTEM, name=f"甲{number}", phone=f"102{number:08d}")
        account = actions.create_account(person, None if encoded else PASSWORD)
        encoded = encoded or account.password
        account.password = encoded
        account.save(update_fields=["password"])
        made.append(account)
    return made


def test_a_hundred_people_behind_one_address_mistype_once_and_all_get_in(place: Any) -> None:
    for account in _people(100):
        assert attempt(account.phone, "wrong") == "sign_in"
        assert attempt(account.phone, PASSWORD) == ""


def test_a_spray_from_one_address_is_slowed_while_known_colleagues_go_straight_in(
    place: Any, hashes: list[str]
) -> None:
    assert attempt(PHONE, PASSWORD, HOME) == ""
    new = _people(1)[0]
    answers = [attempt(f"199{n:08d}", "Spring2017!", HOME) for n in range(400)]
    assert answers.count("slow_down") >= 270
    assert attempt(PHONE, PASSWORD, HOME) == ""
    assert attempt(new.phone, PASSWORD, AWAY) == ""
    SignInFailure.objects.update(at=clock.real_now() - lockout.SLOW_STEP)  # two quiet seconds later
    person = actions.create_person(SYSTEM, name="新", phone="10300000001")
    actions.create_account(person, PASSWORD)
    assert attempt("10300000001", PASSWORD, HOME) == ""


def test_an_invite_works_once_and_reading_it_uses_nothing_up(place: Any) -> None:
    person = actions.create_person(SYSTEM, name="李", phone="10000000012")
    invite, token = actions.issue_invite(SYSTEM, person=person)
    assert token not in (invite.token_hash, str(invite.pk))
    assert all(sign_in.invite_is_open(token) for _preview in range(3))
    account = actions.consume_invite(token, PASSWORD, HOME)
    assert account.person == person
    assert attempt("10000000012", PASSWORD) == ""
    with pytest.raises(Refused) as refusal:
        actions.consume_invite(token, "something-else-91-qx", HOME)
    assert refusal.value.code == "invite"
    assert attempt("10000000012", PASSWORD) == ""


def test_an_invite_dies_after_72_real_hours_whatever_the_fact_clock_says(place: Any, at: Any) -> None:
    invite, token = actions.issue_invite(SYSTEM, person=place.person)
    at("2031-01-01T00:00:00+08:00")
    assert sign_in.invite_is_open(token)
    Invite.objects.filter(pk=invite.pk).update(expires_at=clock.real_now())
    with pytest.raises(Refused):
        actions.consume_invite(token, PASSWORD, HOME)


def test_a_new_invite_replaces_the_one_before(place: Any) -> None:
    _invite, first = actions.issue_invite(SYSTEM, person=place.person)
    _invite, second = actions.issue_invite(SYSTEM, person=place.person)
    assert (sign_in.invite_is_open(first), sign_in.invite_is_open(second)) == (False, True)


def test_a_weak_password_leaves_the_invite_open_and_the_account_as_it_was(place: Any) -> None:
    _invite, token = actions.issue_invite(SYSTEM, person=place.person)
    before = place.account.password
    with pytest.raises(Refused) as refusal:
        actions.consume_invite(token, "dangxiao2017", HOME)
    place.account.refresh_from_db()
    assert (refusal.value.field, sign_in.invite_is_open(token), place.account.password) == ("password", True, before)


def test_an_invite_of_a_closed_account_opens_nothing(place: Any) -> None:
    _invite, token = actions.issue_invite(SYSTEM, person=place.person)
    actions.close_account(SYSTEM, account=place.account)
    with pytest.raises(Refused) as refusal:
        actions.consume_invite(token, PASSWORD, HOME)
    assert refusal.value.code == "invite"


def test_guessing_invite_tokens_and_demo_links_counts_against_the_address(place: Any) -> None:
    for number in range(lockout.ADDRESS_ALLOWANCE):
        with pytest.raises((Refused, NotVisible)):
            if number % 2:
                actions.consume_invite(f"guess{number}", PASSWORD, AWAY)
            else:
                actions.enter_by_link(None, f"guess{number}", AWAY)
    for guess in (
        lambda: actions.consume_invite("more", PASSWORD, AWAY),
        lambda: actions.enter_by_link(None, "more", AWAY),
        lambda: actions.ask_for_invite(PHONE, AWAY),
        lambda: actions.authenticate(PHONE, PASSWORD, AWAY),
    ):
        with pytest.raises(Refused) as refusal:
            guess()
        assert refusal.value.code == "slow_down"
    _invite, token = actions.issue_invite(SYSTEM, person=place.person)
    assert actions.consume_invite(token, PASSWORD, AWAY) == place.account  # an unguessable token is proof enough


def test_asking_for_an_invite_leaves_the_same_trace_for_known_and_unknown_phones(place: Any) -> None:
    for phone in (PHONE, "19999999999"):
        actions.ask_for_invite(phone, HOME)
        actions.ask_for_invite(phone, HOME)
    assert list(InviteRequest.objects.order_by("pk").values_list("person", flat=True)) == [place.person.pk, None]
    actions.issue_invite(SYSTEM, person=place.person)
    assert InviteRequest.objects.filter(person=place.person, closed_at=None).count() == 0


def test_asking_again_and_again_is_locked(place: Any) -> None:
    for _time in range(5):
        actions.ask_for_invite(PHONE, HOME)
    with pytest.raises(Refused) as refusal:
        actions.ask_for_invite(PHONE, HOME)
    assert refusal.value.code == "locked"
    assert attempt(PHONE, PASSWORD) == ""  # asking locks no sign-in


def test_only_a_security_administrator_of_the_region_lifts_a_lockout(place: Any) -> None:
    for _time in range(5):
        attempt(PHONE, "wrong")
    for role, region in (
        ("system_admin", None),
        ("audit_admin", None),
        ("organiser", None),
        ("security_admin", place.other),
    ):
        with pytest.raises(Refused):
            actions.lift_lockout(place.holder(role, region), account=place.account)
    assert actions.lift_lockout(place.holder("security_admin"), account=place.account) == 5
    assert attempt(PHONE, PASSWORD) == ""


def test_nobody_takes_over_an_administrator_by_inviting_them(place: Any) -> None:
    admin = place.holder("security_admin")
    target = Account.objects.get(pk=admin.account_id).person
    for actor in (viewer_of_person(place.person), place.holder("organiser"), admin):
        with pytest.raises(Refused) as refusal:
            actions.issue_invite(actor, person=target)
        assert refusal.value.code == "forbidden"
    assert actions.issue_invite(place.holder("system_admin"), person=target)[1]


def test_sign_ins_are_in_the_audit_log_without_phone_or_address(place: Any) -> None:
    attempt(PHONE, PASSWORD)
    entry = AuditEntry.objects.get(action="sign_in")
    assert (entry.actor_id, entry.object_id, entry.details) == (
        place.person.pk,
        place.account.pk,
        {"pathway": "password"},
    )
    assert FamiliarAddress.objects.get().address == HOME


def test_no_failure_row_holds_a_phone(place: Any) -> None:
    attempt(PHONE, "wrong")
    assert PHONE not in str(SignInFailure.objects.values().get())
