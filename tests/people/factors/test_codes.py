"""Authenticator app and recovery codes: each code works once, wrong ones count, nothing readable lies in the table."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from yanxiu.core.time import clock
from yanxiu.kit.errors import Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people import lockout
from yanxiu.people.factors import actions
from yanxiu.people.factors.codes import STEP_SECONDS, normal_code
from yanxiu.people.factors.queries import held
from yanxiu.people.factors.sealing import opened, sealed
from yanxiu.people.models import RecoveryCode, TotpDevice
from yanxiu.people.profile.asking import enter_by_recovery_code
from yanxiu.people.queries import viewer_of_person

HOME, AWAY = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`still(60)` puts the real clock sixty seconds after a fixed instant, where it stands."""
    start = datetime(2026, 3, 2, 9, 0, 5, tzinfo=UTC)

    def move(seconds: int) -> None:
        monkeypatch.setattr(clock, "real_now", lambda: start + timedelta(seconds=seconds))

    move(0)
    return move


@pytest.fixture
def owner(place: Any) -> Any:
    return viewer_of_person(place.person)


def code_at(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.real_now())


def refusal(act: Any, *arguments: Any) -> str:
    """The code of the refusal; the empty string where it went through."""
    try:
        act(*arguments)
    except Refused as refused:
        return refused.code
    return ""


def set_up(owner: Any, still: Any) -> tuple[str, list[str]]:
    secret, _address = actions.begin_totp(owner)
    codes = actions.confirm_totp(owner, code_at(secret), HOME)
    still(60)
    return secret, codes


def test_nothing_is_asked_for_before_the_first_code_was_typed(owner: Any, still: Any) -> None:
    secret, address = actions.begin_totp(owner)
    assert address.startswith("otpauth://totp/Yanxiu:100")
    assert "10039800417" not in address
    assert not held(owner.account_id).second_factor
    assert refusal(actions.confirm_totp, owner, "000000", HOME) == "factor"
    assert len(actions.confirm_totp(owner, code_at(secret), HOME)) == 10
    assert held(owner.account_id).second_factor
    assert refusal(actions.begin_totp, owner) == "factor_exists"


def test_a_code_is_taken_once_and_none_before_it_afterwards(owner: Any, still: Any) -> None:
    secret, _codes = set_up(owner, still)
    previous = pyotp.TOTP(secret).at(clock.real_now() - timedelta(seconds=STEP_SECONDS))
    assert actions.verify_factor(owner, code_at(secret), HOME) == "totp"
    assert refusal(actions.verify_factor, owner, code_at(secret), HOME) == "factor"
    assert refusal(actions.verify_factor, owner, previous, HOME) == "factor"
    still(90)
    assert actions.verify_factor(owner, f" {code_at(secret)[:3]} {code_at(secret)[3:]} ", HOME) == "totp"


def test_a_phone_half_a_minute_off_is_let_in_and_two_minutes_off_is_not(owner: Any, still: Any) -> None:
    secret, _codes = set_up(owner, still)
    for seconds, expected in ((-30, "totp"), (120, "")):
        still(600 if expected else 900)
        code = pyotp.TOTP(secret).at(clock.real_now() + timedelta(seconds=seconds))
        found = (
            actions.verify_factor(owner, code, HOME) if expected else refusal(actions.verify_factor, owner, code, HOME)
        )
        assert found == (expected or "factor")


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1" * 4000, "１２３４５６", "00000 0", "\x00", "AAAAA-AAAAA"])
def test_what_no_app_shows_is_refused(owner: Any, still: Any, typed: str) -> None:
    set_up(owner, still)
    assert refusal(actions.verify_factor, owner, typed, HOME) == "factor"


def test_five_wrong_codes_lock_and_the_password_is_not_locked_with_them(owner: Any, still: Any, place: Any) -> None:
    secret, codes = set_up(owner, still)
    assert [refusal(actions.verify_factor, owner, "000000", HOME) for _time in range(6)] == ["factor"] * 5 + ["locked"]
    assert refusal(actions.verify_factor, owner, code_at(secret), HOME) == "locked"
    assert refusal(actions.verify_factor, owner, codes[0], HOME) == "locked"
    assert lockout.recent_failures(place.account) == 5
    assert lockout.forget(place.account) == 5
    assert actions.verify_factor(owner, code_at(secret), HOME) == "totp"


def test_recovery_codes_work_once_however_they_are_typed_and_new_ones_void_the_old(owner: Any, still: Any) -> None:
    _secret, codes = set_up(owner, still)
    assert actions.verify_factor(owner, codes[0].lower().replace("-", " "), HOME) == "recovery"
    assert refusal(actions.verify_factor, owner, codes[0], HOME) == "factor"
    assert held(owner.account_id).codes_left == 9
    fresh = actions.new_recovery_codes(owner)
    assert refusal(actions.verify_factor, owner, codes[1], HOME) == "factor"
    assert actions.verify_factor(owner, fresh[1], HOME) == "recovery"


def test_a_recovery_code_opens_the_account_and_a_wrong_one_says_the_same_for_every_phone(
    owner: Any, still: Any
) -> None:
    codes = actions.new_recovery_codes(owner)
    texts = set()
    for phone in ("10039800417", "19999999999", ""):
        with pytest.raises(Refused) as refused:
            enter_by_recovery_code(phone, "AAAAA-AAAAA", AWAY)
        texts.add((refused.value.code, refused.value.message))
    assert len(texts) == 1
    assert enter_by_recovery_code("100 3980 0417", codes[3], AWAY).person_id == owner.person_id
    assert refusal(enter_by_recovery_code, "10039800417", codes[3], AWAY) == "recovery"
    wrong = [refusal(enter_by_recovery_code, "10039800417", "BBBBB-BBBBB", AWAY) for _time in range(6)]
    assert wrong[-1] == "locked"


def test_neither_secret_nor_codes_can_be_read_from_the_tables(owner: Any, still: Any) -> None:
    secret, codes = set_up(owner, still)
    device = TotpDevice.objects.get()
    assert secret.encode() not in bytes(device.sealed)
    assert opened(device.account_id, bytes(device.sealed)) == secret
    with pytest.raises(InvalidTag):  # a row copied to another account does not open
        opened(device.account_id + 1, bytes(device.sealed))
    assert sealed(1, "x") != sealed(1, "x")
    stored = set(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert not stored & {*codes, *(normal_code(code) for code in codes)}
    assert all(secret not in str(entry.details) for entry in AuditEntry.objects.all())


def test_the_security_administrator_resets_and_nobody_else(owner: Any, still: Any, place: Any) -> None:
    set_up(owner, still)
    for viewer in (owner, place.holder("system_admin"), place.holder("security_admin", place.other)):
        assert refusal(lambda v=viewer: actions.reset_factors(v, account=place.account)) == "forbidden"
    actions.reset_factors(place.holder("security_admin"), account=place.account)
    assert not held(owner.account_id).second_factor
    assert held(owner.account_id).codes_left == 0
    entry = AuditEntry.objects.get(action="reset_factors")
    assert (entry.from_state, entry.to_state) == ("set", "none")


@pytest.mark.django_db(transaction=True)
def test_of_ten_parallel_requests_with_one_code_one_gets_in(still: Any, database_file: Path) -> None:
    from people.conftest import school  # thin entry point: this test commits for real, the fixture does not

    owner = viewer_of_person(school().person)
    secret, _codes = set_up(owner, still)
    code, answers = code_at(secret), []

    def give(number: int) -> None:
        try:
            answers.append(refusal(actions.verify_factor, owner, code, f"198.51.100.{number}"))
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["", *["factor"] * 9]
