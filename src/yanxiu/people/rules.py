"""Who may, in the wing `people`.

Three administrators, none of whom can do another's job: the system administrator opens units, persons and accounts but
grants no role; the security administrator grants roles and lifts lockouts but opens no account and reads no log; the audit
administrator reads the log and changes nothing.
"""

from yanxiu.people.models import Person, RegionRole
from yanxiu.people.queries import Viewer, has_role

__all__ = [
    "ADMINISTRATORS",
    "can_administer_accounts",
    "can_administer_people",
    "can_administer_security",
    "can_grant_role",
    "can_invite",
    "can_read_audit_log",
    "holds_any",
    "is_above",
]

_Role = RegionRole.Role
ADMINISTRATORS = frozenset({_Role.SYSTEM_ADMIN.value, _Role.SECURITY_ADMIN.value, _Role.AUDIT_ADMIN.value})


def holds_any(viewer: Viewer, role: str) -> bool:
    """Does the viewer hold the role anywhere?"""
    return any(fact.role == role for fact in viewer.region_roles)


def can_administer_accounts(viewer: Viewer, region_path: str = "") -> bool:
    """Open and close units, persons and accounts of a region ("" = anywhere at all, for a page that lists by scope)."""
    if viewer.is_system:
        return True
    if not region_path:
        return holds_any(viewer, _Role.SYSTEM_ADMIN)
    return has_role(viewer, _Role.SYSTEM_ADMIN, region_path)


def can_administer_security(viewer: Viewer, region_path: str = "") -> bool:
    """Grant and revoke roles, lift lockouts."""
    if viewer.is_system:
        return True
    if not region_path:
        return holds_any(viewer, _Role.SECURITY_ADMIN)
    return has_role(viewer, _Role.SECURITY_ADMIN, region_path)


def can_administer_people(viewer: Viewer, region_path: str = "") -> bool:
    """See units, people and their roles: either administrator, who then may do their own half of it."""
    return can_administer_accounts(viewer, region_path) or can_administer_security(viewer, region_path)


def can_grant_role(viewer: Viewer, person_id: int, region_path: str) -> bool:
    """A security administrator of that region, for anybody but themselves."""
    return can_administer_security(viewer, region_path) and viewer.person_id != person_id


def is_above(viewer: Viewer, role: str, person: Person) -> bool:
    """Does the viewer hold `role` over every region this person has a role over?

    Where somebody's unit lies says nothing of that: an administrator of a province may be on the roll of a county's bureau, and
    the county's administrators open, close and reset no account that stands over theirs.
    """
    held = person.region_roles.select_related("region")
    return viewer.is_system or all(has_role(viewer, role, each.region.path) for each in held)


def can_invite(viewer: Viewer, person: Person) -> bool:
    """Whoever holds a role over a region is invited by a system administrator of that region only: a link sets their password.

    For everybody else the calling room has asked its own rule (the class manager, for the people of the class).
    """
    if viewer.is_system:
        return True
    if not viewer.is_signed_in or viewer.person_id == person.pk:
        return False
    if person.region_roles.exists():
        home = person.organisation.region.path if person.organisation else "/"
        return can_administer_accounts(viewer, home) and is_above(viewer, _Role.SYSTEM_ADMIN, person)
    return True


def can_read_audit_log(viewer: Viewer) -> bool:
    """The log is one chain over all regions: only an audit administrator at its top (or the machine itself) reads it."""
    top = any(fact.role == _Role.AUDIT_ADMIN and fact.path.count("/") == 2 for fact in viewer.region_roles)
    return viewer.is_system or top
