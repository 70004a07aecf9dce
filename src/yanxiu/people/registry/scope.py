"""Whose wishes a security administrator decides: theirs all of whose roles lie in the administrator's regions."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yanxiu.people.models import Person, RegionRole
from yanxiu.people.queries import Viewer, regions_with_role

__all__ = ["looked_after", "top_path"]

_ROLE = RegionRole.Role.SECURITY_ADMIN.value


def _below(viewer: Viewer, prefix: str) -> Q:
    condition = Q(pk__in=[])
    for path in regions_with_role(viewer, _ROLE):
        condition |= Q(**{f"{prefix}path__startswith": path})
    return condition


def looked_after(viewer: Viewer) -> QuerySet[Person, Any]:
    """Holders of roles over the viewer's regions and no others; without any role, people of those regions' units, and at the
    top of a province those without a unit. Never oneself.
    """
    roles = RegionRole.objects.filter(person=OuterRef("pk"))
    own = roles.filter(_below(viewer, "region__"))
    other = roles.exclude(_below(viewer, "region__"))
    in_office = Q(Exists(own)) & ~Q(Exists(other))
    units = _below(viewer, "organisation__region__")
    if any(path.count("/") == 2 for path in regions_with_role(viewer, _ROLE)):
        units |= Q(organisation=None)
    without = ~Q(Exists(roles)) & units
    return Person.objects.filter(in_office | without).exclude(pk=viewer.person_id or 0)


def top_path(viewer: Viewer) -> str:
    """Under which a unit is looked for: the widest of the viewer's regions."""
    return min(regions_with_role(viewer, _ROLE), key=len, default="/")
