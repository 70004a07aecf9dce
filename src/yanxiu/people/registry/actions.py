"""Writes of the registry that people.actions has not: many units at once, other names, another unit for somebody."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.text import clean_line
from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import rules
from yanxiu.people.actions import (
    create_account,
    create_person,
    grant_region_role,
    issue_invite,
    register_organisation,
    revoke_region_role,
)
from yanxiu.people.models import Account, Organisation, Person, Region, RegionRole
from yanxiu.people.queries import Viewer, has_role

__all__ = ["admit_person", "give_role", "invite_person", "move_person", "register_units", "rename_unit", "take_role"]

MOST_UNITS = 500  # a paste
LONGEST_NAME = 100


def _may_administer(actor: Viewer, region_path: str) -> None:
    if not rules.can_administer_accounts(actor, region_path):
        raise Refused("forbidden", _("只有系统管理员可以做这件事，请联系本地区的系统管理员。"))


@transaction.atomic
def register_units(actor: Viewer, *, region: Region, names: Sequence[str], kind: str) -> list[Organisation]:
    """One unit a name, all of them or none; the refusal names the line (blank lines are counted, and passed over)."""
    _may_administer(actor, region.path)
    lines = [(number, clean_line(name)) for number, name in enumerate(names, start=1) if name.strip()]
    if not lines:
        raise Refused("organisation_name", _("单位名称没有填。"), field="names")
    if len(lines) > MOST_UNITS:
        raise Refused("too_many", _("一次最多登记 %(n)d 个单位，请分几次。") % {"n": MOST_UNITS}, field="names")
    made = []
    for number, name in lines:
        if len(name) > LONGEST_NAME:
            raise Refused("too_long", _("第 %(n)d 行：单位名称太长（最多 100 字）。") % {"n": number}, field="names")
        try:
            made.append(register_organisation(actor, name=name, region=region, kind=kind))
        except Refused as refused:
            words = _("第 %(n)d 行“%(name)s”：%(why)s") % {"n": number, "name": name, "why": refused}
            raise Refused(refused.code, words, field="names") from None
    return made


@transaction.atomic
def rename_unit(actor: Viewer, *, unit: Organisation, name: str) -> Organisation:
    """What is frozen keeps the name it was frozen with."""
    _may_administer(actor, unit.region.path)
    name = clean_line(name)[:LONGEST_NAME]
    if not name:
        raise Refused("organisation_name", _("单位名称没有填。"), field="name")
    if Organisation.objects.filter(region=unit.region, name=name).exclude(pk=unit.pk).exists():
        raise Refused("organisation_exists", _("这个地区已经有同名单位。"), field="name")
    before, unit.name = unit.name, name
    unit.save(update_fields=["name"])
    audit.record(
        "rename_unit", "organisation", unit.pk, actor_id=actor.person_id, to_state="open", before=before, after=name
    )
    return unit


@transaction.atomic
def admit_person(
    actor: Viewer, *, unit: Organisation, name: str, phone: str, post_title: str = ""
) -> tuple[Person, str]:
    """A new person of a unit with an account, and the token of an invite (kept nowhere)."""
    _may_administer(actor, unit.region.path)
    if not phone.strip():
        raise Refused("phone_missing", _("手机号没有填：它就是登录名。"), field="phone")
    person = create_person(actor, name=name, phone=phone, organisation=unit, post_title=post_title)
    return person, invite_person(actor, person=person)


@transaction.atomic
def invite_person(actor: Viewer, *, person: Person) -> str:
    """A fresh link for somebody of the actor's regions, the account opened first where there is none; its token."""
    _may_administer(actor, person.organisation.region.path if person.organisation else "/")
    account = Account.objects.filter(person=person).first() or create_account(person, actor=actor)
    if not account.is_active:
        raise Refused("closed", _("这个账号已停用；先恢复账号，再发邀请链接。"))
    _invite, token = issue_invite(actor, person=person)
    return token


@transaction.atomic
def move_person(actor: Viewer, *, person: Person, unit: Organisation, post_title: str) -> Person:
    """To another unit of the actor's regions. Classes keep the unit they were enrolled from."""
    _may_administer(actor, person.organisation.region.path if person.organisation else "/")
    _may_administer(actor, unit.region.path)
    before = person.organisation_id
    person.organisation, person.post_title = unit, clean_line(post_title)[:60]
    person.save(update_fields=["organisation", "post_title"])
    audit.record(
        "move_person", "person", person.pk, actor_id=actor.person_id, to_state="known", before=before, after=unit.pk
    )
    return person


def give_role(actor: Viewer, *, person: Person, role: str, region: Region) -> RegionRole:
    """`grant_region_role`, for somebody who is there already; a role they hold is a refusal here, so that a page can say so."""
    if RegionRole.objects.filter(person=person, role=role, region=region).exists():
        raise Refused("role_held", _("这个人在这个地区已经有这个角色。"), field="role")
    return grant_region_role(actor, person=person, role=role, region=region)


@transaction.atomic
def take_role(actor: Viewer, *, person: Person, role_id: int) -> RegionRole:
    """`revoke_region_role`, by id."""
    held = RegionRole.objects.select_related("region", "person").filter(pk=role_id, person=person).first()
    if held is None or not has_role(actor, RegionRole.Role.SECURITY_ADMIN, held.region.path):
        raise NotVisible
    revoke_region_role(actor, granted=held)
    return held
