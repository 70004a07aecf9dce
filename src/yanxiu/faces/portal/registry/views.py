"""Regions and units; people; one person; who holds which role. Who may look is asked here, who may act by each action."""

import uuid
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from yanxiu.faces.frame.requests import FrameRequest
from yanxiu.faces.portal.registry.forms import MoveForm, NameForm, PersonForm, RegionForm, RoleForm, UnitsForm
from yanxiu.faces.portal.registry.showing import link_for, page
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import rules
from yanxiu.people.actions import add_region, close_account, reopen_account
from yanxiu.people.models import Account, Organisation, Person, Region, RegionRole
from yanxiu.people.queries import Viewer, account_states, mask_phone, organisation_named
from yanxiu.people.registry import actions, queries

__all__ = ["people", "person", "roles", "units"]


def _require(viewer: Viewer) -> None:
    if not rules.can_administer_people(viewer):
        raise Refused("forbidden", _("这个页面只给系统管理员和安全管理员使用。"))


def _uuid(text: str) -> UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotVisible from None


def units(request: FrameRequest) -> HttpResponse:
    """One region at a time: the regions below it, its units, and the forms to add to both."""
    viewer = request.viewer
    _require(viewer)
    own = queries.own_regions(viewer)
    code = request.GET.get("region", "")
    region = queries.region_for(viewer, code) if code or not own else own[0]

    def new_region() -> None:
        values = RegionForm(request.POST).values()
        add_region(viewer, code=values["code"].strip(), name=values["name"], level=values["level"], parent=region)

    def new_units() -> None:
        values = UnitsForm(request.POST).values()
        actions.register_units(viewer, region=region, names=values["names"].splitlines(), kind=values["kind"])

    def rename() -> None:
        unit = queries.unit_for(viewer, _uuid(request.POST.get("unit", "")))
        actions.rename_unit(viewer, unit=unit, name=NameForm(request.POST).values()["name"])

    def context() -> dict[str, Any]:
        words, after = request.GET.get("q", "").strip()[:40], request.GET.get("after") or None
        order = list(Region.Level)
        return {
            "region": region, "own": own, "crumbs": queries.crumbs(viewer, region), "below": queries.regions_below(region),
            "page": queries.units_page(region, words=words, after=after), "q": words, "after": after,
            "kept": urlencode({"region": region.code, "q": words}), "levels": [(each.value, each.label) for each in order[order.index(Region.Level(region.level)) + 1 :]],
            "kinds": Organisation.Kind.choices, "may": rules.can_administer_accounts(viewer, region.path),
        }  # fmt: skip

    deeds = {"region": new_region, "units": new_units, "rename": rename}
    return page(request, "portal/registry/units.html", deeds, context)


def people(request: FrameRequest) -> HttpResponse:
    """People of the viewer's regions, or of one unit. Somebody is looked for by POST: no name or phone enters an address."""
    viewer = request.viewer
    _require(viewer)
    unit = queries.unit_for(viewer, _uuid(request.GET["unit"])) if request.GET.get("unit") else None
    words = request.POST.get("q", "").strip()[:40]

    def admit() -> dict[str, Any]:
        if unit is None:
            raise NotVisible
        values = PersonForm(request.POST).values()
        return link_for(*actions.admit_person(viewer, unit=unit, **values))

    def context() -> dict[str, Any]:
        after = request.GET.get("after") or None
        may = unit is not None and rules.can_administer_accounts(viewer, unit.region.path)
        return {
            "unit": unit, "q": words, "page": queries.people_page(viewer, unit=unit, words=words, after=after),
            "after": after, "may": may, "kept": urlencode({"unit": unit.uuid} if unit else {}),
        }  # fmt: skip

    return page(request, "portal/registry/people.html", {"admit": admit, "find": dict}, context)


def person(request: FrameRequest, uuid: UUID) -> HttpResponse:
    """One person: the system administrator's buttons, and the security administrator's."""
    viewer = request.viewer
    _require(viewer)
    found = queries.person_for(viewer, uuid)
    deeds = {**_of_the_account(request, found), **_of_the_roles(request, found)}
    home = found.organisation.region.path if found.organisation else "/"
    above = rules.is_above(viewer, RegionRole.Role.SYSTEM_ADMIN, found)

    def context() -> dict[str, Any]:
        grants = rules.can_administer_security(viewer) and viewer.person_id != found.pk
        return {
            "person": found, "phone": mask_phone(found.phone), "account": account_states([found.pk])[found.pk],
            "held": queries.roles_of(viewer, found), "may": above and rules.can_administer_accounts(viewer, home), "grants": grants,
            "roles": RegionRole.Role.choices, "regions": _offered(viewer) if grants else (),
            "is_self": viewer.person_id == found.pk,
        }  # fmt: skip

    return page(request, "portal/registry/person.html", deeds, context)


def _offered(viewer: Viewer) -> list[Region]:
    """The regions a role can be granted over without typing: one's own and those just below."""
    own = queries.own_regions(viewer, RegionRole.Role.SECURITY_ADMIN)
    return [each for region in own for each in (region, *queries.regions_below(region))]


def _of_the_account(request: FrameRequest, found: Person) -> dict[str, Any]:
    viewer = request.viewer

    def account() -> Account:
        row = queries.account_of(found)
        if row is None:
            raise Refused("no_account", _("还没有账号：发邀请链接即可开通。"))
        return row

    def invite() -> dict[str, Any]:
        return link_for(found, actions.invite_person(viewer, person=found))

    def close() -> None:
        if viewer.person_id == found.pk:
            raise Refused("own_account", _("不能停用自己的账号，请由另一位系统管理员来做。"))
        close_account(viewer, account=account())

    def reopen() -> None:
        reopen_account(viewer, account=account())

    def move() -> None:
        values = MoveForm(request.POST).values()
        unit = next(
            filter(None, (organisation_named(values["unit"].strip(), r.path) for r in queries.own_regions(viewer))),
            None,
        )
        if unit is None:
            raise Refused("unknown_unit", _("您的地区内没有这个单位（或有几个同名单位），请核对全称。"), field="unit")
        actions.move_person(viewer, person=found, unit=unit, post_title=values["post_title"])

    return {"invite": invite, "close": close, "reopen": reopen, "move": move}


def _of_the_roles(request: FrameRequest, found: Person) -> dict[str, Any]:
    viewer = request.viewer

    def grant() -> None:
        values = RoleForm(request.POST).values()
        try:
            region = queries.region_for(viewer, values["region"].split()[0])
        except NotVisible:
            words = _("您的地区里没有这个地区代码，请从列表中选，或填代码。")
            raise Refused("unknown_region", words, field="region") from None
        actions.give_role(viewer, person=found, role=values["role"], region=region)

    def revoke() -> None:
        held = request.POST.get("held", "")
        actions.take_role(
            viewer, person=found, role_id=int(held) if held.isascii() and held.isdigit() and len(held) < 15 else 0
        )

    return {"grant": grant, "revoke": revoke}


def roles(request: FrameRequest) -> HttpResponse:
    """Everybody who holds a role over one of the viewer's regions."""
    viewer = request.viewer
    _require(viewer)
    after = request.GET.get("after") or None
    context = {"page": queries.roles_page(viewer, after=after), "after": after}
    return page(request, "portal/registry/roles.html", {}, lambda: context)
