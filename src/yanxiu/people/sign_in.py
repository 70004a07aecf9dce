"""The ways in: password, invite link. Same text, same work and same lockout whether the account exists or not."""

import hashlib
import secrets
import unicodedata
from datetime import timedelta
from functools import lru_cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import lockout, rules
from yanxiu.people.models import Account, Invite, InviteRequest, Person
from yanxiu.people.queries import Viewer

__all__ = [
    "ask_for_invite",
    "authenticate",
    "consume_invite",
    "enter_by_link",
    "invite_is_open",
    "issue_invite",
    "lift_lockout",
]

INVITE_HOURS = 72


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A password hash nobody's password matches, of the current cost: what unknown phones are checked against."""
    return make_password(secrets.token_urlsafe(24))


def normal_login(typed: str) -> str:
    """The phone as typed on any keyboard: full-width digits, spaces, +86."""
    digits = "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isalnum() or c == "+")
    return digits.removeprefix("+86")[:20]


def authenticate(phone: str, password: str, address: str) -> Account:
    """The account of phone and password. Refused("sign_in") for every wrong pair alike, "locked"/"slow_down" by lockout."""
    login = normal_login(phone)
    key = lockout.account_key(login)
    with lockout.turn(key):
        familiar = lockout.is_familiar(login, address)
        lockout.check_address(address, familiar=familiar)
        lockout.check_account(key, address, familiar=familiar)
        account = Account.objects.select_related("person").filter(phone=login).first()
        usable = account is not None and account.is_active and account.has_usable_password() and len(password) <= 128
        encoded = account.password if account is not None and usable else _nobody()
        correct = check_password(password[:128], encoded)
        if account is None or not usable or not correct:
            lockout.note_failure(key, address)
            raise Refused("sign_in", _("手机号或密码不对。连续输错会暂时锁定；忘了密码可以请班主任重发邀请链接。"))
        lockout.note_success(account, address, "password")
    return account


def enter_by_link(phone: str | None, token: str, address: str) -> Account:
    """The demo's pathway: `phone` is what its single-use link stood for, None for a link nobody made. Lockout counts here too."""
    key = lockout.account_key(phone or f"link:{_hash(token)}")
    familiar = phone is not None and lockout.is_familiar(phone, address)
    lockout.check_address(address, familiar=familiar)
    lockout.check_account(key, address, familiar=familiar)
    account = Account.objects.select_related("person").filter(phone=phone, is_active=True).first()
    if account is None:
        lockout.note_failure(key, address)
        raise NotVisible
    lockout.note_success(account, address, "link")
    if account.activated_at is None:  # that link was this person's invite
        account.activated_at = clock.real_now()
        account.save(update_fields=["activated_at"])
    return account


def ask_for_invite(phone: str, address: str) -> None:
    """Puts the wish before the class manager, if the phone is on any roster; the same work and silence if it is not."""
    login = normal_login(phone)
    key = lockout.account_key(f"ask:{login}")
    with lockout.turn(key):
        lockout.check_address(address, familiar=False)
        lockout.check_account(key, address, familiar=False)
        lockout.note_failure(key, address)
        now = clock.real_now()
        person = Person.objects.filter(phone=login).first()
        with transaction.atomic():
            InviteRequest.objects.filter(asked_at__lt=now - timedelta(days=30)).delete()
            InviteRequest.objects.update_or_create(
                login_key=key, closed_at=None, defaults={"person": person, "asked_at": now}
            )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue_invite(actor: Viewer, *, person: Person) -> tuple[Invite, str]:
    """A single-use link of 72 real hours and its token, which is stored nowhere. Earlier open links of the person die.

    The calling room has asked its own rule (the class manager for the class's people); this wing's is the administrator's.
    """
    if not rules.can_invite(actor, person):
        raise Refused("forbidden", _("不能给这个人发邀请链接：请由系统管理员来发，自己不能给自己发。"))
    if not person.phone:
        raise Refused("phone_missing", _("没有手机号，不能发邀请。"), field="phone")
    now = clock.real_now()
    Invite.objects.filter(person=person, used_at=None, expires_at__gt=now).update(expires_at=now)
    InviteRequest.objects.filter(person=person, closed_at=None).update(closed_at=now)
    token = secrets.token_urlsafe(32)
    invite = Invite.objects.create(
        person=person,
        token_hash=_hash(token),
        issued_by_id=actor.person_id,
        expires_at=now + timedelta(hours=INVITE_HOURS),
    )
    audit.record("issue_invite", "invite", invite.pk, actor_id=actor.person_id, to_state="open", person_id=person.pk)
    return invite, token


def _open_invite(token: str) -> Invite | None:
    found = Invite.objects.select_related("person__organisation").filter(token_hash=_hash(token), used_at=None)
    return found.filter(expires_at__gt=clock.real_now()).first()


def invite_is_open(token: str) -> bool:
    """Reading never consumes: chat previews fetch every link they see."""
    return _open_invite(token) is not None


def consume_invite(token: str, password: str | None, address: str) -> Account:
    """Activate the account, with the person's own password where one is given: a refused one leaves the link open.

    The page gives none: whoever came by a link reads the privacy notice and confirms the profile first, then chooses a
    password or a passkey.
    """
    lockout.check_address(address, familiar=invite_is_open(token))
    with transaction.atomic():
        invite = _open_invite(token)
        account = _activate(invite, password) if invite is not None else None
    if account is None:
        lockout.note_failure(lockout.account_key(f"invite:{_hash(token)}"), address)
        raise Refused(
            "invite", _("这个邀请链接不能用了：可能已经用过、过期，或被新的链接代替。请在登录页申请新的链接。")
        )
    lockout.note_success(account, address, "invite")
    return account


def _activate(invite: Invite, password: str | None) -> Account | None:
    person, now = invite.person, clock.real_now()
    account = Account.objects.filter(person=person).first() or Account(person=person, phone=person.phone or "")
    if not account.is_active:
        return None
    before = "open" if account.activated_at else "invited"
    if password is not None:
        try:
            validate_password(password, account)
        except ValidationError as error:
            raise Refused("password", " ".join(error.messages), field="password") from None
        account.set_password(password)
    elif account.pk is None:
        account.set_unusable_password()
    account.activated_at = account.activated_at or now
    account.save()
    invite.used_at = now
    invite.save(update_fields=["used_at"])
    audit.record("consume_invite", "account", account.pk, actor_id=person.pk, from_state=before, to_state="open")
    return account


@transaction.atomic
def lift_lockout(actor: Viewer, *, account: Account) -> int:
    """A security administrator of the account's region strikes out its failures."""
    organisation = account.person.organisation
    if not rules.can_administer_security(actor, organisation.region.path if organisation else "/"):
        raise Refused("forbidden", _("只有安全管理员可以解除锁定。"))
    struck = lockout.forget(account)
    audit.record("lift_lockout", "account", account.pk, actor_id=actor.person_id, from_state="locked", to_state="open")
    return struck
