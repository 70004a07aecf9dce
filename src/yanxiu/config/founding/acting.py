"""Founding through the real actions: what is there already stays, what is new is made, all of it or nothing."""

from dataclasses import dataclass, field

from django.db import transaction

from yanxiu.config.founding.reading import Plan, PlannedPerson
from yanxiu.people import actions
from yanxiu.people.models import Organisation, Person, Region, RegionRole
from yanxiu.people.queries import (
    SYSTEM,
    account_states,
    organisation_named,
    person_of_phone,
    region_by_code,
    viewer_of_person,
)

__all__ = ["Founded", "InviteLine", "found"]


@dataclass(frozen=True, slots=True)
class InviteLine:
    """A link for somebody who has never signed in."""

    name: str
    roles: tuple[str, ...]
    token: str


@dataclass
class Founded:
    """How many rows are new, and the links."""

    regions: int = 0
    units: int = 0
    people: int = 0
    roles: int = 0
    invites: list[InviteLine] = field(default_factory=list)


def _regions(plan: Plan, done: Founded) -> dict[str, Region]:
    known: dict[str, Region] = {}
    for planned in plan.regions:
        region = region_by_code(planned.code)
        if region is None:
            parent = known.get(planned.parent)
            region = actions.add_region(
                SYSTEM, code=planned.code, name=planned.name, level=planned.level, parent=parent
            )
            done.regions += 1
        known[planned.code] = region
    return known


def _units(plan: Plan, regions: dict[str, Region], done: Founded) -> dict[str, Organisation]:
    known: dict[str, Organisation] = {}
    for planned in plan.units:
        region = regions[planned.region]
        unit = organisation_named(planned.name, region.path)
        if unit is None:
            unit = actions.register_organisation(SYSTEM, name=planned.name, region=region, kind=planned.kind)
            done.units += 1
        known[planned.name] = unit
    return known


def _person(planned: PlannedPerson, unit: Organisation, done: Founded) -> Person:
    person = person_of_phone(planned.phone)
    if person is None:
        person = actions.create_person(
            SYSTEM, name=planned.name, phone=planned.phone, organisation=unit, post_title=planned.post_title
        )
        actions.create_account(person)
        done.people += 1
    return person


def _role_names(planned: PlannedPerson) -> tuple[str, ...]:
    """In the language of the installation, as everywhere else."""
    names = dict(RegionRole.Role.choices)
    return tuple(str(names.get(role, role)) for role, _code in planned.roles)


@transaction.atomic
def found(plan: Plan, *, dry_run: bool = False) -> Founded:
    """Make what is missing. Everybody of the plan who has never signed in gets a fresh link (72 hours, once)."""
    done = Founded()
    regions = _regions(plan, done)
    units = _units(plan, regions, done)
    for planned in plan.people:
        person = _person(planned, units[planned.unit], done)
        have = {(fact.role, fact.path) for fact in viewer_of_person(person).region_roles}
        for role, code in planned.roles:
            if (role, regions[code].path) not in have:
                actions.grant_region_role(SYSTEM, person=person, role=role, region=regions[code])
                done.roles += 1
        if account_states([person.pk])[person.pk].state in {"none", "invited"}:
            _invite, token = actions.issue_invite(SYSTEM, person=person)
            done.invites.append(InviteLine(person.name, _role_names(planned), token))
    if dry_run:
        transaction.set_rollback(True)
    return done
