"""Regions, units, persons, and roles over regions."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Organisation", "Person", "Region", "RegionRole"]


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
    email = models.CharField(max_length=254, blank=True)  # only once its owner has opened the link sent there
    erased_at = models.DateTimeField(null=True)  # the values above are gone; ids, quantities and times stay


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
