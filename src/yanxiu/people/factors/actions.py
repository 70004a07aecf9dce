"""Setting a second factor up, giving it, and taking it away."""

import pyotp
from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import lockout, rules
from yanxiu.people.factors.codes import normal_code, renew_recovery_codes, take_code, take_totp
from yanxiu.people.factors.sealing import sealed
from yanxiu.people.models import Account, Passkey, RecoveryCode, RegionRole, TotpDevice
from yanxiu.people.queries import Viewer, mask_phone
from yanxiu.people.sessions.actions import end_other_sessions

__all__ = ["begin_totp", "confirm_totp", "new_recovery_codes", "reset_factors", "verify_factor"]


def _own(actor: Viewer) -> Account:
    account = Account.objects.select_related("person").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise NotVisible
    return account


@transaction.atomic
def begin_totp(actor: Viewer) -> tuple[str, str]:
    """A new secret and its otpauth address for the QR code; nothing is asked for until a code of it was typed."""
    account, secret = _own(actor), pyotp.random_base32()
    stored = TotpDevice.objects.select_for_update().filter(account=account).first()
    if stored is not None and stored.confirmed_at is not None:
        raise Refused("factor_exists", _("身份验证器已经设好。换手机的话，请安全管理员先重置。"))
    TotpDevice.objects.update_or_create(
        account=account, defaults={"sealed": sealed(account.pk, secret), "made_at": clock.real_now(), "last_step": 0}
    )
    address = pyotp.TOTP(secret).provisioning_uri(name=mask_phone(account.phone), issuer_name="Yanxiu")
    return secret, address


def _counted(key: str, address: str) -> None:
    lockout.note_failure(key, address)
    raise Refused("factor", _("验证码不对或已经用过。请等下一个验证码出现再输入；连续输错会暂时锁定。"), field="code")


def _key(account: Account) -> str:
    return lockout.account_key(f"factor:{account.phone}")


def confirm_totp(actor: Viewer, code: str, address: str) -> list[str]:
    """The first code typed: from now on it is asked for. The recovery codes, shown this once."""
    account = _own(actor)
    key = _key(account)
    with lockout.turn(key):
        lockout.check_account(key, address, familiar=False)
        device = TotpDevice.objects.filter(account=account, confirmed_at=None).first()
        if device is None:
            raise Refused("factor_none", _("请先扫描二维码。"))
        if not take_totp(device, normal_code(code)):
            _counted(key, address)
        with transaction.atomic():
            TotpDevice.objects.filter(pk=device.pk).update(confirmed_at=clock.real_now())
            audit.record("confirm_totp", "account", account.pk, actor_id=actor.person_id, to_state="totp")
            return renew_recovery_codes(account)


@transaction.atomic
def new_recovery_codes(actor: Viewer) -> list[str]:
    """Ten new ones, for anybody: with one of them somebody who forgot their password gets in."""
    account = _own(actor)
    audit.record("new_recovery_codes", "account", account.pk, actor_id=actor.person_id)
    return renew_recovery_codes(account)


def verify_factor(actor: Viewer, code: str, address: str) -> str:
    """Takes a code of the app or of the paper; Refused("factor") for a wrong one, "locked" by lockout."""
    account = _own(actor)
    key = _key(account)
    with lockout.turn(key):
        lockout.check_address(address, familiar=lockout.is_familiar(account.phone, address))
        lockout.check_account(key, address, familiar=False)
        kind = take_code(account.pk, code)
        if not kind:
            _counted(key, address)
        lockout.forget_key(key, address)
    with transaction.atomic():
        audit.record("verify_factor", "account", account.pk, actor_id=actor.person_id, factor=kind)
    return kind


@transaction.atomic
def reset_factors(actor: Viewer, *, account: Account) -> None:
    """A security administrator takes app, codes and passkeys away and ends every session; the owner sets up anew."""
    organisation = account.person.organisation
    allowed = rules.can_administer_security(actor, organisation.region.path if organisation else "/")
    allowed = allowed and rules.is_above(actor, RegionRole.Role.SECURITY_ADMIN, account.person)
    if not allowed or account.person_id == actor.person_id:
        raise Refused("forbidden", _("只有安全管理员可以重置第二重验证，而且不能重置自己的。"))
    for model in (TotpDevice, RecoveryCode, Passkey):
        model.objects.filter(account=account).delete()
    audit.record(
        "reset_factors", "account", account.pk, actor_id=actor.person_id, from_state="set", to_state="none",
        person_id=account.person_id,
    )  # fmt: skip
    end_other_sessions(actor, account)
