"""Which administrator's pages the viewer's navigation shows."""

from django import template

from yanxiu.people import rules
from yanxiu.people.queries import Viewer

__all__ = ["administration"]

register = template.Library()


@register.simple_tag
def administration(viewer: Viewer) -> dict[str, bool]:
    return {"security": rules.can_administer_security(viewer), "log": rules.can_read_audit_log(viewer)}
