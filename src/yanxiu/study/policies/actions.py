"""Deciding which policy a class follows from now on."""

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.people.queries import Viewer
from yanxiu.study.models import ClassPolicy
from yanxiu.study.policies.queries import policies, policy_of_class

__all__ = ["set_class_policy"]


@transaction.atomic
def set_class_policy(actor: Viewer, *, class_id: int, policy_id: str) -> ClassPolicy:
    """Effective now, never retroactive: a session keeps the policy it opened under.

    Whether the actor may is the caller's question to `training.classes.rules` (the wings do not know each other).
    """
    if policy_id not in policies():
        known = "、".join(sorted(policies()))
        raise Refused("unknown_policy", _("没有这个学习政策；可选：%(known)s。") % {"known": known}, field="policy_id")
    now = clock.now()
    before = policy_of_class(class_id, now).id
    row, _created = ClassPolicy.objects.update_or_create(
        class_id=class_id, effective_from=now, defaults={"policy_id": policy_id}
    )
    audit.record(
        "set_class_policy", "class_policy", row.pk, actor_id=actor.person_id, class_id=class_id,
        before=before, policy=policy_id,
    )  # fmt: skip
    return row
