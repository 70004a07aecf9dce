"""Tables of the wing `people`."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = [
    "Account",
    "FamiliarAddress",
    "Invite",
    "InviteRequest",
    "Organisation",
    "Person",
    "Region",
    "RegionRole",
    "SignInFailure",
]


class Region(models.Model):
    """Province, city or county. `path` is the chain of codes with slashes ("/41/4112/411202/"): a prefix is a scope."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县（市、区）")

    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    level = models.CharField(max_length=10, choices=Level.choices)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=80, unique=True)


class Organisation(models.Model):
    """A unit: school, education bureau, party school. Its region places it in the tree."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("学校")
        BUREAU = "bureau", _("教育局")
        INSTITUTE = "institute", _("培训机构")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "name"], name="organisation_name_in_region")]


class Person(models.Model):
    """Somebody. Roster columns only: 姓名 手机 单位 职务; no political status, no ID number."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=50)
    phone = models.CharField(max_length=20, unique=True, null=True)  # noqa: DJ001  (null, not "": unique among the known)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    post_title = models.CharField(max_length=60, blank=True)  # 职务


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by phone, for django.contrib.auth."""


class Account(AbstractBaseUser):
    """The sign-in of a person; the login is the phone."""

    person = models.OneToOneField(Person, models.PROTECT)
    phone = models.CharField(max_length=20, unique=True)
    is_active = models.BooleanField(default=True)
    activated_at = models.DateTimeField(null=True)  # first invite consumed
    roles_epoch = models.PositiveIntegerField(default=0)  # grows with every change of a role: sessions rotate on it

    USERNAME_FIELD = "phone"
    objects: ClassVar[AccountManager] = AccountManager()


class RegionRole(models.Model):
    """A role over a region and everything below it."""

    class Role(models.TextChoices):
        ORGANISER = "organiser", _("组织管理者")
        AUDITOR = "auditor", _("督学")
        SYSTEM_ADMIN = "system_admin", _("系统管理员")
        SECURITY_ADMIN = "security_admin", _("安全管理员")
        AUDIT_ADMIN = "audit_admin", _("审计管理员")

    person = models.ForeignKey(Person, models.PROTECT, related_name="region_roles")
    role = models.CharField(max_length=16, choices=Role.choices)
    region = models.ForeignKey(Region, models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "role", "region"], name="region_role_once")]


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
