"""Passkeys (WebAuthn): discoverable, verified by the device, so that one of them is password and second factor at once."""

import ipaddress
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from yanxiu.core.text import clean_line
from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import lockout
from yanxiu.people.models import Account, Passkey
from yanxiu.people.queries import Viewer, mask_phone

__all__ = ["add_passkey", "begin_adding", "begin_asking", "enter_by_passkey", "remove_passkey", "unavailable_because"]

MOST = 10
_BAD = (ValueError, KeyError, TypeError, AttributeError, IndexError)  # what fido2 raises for what no browser sends


def unavailable_because() -> str:
    """Why passkeys do not work here, in words; empty where they do. Browsers refuse them on bare IP addresses and plain http."""
    host = settings.ORIGIN.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return _("通行密钥只能在用域名访问的网站上使用；本系统现在用 IP 地址访问，请用密码登录。")
    if settings.ORIGIN.scheme != "https" and host != "localhost":
        return _("通行密钥只能在 https 网站上使用，请用密码登录。")
    return ""


def _server() -> Fido2Server:
    if unavailable_because():
        raise Refused("passkey", unavailable_because())
    own = f"{settings.ORIGIN.scheme}://{settings.ORIGIN.netloc}"
    entity = PublicKeyCredentialRpEntity(name="研修", id=settings.ORIGIN.hostname or "")
    return Fido2Server(entity, verify_origin=lambda origin: origin == own)


def _wrong() -> Refused:
    return Refused("passkey", _("通行密钥没有通过验证。请再试一次，或用密码登录。"))


def _plain(options: Any) -> dict[str, Any]:
    """For JSON: the library's own enumerations are text."""
    found: dict[str, Any] = json.loads(json.dumps(dict(options), default=str))
    return found


def _data(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def begin_adding(actor: Viewer) -> tuple[dict[str, Any], Any]:
    """(options for the browser, state for this session)."""
    account = Account.objects.select_related("person").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise NotVisible
    held = [_data(passkey) for passkey in account.passkeys.all()]
    if len(held) >= MOST:
        raise Refused("passkey_many", _("通行密钥最多 10 个，请先删除不用的。"))
    user = PublicKeyCredentialUserEntity(
        id=account.person.uuid.bytes, name=mask_phone(account.phone), display_name=account.person.name
    )
    options, state = _server().register_begin(
        user, held, resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return _plain(options), state


def add_passkey(actor: Viewer, state: Any, answer: Mapping[str, Any], label: str) -> Passkey:
    """What the browser brought back."""
    try:
        made = _server().register_complete(state, answer)
    except _BAD:
        raise _wrong() from None
    if made.credential_data is None:
        raise _wrong()
    identifier = websafe_encode(made.credential_data.credential_id)
    with transaction.atomic():
        if Passkey.objects.filter(credential_id=identifier).exists():
            raise Refused("passkey_exists", _("这个通行密钥已经登记过。"))
        passkey = Passkey.objects.create(
            account_id=actor.account_id or 0, credential_id=identifier, credential=bytes(made.credential_data),
            sign_count=made.counter, label=clean_line(label)[:60] or _("通行密钥"), made_at=clock.real_now(),
        )  # fmt: skip
        audit.record("add_passkey", "account", passkey.account_id, actor_id=actor.person_id, passkey=passkey.pk)
    return passkey


def begin_asking(actor: Viewer | None = None) -> tuple[dict[str, Any], Any]:
    """For signing in (nobody named: the device offers what it holds) or, with an actor, as their second factor."""
    held = [_data(p) for p in Passkey.objects.filter(account_id=actor.account_id or 0)] if actor else None
    options, state = _server().authenticate_begin(held, user_verification=UserVerificationRequirement.REQUIRED)
    return _plain(options), state


def _checked(state: Any, answer: Mapping[str, Any]) -> Passkey | None:
    """The passkey that signed this challenge; None for anything else."""
    try:
        response = AuthenticationResponse.from_dict(answer)
        passkey = (
            Passkey.objects.select_related("account__person")
            .filter(credential_id=websafe_encode(response.raw_id), account__is_active=True)
            .first()
        )
        handle = response.response.user_handle
        if passkey is None or (handle and handle != passkey.account.person.uuid.bytes):
            return None
        _server().authenticate_complete(state, [_data(passkey)], response)
    except _BAD:
        return None
    counter = response.response.authenticator_data.counter
    if (counter or passkey.sign_count) and counter <= passkey.sign_count:
        return None  # a copy of the key has been used meanwhile
    passkey.sign_count = counter
    return passkey


def enter_by_passkey(state: Any, answer: Mapping[str, Any], address: str, actor: Viewer | None = None) -> Account:
    """The account whose passkey it is; with an actor, only their own. Lockout counts here as on every pathway."""
    key = lockout.account_key(f"passkey:{str(answer.get('id', ''))[:200]}")
    with lockout.turn(key):
        lockout.check_address(address, familiar=False)
        lockout.check_account(key, address, familiar=False)
        passkey = _checked(state, answer)
        if passkey is None or (actor is not None and passkey.account_id != actor.account_id):
            lockout.note_failure(key, address)
            raise _wrong()
        passkey.used_at = clock.real_now()
        passkey.save(update_fields=["sign_count", "used_at"])
        lockout.note_success(passkey.account, address, "passkey")
    return passkey.account


@transaction.atomic
def remove_passkey(actor: Viewer, passkey_id: int, *, needed: bool) -> None:
    """One's own. `needed`: something must be left to sign in (or to verify) with."""
    passkey = Passkey.objects.select_related("account").filter(pk=passkey_id, account_id=actor.account_id or 0).first()
    if passkey is None:
        raise NotVisible
    others = passkey.account.passkeys.exclude(pk=passkey.pk).exists()
    if not others and (needed or not passkey.account.has_usable_password()):
        raise Refused("passkey_last", _("这是您唯一的登录或验证方式，不能删除。请先设好密码或身份验证器。"))
    passkey.delete()
    audit.record("remove_passkey", "account", passkey.account_id, actor_id=actor.person_id, passkey=passkey_id)
