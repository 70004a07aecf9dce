"""Regions, units and people as an administrator sees them: everything starts from the regions their role is over."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.pages import Page, keyset_page
from yanxiu.people.models import Account, Organisation, Person, Region, RegionRole
from yanxiu.people.queries import Viewer, account_states, has_role, mask_phone, regions_with_role

__all__ = [
    "LOOKING_AFTER",
    "PersonLine",
    "RoleLine",
    "UnitLine",
    "account_of",
    "crumbs",
    "own_regions",
    "people_page",
    "person_for",
    "region_for",
    "regions_below",
    "roles_of",
    "roles_page",
    "unit_for",
    "units_page",
]

LOOKING_AFTER = ("system_admin", "security_admin")  # both see units and people; what each may do is for people.rules
MOST_REGIONS = 400  # on one page; a province has some 120


@dataclass(frozen=True, slots=True)
class UnitLine:
    uuid: uuid.UUID
    name: str
    kind: str  # in words
    region: str
    people: int


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role over a region, and whose it is."""

    pk: int
    role: str  # in words
    region: str
    person_uuid: uuid.UUID
    person: str
    unit: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """`state` as in people.queries.AccountState; the phone is masked."""

    uuid: uuid.UUID
    name: str
    phone: str
    unit: str
    post_title: str
    roles: tuple[str, ...]
    state: str
    asks: bool


def _within(paths: Sequence[str], prefix: str = "") -> Q:
    """Rows whose region (reached by `prefix`) lies in one of the regions at `paths`; none at all for no paths."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{prefix}path__startswith": path})
    return condition


def own_regions(viewer: Viewer, *roles: str) -> list[Region]:
    """The regions the viewer holds one of these roles over (LOOKING_AFTER when none is named), topmost first."""
    return list(Region.objects.filter(path__in=regions_with_role(viewer, *(roles or LOOKING_AFTER))).order_by("path"))


def region_for(viewer: Viewer, code: str) -> Region:
    """NotVisible for none, or one outside the viewer's."""
    region = Region.objects.filter(code=code).first()
    if region is None or not any(has_role(viewer, role, region.path) for role in LOOKING_AFTER):
        raise NotVisible
    return region


def regions_below(region: Region) -> list[Region]:
    """One step down, at most MOST_REGIONS."""
    return list(Region.objects.filter(parent=region).order_by("code")[:MOST_REGIONS])


def crumbs(viewer: Viewer, region: Region) -> list[Region]:
    """The regions above this one that are the viewer's too, topmost first."""
    above = [region.path[: place + 1] for place, sign in enumerate(region.path[:-1]) if sign == "/"]
    found = Region.objects.filter(path__in=above).order_by("path")
    return [each for each in found if any(has_role(viewer, role, each.path) for role in LOOKING_AFTER)]


def units_page(region: Region, *, words: str = "", after: str | None = None, limit: int = 50) -> Page[UnitLine]:
    """Units of a region and all below it, by name; `words` is part of the name."""
    found: QuerySet[Organisation] = Organisation.objects.select_related("region").filter(
        region__path__startswith=region.path
    )
    if words:
        found = found.filter(name__contains=words)
    page = keyset_page(found, lambda unit: unit, order=("name", "pk"), after=after, limit=limit)
    counts = dict(
        Person.objects.filter(organisation__in=[unit.pk for unit in page.rows], erased_at=None)
        .values_list("organisation_id")
        .annotate(Count("pk"))
    )
    return Page(tuple(_unit_line(unit, counts) for unit in page.rows), page.next)


def _unit_line(unit: Organisation, counts: Mapping[int, int]) -> UnitLine:
    return UnitLine(unit.uuid, unit.name, unit.get_kind_display(), unit.region.name, counts.get(unit.pk, 0))


def unit_for(viewer: Viewer, unit: uuid.UUID) -> Organisation:
    """NotVisible for none, or one outside the viewer's regions."""
    found = Organisation.objects.select_related("region").filter(uuid=unit).first()
    if found is None or not any(has_role(viewer, role, found.region.path) for role in LOOKING_AFTER):
        raise NotVisible
    return found


def _people(viewer: Viewer) -> QuerySet[Person]:
    paths = regions_with_role(viewer, *LOOKING_AFTER)
    holders = RegionRole.objects.filter(_within(paths, "region__")).values("person_id")
    within = _within(paths, "organisation__region__") | Q(organisation=None, pk__in=holders)
    return Person.objects.select_related("organisation").filter(within, erased_at=None)


def people_page(
    viewer: Viewer, *, unit: Organisation | None = None, words: str = "", after: str | None = None, limit: int = 50
) -> Page[PersonLine]:
    """People of the viewer's regions, or of one unit, by name; `words` is part of the name or the whole phone."""
    found = _people(viewer)
    if unit is not None:
        found = found.filter(organisation=unit)
    if words:
        found = found.filter(Q(name__contains=words) | Q(phone=words))
    page = keyset_page(found, lambda person: person, order=("name", "pk"), after=after, limit=limit)
    return Page(tuple(_person_lines(page.rows)), page.next)


def _person_lines(people: Sequence[Person]) -> list[PersonLine]:
    states = account_states(person.pk for person in people)
    roles: dict[int, list[str]] = {}
    for held in RegionRole.objects.filter(person__in=people).order_by("role"):
        roles.setdefault(held.person_id, []).append(held.get_role_display())
    return [
        PersonLine(
            person.uuid, person.name, mask_phone(person.phone), person.organisation.name if person.organisation else "",
            person.post_title, tuple(dict.fromkeys(roles.get(person.pk, ()))), states[person.pk].state,
            states[person.pk].asks,
        )
        for person in people
    ]  # fmt: skip


def person_for(viewer: Viewer, person: uuid.UUID) -> Person:
    """Somebody of the viewer's regions, with unit and region; NotVisible otherwise."""
    found = _people(viewer).select_related("organisation__region").filter(uuid=person).first()
    if found is None:
        raise NotVisible
    return found


def account_of(person: Person) -> Account | None:
    return Account.objects.filter(person=person).select_related("person__organisation__region").first()


def _role_line(held: RegionRole) -> RoleLine:
    unit = held.person.organisation
    return RoleLine(
        held.pk,
        held.get_role_display(),
        held.region.name,
        held.person.uuid,
        held.person.name,
        unit.name if unit else "",
    )


def _roles(viewer: Viewer) -> QuerySet[RegionRole]:
    within = _within(regions_with_role(viewer, *LOOKING_AFTER), "region__")
    return RegionRole.objects.select_related("person__organisation", "region").filter(within)


def roles_page(viewer: Viewer, *, after: str | None = None, limit: int = 50) -> Page[RoleLine]:
    """Every role over a region of the viewer's, by role."""
    return keyset_page(_roles(viewer), _role_line, order=("role", "pk"), after=after, limit=limit)


def roles_of(viewer: Viewer, person: Person) -> list[RoleLine]:
    """One person's roles over the viewer's regions."""
    return [_role_line(held) for held in _roles(viewer).filter(person=person).order_by("role", "region__path")]
