"""Changing one's phone, which is one's login."""

import re
import unicodedata

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people import lockout
from yanxiu.people.models import Account, Person
from yanxiu.people.profile.credentials import own_account
from yanxiu.people.queries import Viewer
from yanxiu.people.sessions.actions import end_other_sessions

__all__ = ["change_phone"]

_PHONE = re.compile(r"1\d{10}")


def _normal(typed: str) -> str:
    digits = "".join(c for c in unicodedata.normalize("NFKC", typed) if c.isalnum() or c == "+").removeprefix("+86")
    if not _PHONE.fullmatch(digits):
        raise Refused("phone_format", _("手机号应为 11 位数字。"), field="phone")
    return digits


def _taken() -> Refused:
    return Refused("phone_taken", _("这个号码不能用。请核对；确实是您的号码，请联系班主任。"), field="phone")


def change_phone(actor: Viewer, typed: str, address: str, keep: int | None = None) -> Account:
    """The account under its new login. Who asks has confirmed with password or second factor.

    Tries count: nobody finds out number by number who is registered. Numbers never enter the audit log.
    """
    account, phone = own_account(actor), _normal(typed)
    key = lockout.account_key(f"phone:{account.pk}")
    with lockout.turn(key):
        lockout.check_account(key, address, familiar=False)
        if phone == account.phone:
            raise Refused("phone_same", _("这就是现在的号码。"), field="phone")
        try:
            with transaction.atomic():
                if Person.objects.filter(phone=phone).exists() or Account.objects.filter(phone=phone).exists():
                    raise _taken()
                return _changed(actor, account, phone, keep)
        except IntegrityError:
            lockout.note_failure(key, address)
            raise _taken() from None
        except Refused:
            lockout.note_failure(key, address)
            raise


def _changed(actor: Viewer, account: Account, phone: str, keep: int | None) -> Account:
    lockout.forget(account)
    Person.objects.filter(pk=account.person_id).update(phone=phone)
    account.phone = phone
    account.save(update_fields=["phone"])
    audit.record("change_phone", "account", account.pk, actor_id=actor.person_id)
    end_other_sessions(actor, account, keep)
    return account
