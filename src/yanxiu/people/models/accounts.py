"""The sign-in of a person, the links that open it, its sessions, and what lockout remembers."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from yanxiu.people.models.who import Person

__all__ = ["Account", "FamiliarAddress", "Invite", "InviteRequest", "MailLink", "SessionRecord", "SignInFailure"]


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by phone, for django.contrib.auth."""


class Account(AbstractBaseUser):
    """The sign-in of a person; the login is the phone."""

    person = models.OneToOneField(Person, models.PROTECT)
    phone = models.CharField(max_length=20, unique=True)
    is_active = models.BooleanField(default=True)
    activated_at = models.DateTimeField(null=True)  # first invite consumed
    roles_epoch = models.PositiveIntegerField(default=0)  # grows with every change of a role: sessions rotate on it
    sessions_epoch = models.PositiveIntegerField(default=0)  # grows with "sign out everywhere": sessions die of it
    notice_version = models.PositiveIntegerField(default=0)  # of the privacy notice last agreed to
    profile_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(
        max_length=8, blank=True, default=""
    )  # last chosen for the pages: letters are in it too

    USERNAME_FIELD = "phone"
    objects: ClassVar[AccountManager] = AccountManager()

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be this account's: another password, or another epoch, ends it at once."""
        held = f"{self.password}:{self.sessions_epoch}"
        return salted_hmac("yanxiu.people.session", held, algorithm="sha256").hexdigest()


class Invite(models.Model):
    """A single-use link, valid 72 h of real time, consumed by POST; only the hash of its token is kept."""

    person = models.ForeignKey(Person, models.PROTECT)
    token_hash = models.CharField(max_length=64, unique=True)
    issued_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class InviteRequest(models.Model):
    """Somebody asked on the sign-in page for a new invite. A row is written for unknown phones too, so that both cost the same."""

    login_key = models.CharField(max_length=64)  # keyed hash of the phone typed
    person = models.ForeignKey(Person, models.CASCADE, null=True)
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class MailLink(models.Model):
    """A single-use link sent by e-mail, consumed by POST: it proves the address ("confirm") or opens the account ("enter")."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("确认邮箱")
        ENTER = "enter", _("找回登录")

    person = models.ForeignKey(Person, models.CASCADE)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    email = models.CharField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SessionRecord(models.Model):
    """A session as its owner sees it in the list; revoking deletes the session itself."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="session_records")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60)  # words: "Windows · Edge"
    pathway = models.CharField(max_length=10)
    address = models.CharField(max_length=45)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class SignInFailure(models.Model):
    """A failed sign-in on any pathway, for lockout; rows older than the longest window are deleted."""

    account_key = models.CharField(max_length=64)  # keyed hash of the login typed, so that no phone is kept
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_key", "at"], name="failure_account"),
            models.Index(fields=["address", "at"], name="failure_address"),
        ]


class FamiliarAddress(models.Model):
    """An address this account has signed in from: somebody else's failures elsewhere do not lock it out there."""

    account = models.ForeignKey(Account, models.CASCADE)
    address = models.CharField(max_length=45)
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "address"], name="familiar_address_once")]
