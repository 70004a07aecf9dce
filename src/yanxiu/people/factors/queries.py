"""What an account has to verify itself with."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.people.models import Passkey, RecoveryCode, TotpDevice

__all__ = ["Held", "PasskeyRow", "held"]


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    passkey_id: int
    label: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """`codes_left` of ten."""

    totp: bool
    passkeys: tuple[PasskeyRow, ...]
    codes_left: int

    @property
    def second_factor(self) -> bool:
        return self.totp or bool(self.passkeys)


def held(account_id: int | None) -> Held:
    """Of one account, in three statements."""
    passkeys = Passkey.objects.filter(account_id=account_id or 0).order_by("pk")
    return Held(
        TotpDevice.objects.filter(account_id=account_id or 0).exclude(confirmed_at=None).exists(),
        tuple(PasskeyRow(p.pk, p.label, p.made_at, p.used_at) for p in passkeys),
        RecoveryCode.objects.filter(account_id=account_id or 0, used_at=None).count(),
    )
