"""Ways back in for somebody who forgot their password: the same work and the same silence for every phone."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people import lockout
from yanxiu.people.factors.codes import normal_code, take_recovery_code
from yanxiu.people.models import Account, MailLink
from yanxiu.people.profile.credentials import own_account
from yanxiu.people.profile.mail import new_link
from yanxiu.people.profile.tasks import mail_confirmation, mail_entry
from yanxiu.people.queries import Viewer
from yanxiu.people.sign_in import normal_login

__all__ = ["ask_for_mail", "confirm_email", "enter_by_recovery_code"]

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def ask_for_mail(phone: str, address: str) -> None:
    """Queues one job whatever the phone; the job sends a link where a confirmed address is known."""
    login = normal_login(phone)
    key = lockout.account_key(f"mail:{login}")
    with lockout.turn(key):
        lockout.check_address(address, familiar=False)
        lockout.check_account(key, address, familiar=False)
        lockout.note_failure(key, address)
        found = Account.objects.filter(phone=login, is_active=True).values_list("person_id", flat=True).first()
        mail_entry.enqueue(found or 0)


def confirm_email(actor: Viewer, typed: str, address: str) -> None:
    """A link goes to the address; it is written down only when the link is opened."""
    account, email = own_account(actor), typed.strip()
    if len(email) > 254 or not email.isascii() or not _EMAIL.fullmatch(email):
        raise Refused("email_format", _("邮箱地址不完整，请核对。"), field="email")
    key = lockout.account_key(f"email:{account.pk}")
    with lockout.turn(key):
        lockout.check_account(key, address, familiar=False)
        lockout.note_failure(key, address)  # five letters in a quarter of an hour
        with transaction.atomic():
            audit.record("ask_email", "account", account.pk, actor_id=actor.person_id, to_state="asked")
            link = new_link(account.person, MailLink.Purpose.CONFIRM, email)
            mail_confirmation.enqueue(link.pk)


def enter_by_recovery_code(phone: str, typed: str, address: str) -> Account:
    """One of the ten printed codes in place of the password; a second factor, where there is one, is still asked for."""
    login = normal_login(phone)
    key = lockout.account_key(f"recovery:{login}")
    with lockout.turn(key):
        familiar = lockout.is_familiar(login, address)
        lockout.check_address(address, familiar=familiar)
        lockout.check_account(key, address, familiar=False)
        account = Account.objects.select_related("person").filter(phone=login, is_active=True).first()
        taken = take_recovery_code(account.pk if account else 0, normal_code(typed))
        if account is None or not taken:
            lockout.note_failure(key, address)
            raise Refused("recovery", _("手机号或恢复码不对，或这个恢复码已经用过。"))
        lockout.forget_key(key, address)
        lockout.note_success(account, address, "recovery")
    return account
