"""One-time codes: six digits of an authenticator app, each taken once, and ten recovery codes on paper."""

import hmac
import secrets

import pyotp
from django.db import transaction

from yanxiu.core.time import clock
from yanxiu.people.factors.sealing import code_hash, opened
from yanxiu.people.models import Account, RecoveryCode, TotpDevice

__all__ = ["normal_code", "renew_recovery_codes", "take_code", "take_recovery_code", "take_totp"]

STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # steps a phone's clock may be off
COUNT = 10
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def normal_code(typed: str) -> str:
    """As people type it: spaces, hyphens, lower case, full-width."""
    wide = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in typed[:40])
    return "".join(c for c in wide if c.isascii() and c.isalnum()).upper()


def take_totp(device: TotpDevice, code: str) -> bool:
    """True once for a code of now or a step beside it. A step taken, or one before it, is never taken again."""
    if len(code) != 6 or not code.isdecimal():
        return False
    totp = pyotp.TOTP(opened(device.account_id, bytes(device.sealed)))
    now = int(clock.real_now().timestamp()) // STEP_SECONDS
    for step in (now + drift for drift in DRIFT):
        if hmac.compare_digest(totp.generate_otp(step), code):
            # One conditional statement: of two parallel requests with the same code one changes the row.
            return TotpDevice.objects.filter(pk=device.pk, last_step__lt=step).update(last_step=step) == 1
    return False


def take_recovery_code(account_id: int, code: str) -> bool:
    """True once for each code on the paper."""
    unused = RecoveryCode.objects.filter(account_id=account_id, code_hash=code_hash(account_id, code), used_at=None)
    return unused.update(used_at=clock.real_now()) == 1


def take_code(account_id: int, typed: str) -> str:
    """What took the code: "totp" or "recovery"; empty where nothing did."""
    code = normal_code(typed)
    device = TotpDevice.objects.filter(account_id=account_id).exclude(confirmed_at=None).first()
    if device is not None and take_totp(device, code):
        return "totp"
    return "recovery" if len(code) == 10 and take_recovery_code(account_id, code) else ""


@transaction.atomic
def renew_recovery_codes(account: Account) -> list[str]:
    """Ten new codes, to be shown once; the old ones are void."""
    now = clock.real_now()
    RecoveryCode.objects.filter(account=account).delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _char in range(10)) for _number in range(COUNT)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, code_hash=code_hash(account.pk, code), made_at=now) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]
