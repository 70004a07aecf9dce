"""Writes of the wing `people`: regions, units, persons, accounts, roles. Signing in is in people.sign_in."""

import re
import unicodedata
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people import rules
from yanxiu.people.models import Account, Organisation, Person, Region, RegionRole
from yanxiu.people.queries import SYSTEM, Viewer
from yanxiu.people.sign_in import (
    ask_for_invite,
    authenticate,
    consume_invite,
    enter_by_link,
    issue_invite,
    lift_lockout,
)

__all__ = [
    "add_region",
    "ask_for_invite",
    "authenticate",
    "close_account",
    "consume_invite",
    "create_account",
    "create_people",
    "create_person",
    "enter_by_link",
    "grant_region_role",
    "issue_invite",
    "lift_lockout",
    "note_role_change",
    "register_organisation",
    "reopen_account",
    "revoke_region_role",
]

_PHONE = re.compile(r"1\d{10}")


def _may_administer(actor: Viewer, region_path: str) -> None:
    if not rules.can_administer_accounts(actor, region_path):
        raise Refused("forbidden", _("只有系统管理员可以做这件事，请联系本地区的系统管理员。"))


@transaction.atomic
def add_region(actor: Viewer, *, code: str, name: str, level: str, parent: Region | None = None) -> Region:
    """A province (no parent), city or county; `code` is its six-digit administrative code or the like."""
    _may_administer(actor, parent.path if parent else "/")
    order = [choice.value for choice in Region.Level]
    above = order.index(parent.level) if parent else -1
    if level not in order or order.index(level) <= above:
        raise Refused("region_level", _("地区只能挂在上一级地区下面：省、市、县（市、区）。"), field="level")
    if not re.fullmatch(r"[0-9A-Za-z-]{1,12}", code):
        raise Refused("region_code", _("地区代码只能用 1 到 12 位数字、字母或短横线。"), field="code")
    if Region.objects.filter(code=code).exists():
        raise Refused("region_exists", _("这个地区代码已经有了。"), field="code")
    path = f"{parent.path if parent else '/'}{code}/"
    region = Region.objects.create(code=code, name=clean_line(name), level=level, parent=parent, path=path)
    audit.record("add_region", "region", region.pk, actor_id=actor.person_id, to_state="open")
    return region


@transaction.atomic
def register_organisation(actor: Viewer, *, name: str, region: Region, kind: str = "school") -> Organisation:
    """A unit in its region; the name is unique there."""
    _may_administer(actor, region.path)
    name = clean_line(name)
    if not name:
        raise Refused("organisation_name", _("单位名称没有填。"), field="name")
    if kind not in Organisation.Kind.values:
        raise Refused("organisation_kind", _("单位类别只能是学校、教育局或培训机构。"), field="kind")
    if Organisation.objects.filter(region=region, name=name).exists():
        raise Refused("organisation_exists", _("这个地区已经有同名单位。"), field="name")
    organisation = Organisation.objects.create(name=name, region=region, kind=kind)
    audit.record("register_organisation", "organisation", organisation.pk, actor_id=actor.person_id, to_state="open")
    return organisation


@transaction.atomic
def create_person(
    actor: Viewer,
    *,
    name: str,
    phone: str | None = None,
    organisation: Organisation | None = None,
    post_title: str = "",
) -> Person:
    """Somebody, before any account. Called by rosters too: the calling room has asked its own rule about the class."""
    if not (actor.is_system or actor.is_signed_in):
        raise Refused("forbidden", _("请先登录。"))
    name = clean_line(name)
    if not name:
        raise Refused("person_name", _("姓名没有填。"), field="name")
    if phone is not None:
        phone = unicodedata.normalize("NFKC", phone).strip()
        if not _PHONE.fullmatch(phone):
            raise Refused("phone_format", _("手机号应为 11 位数字。"), field="phone")
        if Person.objects.filter(phone=phone).exists():
            raise Refused("phone_taken", _("这个手机号已经登记过，请核对。"), field="phone")
    person = Person.objects.create(
        name=name[:50], phone=phone, organisation=organisation, post_title=clean_line(post_title)[:60]
    )
    audit.record("create_person", "person", person.pk, actor_id=actor.person_id, to_state="known")
    return person


@transaction.atomic
def create_people(actor: Viewer, people: Sequence[Person]) -> list[Person]:
    """`create_person` for the rows of a roster, which has checked each and looked every phone up in this transaction."""
    if not (actor.is_system or actor.is_signed_in):
        raise Refused("forbidden", _("请先登录。"))
    created = Person.objects.bulk_create(people, batch_size=500)
    audit.record_each(
        "create_person", "person", ((person.pk, {}) for person in created), actor_id=actor.person_id, to_state="known"
    )
    return created


@transaction.atomic
def create_account(person: Person, password: str | None = None, *, actor: Viewer = SYSTEM) -> Account:
    """The sign-in of a person. Without a password (the rule) it opens only through an invite; with one only for the demo."""
    if not person.phone:
        raise Refused("phone_missing", _("没有手机号，不能开通账号。"), field="phone")
    if password is not None and not actor.is_system:
        raise Refused("forbidden", _("任何人都不能替别人设密码，请发邀请链接。"))
    if Account.objects.filter(person=person).exists():
        raise Refused("account_exists", _("这个人已经有账号。"))
    account = Account(person=person, phone=person.phone)
    account.set_password(password)  # None makes it unusable
    account.save()
    state = "open" if password is not None else "invited"
    audit.record("create_account", "account", account.pk, actor_id=actor.person_id, to_state=state)
    return account


def _region_path(person: Person) -> str:
    return person.organisation.region.path if person.organisation else "/"


def _set_open(actor: Viewer, account: Account, action: str, *, is_active: bool) -> Account:
    _may_administer(actor, _region_path(account.person))
    if not rules.is_above(actor, RegionRole.Role.SYSTEM_ADMIN, account.person):
        raise Refused("forbidden", _("这个人的管辖范围超出您的地区，账号由上级的系统管理员办理。"))
    account.is_active = is_active
    account.save(update_fields=["is_active"])
    before, after = ("closed", "open") if is_active else ("open", "closed")
    audit.record(action, "account", account.pk, actor_id=actor.person_id, from_state=before, to_state=after)
    return account


@transaction.atomic
def close_account(actor: Viewer, *, account: Account) -> Account:
    """Nobody signs in to it from now on; running sessions end at their next request."""
    return _set_open(actor, account, "close_account", is_active=False)


@transaction.atomic
def reopen_account(actor: Viewer, *, account: Account) -> Account:
    return _set_open(actor, account, "reopen_account", is_active=True)


def note_role_change(person: Person) -> None:
    """A role of this person changed: their running sessions get a new key at the next request."""
    Account.objects.filter(person=person).update(roles_epoch=F("roles_epoch") + 1)


def _check_separate(person: Person, role: str) -> None:
    held = set(RegionRole.objects.filter(person=person, role__in=rules.ADMINISTRATORS).values_list("role", flat=True))
    if role in rules.ADMINISTRATORS and held - {role}:
        raise Refused("separation", _("系统、安全、审计三种管理员必须由不同的人担任。"), field="role")


@transaction.atomic
def grant_region_role(actor: Viewer, *, person: Person, role: str, region: Region) -> RegionRole:
    """A role over a region and everything below it."""
    if not rules.can_grant_role(actor, person.pk, region.path):
        raise Refused("forbidden", _("只有安全管理员可以授予角色，而且不能授予自己。"))
    if role not in RegionRole.Role.values:
        raise Refused("role_unknown", _("没有这种角色。"), field="role")
    _check_separate(person, role)
    granted, created = RegionRole.objects.get_or_create(person=person, role=role, region=region)
    if created:
        audit.record(
            "grant_region_role", "role", granted.pk, actor_id=actor.person_id, to_state=role, person_id=person.pk,
            region=region.pk,
        )  # fmt: skip
        note_role_change(person)
    return granted


@transaction.atomic
def revoke_region_role(actor: Viewer, *, granted: RegionRole) -> None:
    """Takes the role away again."""
    if not rules.can_grant_role(actor, granted.person_id, granted.region.path):
        raise Refused("forbidden", _("只有安全管理员可以收回角色，而且不能收回自己的。"))
    audit.record(
        "revoke_region_role", "role", granted.pk, actor_id=actor.person_id, from_state=granted.role, to_state="revoked",
        person_id=granted.person_id, region=granted.region_id,
    )  # fmt: skip
    note_role_change(granted.person)
    granted.delete()
