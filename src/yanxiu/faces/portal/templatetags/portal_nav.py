"""Which pages of administrators and of a region's staff the viewer's navigation shows."""

from django import template

from yanxiu.people import rules
from yanxiu.people.queries import Viewer

__all__ = ["administration"]

register = template.Library()


@register.simple_tag
def administration(viewer: Viewer) -> dict[str, bool]:
    held = {fact.role for fact in viewer.region_roles}
    jobs = {
        "people": rules.can_administer_people(viewer),
        "security": rules.can_administer_security(viewer),
        "log": rules.can_read_audit_log(viewer),
    }
    return jobs | {
        "any": any(jobs.values()),
        "classes": bool(held & {"organiser", "auditor"}),
        "founds": "organiser" in held,
    }
