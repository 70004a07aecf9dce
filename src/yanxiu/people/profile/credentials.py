"""One's own password: choosing it, changing it, giving it again before something grave."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import lockout
from yanxiu.people.models import Account
from yanxiu.people.queries import Viewer
from yanxiu.people.sessions.actions import end_other_sessions

__all__ = ["choose_password", "confirm_password", "own_account"]


def own_account(actor: Viewer) -> Account:
    """The account of the viewer, with the person."""
    account = Account.objects.select_related("person__organisation").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise NotVisible
    return account


def confirm_password(actor: Viewer, password: str, address: str) -> None:
    """Passes for the right one; counts against the same lockout as signing in does."""
    account = own_account(actor)
    key = lockout.account_key(account.phone)
    with lockout.turn(key):
        lockout.check_account(key, address, familiar=False)
        if not account.has_usable_password() or not check_password(password[:128], account.password):
            lockout.note_failure(key, address)
            raise Refused("password_wrong", _("密码不对。连续输错会暂时锁定。"), field="current")
        lockout.forget_key(key, address)


@transaction.atomic
def choose_password(actor: Viewer, password: str, keep: int | None = None) -> Account:
    """A new one; every other session ends. The caller renews its own session's hash from the returned account."""
    account = own_account(actor)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refused("password", " ".join(error.messages), field="password") from None
    before = "set" if account.has_usable_password() else "none"
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record("choose_password", "account", account.pk, actor_id=actor.person_id, from_state=before, to_state="set")
    end_other_sessions(actor, account, keep)
    return account
