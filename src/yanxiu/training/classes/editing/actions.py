"""Changing a class. Whoever saves says which edition they have read: a later one in between is told, never overwritten."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.training.classes.editing.queries import last_change, plan_of
from yanxiu.training.classes.editing.rules import Plan, leeway, require_changes
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import visible_classes
from yanxiu.training.classes.rules import can_organise, local_text, require

__all__ = ["change_class", "locked_for_change", "pin_scheme", "require_edition", "turn_edition"]


def locked_for_change(actor: Viewer, training_class: TrainingClass) -> TrainingClass:
    """The class as stored now, locked for this transaction; for its organisers only."""
    stored = visible_classes(actor).select_for_update().filter(pk=training_class.pk).first()
    if stored is None:
        raise NotVisible
    require(can_organise, actor, stored)
    return stored


def require_edition(stored: TrainingClass, edition: int) -> None:
    """Refused where somebody has changed the class since the page was opened: who, and when."""
    if stored.edition == edition:
        return
    change = last_change(stored)
    if change is None:
        message = _("这一页打开以后班级已经改过，您的修改没有保存。下面列出现在的值，请核对后再保存一次。")
        raise Refused("conflict", message)
    message = _("%(name)s 在 %(at)s 先改过本班，您的修改没有保存。下面列出现在的值，请核对后再保存一次。")
    told = {"name": change.name or _("另一位管理者"), "at": local_text(change.at, stored.zone)}
    raise Refused("conflict", message % told)


def turn_edition(stored: TrainingClass) -> None:
    """Something about the class has changed: pages opened before are out of date."""
    stored.edition += 1
    stored.save(update_fields=["edition"])


def _cleaned(plan: Plan) -> Plan:
    if not 1 <= plan.session_no <= 999:
        raise Refused("bad_number", _("期数应在 1 到 999 之间。"), field="session_no")
    return Plan(
        line(plan.name, field="name", label=_("班级名称")),
        line(plan.short_name, field="short_name", label=_("班级简称"), limit=40),
        plan.session_no, plan.starts_on, plan.ends_on, plan.zone.strip(),
    )  # fmt: skip


@transaction.atomic
def change_class(actor: Viewer, training_class: TrainingClass, *, edition: int, plan: Plan) -> TrainingClass:
    """Name, dates, zone as far as its state allows. The same again changes nothing."""
    stored = locked_for_change(actor, training_class)
    before, after = plan_of(stored), _cleaned(plan)
    changed = after.changed(before)
    if not changed:
        return stored
    require_edition(stored, edition)
    require_changes(stored.state, before, after)
    for name in changed:
        setattr(stored, name, getattr(after, name))
    stored.edition += 1
    stored.save(update_fields=[*sorted(changed), "edition"])
    old, new = asdict(before), asdict(after)
    audit.record(
        "change_class", "class", stored.pk, actor_id=actor.person_id, class_id=stored.pk,
        before={name: str(old[name]) for name in sorted(changed)},
        after={name: str(new[name]) for name in sorted(changed)}, edition=stored.edition,
    )  # fmt: skip
    return stored


@transaction.atomic
def pin_scheme(actor: Viewer, training_class: TrainingClass, *, edition: int, scheme_id: str) -> TrainingClass:
    """The scheme the class is judged by from now on; that there is such a scheme is the caller's question."""
    stored = locked_for_change(actor, training_class)
    require_edition(stored, edition)
    if leeway(stored.state).rules == "never":
        raise Refused("class_frozen", _("本班数据已冻结，考核方案和学时政策不能再改。"))
    before, stored.scheme_id = stored.scheme_id, scheme_id
    stored.edition += 1
    stored.save(update_fields=["scheme_id", "edition"])
    audit.record(
        "pin_scheme", "class", stored.pk, actor_id=actor.person_id, class_id=stored.pk, before=before, scheme=scheme_id,
        edition=stored.edition,
    )  # fmt: skip
    return stored
