"""Reads of the wing `people`: who is asking, and what roles over regions they hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import is_password_usable
from django.db.models import Exists, OuterRef, Q, QuerySet

from yanxiu.people.models import Account, InviteRequest, Organisation, Person, Region, RegionRole

__all__ = [
    "SIGNED_OUT",
    "SYSTEM",
    "AccountState",
    "People",
    "RegionRoleFact",
    "Viewer",
    "account_of_phone",
    "account_states",
    "among",
    "confirmed_emails",
    "has_role",
    "holders_above",
    "ids_named",
    "mask_phone",
    "names_of",
    "organisation_named",
    "person_of",
    "person_of_phone",
    "region_by_code",
    "regions_with_role",
    "viewer_of",
    "viewer_of_person",
]

People = Iterable[int] | QuerySet[Any, Any]  # ids, or a query of persons


def among(people: People) -> Q:
    """Rows of theirs. A query is asked about each row: a class of 100,000 is not listed to find three wishes."""
    if isinstance(people, QuerySet):
        return Q(Exists(people.filter(pk=OuterRef("person_id"))))
    return Q(person_id__in=people)


@dataclass(frozen=True)
class RegionRoleFact:
    """A role held over the region at `path` and everything below it."""

    role: str
    path: str


@dataclass(frozen=True)
class Viewer:
    """Who is asking: the `actor` of every action and the first argument of every rule."""

    person_id: int | None
    account_id: int | None
    name: str
    organisation_id: int | None
    region_roles: tuple[RegionRoleFact, ...]
    is_signed_in: bool
    is_system: bool = False  # a command run on the machine itself, never a request


SYSTEM = Viewer(None, None, "系统", None, (), is_signed_in=False, is_system=True)
SIGNED_OUT = Viewer(None, None, "", None, (), is_signed_in=False)


def viewer_of_person(person: Person) -> Viewer:
    """The viewer a person is when signed in; used by commands and tests that act for somebody."""
    account_id = Account.objects.filter(person=person).values_list("pk", flat=True).first()
    return _signed_in(person, account_id)


def _signed_in(person: Person, account_id: int | None) -> Viewer:
    roles = (
        RegionRole.objects.filter(person=person).values_list("role", "region__path").order_by("role", "region__path")
    )
    facts = tuple(RegionRoleFact(role, path) for role, path in roles)
    return Viewer(person.pk, account_id, person.name, person.organisation_id, facts, is_signed_in=True)


def viewer_of(account: Account | None) -> Viewer:
    """The viewer behind a session's account; SIGNED_OUT for none or one that has been closed."""
    if account is None or not account.is_active:
        return SIGNED_OUT
    return _signed_in(account.person, account.pk)


def has_role(viewer: Viewer, role: str, region_path: str) -> bool:
    """Does the viewer hold `role` over the region at `region_path` (their own region or one above it)?"""
    return any(fact.role == role and region_path.startswith(fact.path) for fact in viewer.region_roles)


def regions_with_role(viewer: Viewer, *roles: str) -> tuple[str, ...]:
    """Paths of the regions over which the viewer holds one of these roles; a prefix is a scope."""
    return tuple(fact.path for fact in viewer.region_roles if fact.role in roles)


def holders_above(role: str, region_path: str) -> list[int]:
    """Ids of the persons who hold `role` over this region: its own, or one above it."""
    above = [region_path[: place + 1] for place, sign in enumerate(region_path) if sign == "/"]
    return list(RegionRole.objects.filter(role=role, region__path__in=above).values_list("person_id", flat=True))


def region_by_code(code: str) -> Region | None:
    return Region.objects.filter(code=code).first()


def organisation_named(name: str, region_path: str = "/") -> Organisation | None:
    """The one unit of that name at or below a region; None when there is none, or more than one."""
    found: QuerySet[Organisation] = Organisation.objects.filter(name=name, region__path__startswith=region_path)
    both = list(found.select_related("region")[:2])
    return both[0] if len(both) == 1 else None


def person_of(viewer: Viewer) -> Person | None:
    """The viewer's own row, with the unit."""
    return Person.objects.select_related("organisation").filter(pk=viewer.person_id or 0).first()


def person_of_phone(phone: str) -> Person | None:
    return Person.objects.select_related("organisation").filter(phone=phone).first()


def account_of_phone(phone: str) -> Account | None:
    return Account.objects.select_related("person__organisation").filter(phone=phone).first()


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Names for a page of ids."""
    wanted = {person_id for person_id in person_ids if person_id is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))


def ids_named(name: str) -> list[int]:
    """Everybody of exactly that name."""
    return list(Person.objects.filter(name=name).values_list("pk", flat=True))


def confirmed_emails(person_ids: Iterable[int]) -> dict[int, str]:
    """Addresses their owners have confirmed by opening a link; nobody else is in it."""
    found = Person.objects.filter(pk__in=set(person_ids)).exclude(email="")
    return dict(found.values_list("pk", "email"))


@dataclass(frozen=True, slots=True)
class AccountState:
    """How far somebody has come: "none", "invited" (never signed in), "open", "closed"; and do they ask for a link?"""

    state: str
    asks: bool


def account_states(person_ids: Iterable[int]) -> dict[int, AccountState]:
    """The sign-in state of each of these persons, in two statements."""
    wanted = set(person_ids)
    asking = set(InviteRequest.objects.filter(person__in=wanted, closed_at=None).values_list("person_id", flat=True))
    accounts = Account.objects.filter(person__in=wanted).values_list(
        "person_id", "is_active", "activated_at", "password"
    )
    states = dict.fromkeys(wanted, "none")
    for person_id, is_active, activated_at, password in accounts:
        is_usable = activated_at is not None or is_password_usable(password)
        states[person_id] = "closed" if not is_active else "open" if is_usable else "invited"
    return {person_id: AccountState(state, person_id in asking) for person_id, state in states.items()}


def mask_phone(phone: str | None) -> str:
    """138****2231: how a phone is shown wherever unmasking was not asked for."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
