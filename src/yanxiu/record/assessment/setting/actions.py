"""Changing the rules a class is judged by: with a reason once learners have been told of them, and kept for ever."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from yanxiu.core.time import clock
from yanxiu.kit import audit
from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import line
from yanxiu.people.queries import Viewer
from yanxiu.record.assessment.catalogue import scheme_ids
from yanxiu.record.assessment.setting.models import RuleChange
from yanxiu.record.assessment.setting.readiness import lacks_of
from yanxiu.record.assessment.setting.trial import Trial, trial
from yanxiu.study.policies.actions import set_class_policy
from yanxiu.study.policies.queries import policies, policy_of_class
from yanxiu.training.classes.editing.actions import locked_for_change, pin_scheme, require_edition, turn_edition
from yanxiu.training.classes.editing.rules import leeway
from yanxiu.training.classes.lifecycle import change_state
from yanxiu.training.classes.models import TrainingClass

__all__ = ["Rules", "change_rules", "open_class", "require_rules"]


@dataclass(frozen=True, slots=True)
class Rules:
    """`reason`: why, in one line; may be empty only where nobody has been told of the old rules."""

    scheme_id: str
    policy_id: str
    reason: str = ""


def require_rules(training_class: TrainingClass, rules: Rules) -> Rules:
    """The same, cleaned; Refused where there is no such scheme or policy, where nothing may be changed any more, and without
    the reason its state asks for.
    """
    allowed = leeway(training_class.state).rules
    if allowed == "never":
        message = _("本班数据已冻结，考核方案和学时政策不能再改；结论有差错请在“结班报告”办理更正。")
        raise Refused("class_frozen", message)
    if rules.scheme_id not in scheme_ids():
        raise Refused("not_chosen", _("考核方案：请在列表中选择。"), field="scheme")
    if rules.policy_id not in policies():
        raise Refused("not_chosen", _("学时政策：请在列表中选择。"), field="policy")
    label, needed = _("修改原因"), allowed == "with_reason"
    return Rules(
        rules.scheme_id, rules.policy_id, line(rules.reason, field="reason", label=label, limit=200, required=needed)
    )


def _kept(actor: Viewer, stored: TrainingClass, before: Rules, rules: Rules, told: Trial) -> RuleChange:
    change = RuleChange.objects.create(
        training_class=stored, changed_by_id=actor.person_id, changed_at=clock.now(), reason=rules.reason,
        scheme_before=before.scheme_id, scheme_after=rules.scheme_id, policy_before=before.policy_id,
        policy_after=rules.policy_id, learners=told.learners, moved=told.moved,
    )  # fmt: skip
    audit.record(
        "change_rules", "rule_change", change.pk, actor_id=actor.person_id, class_id=stored.pk, to_state="changed",
        scheme_before=before.scheme_id, scheme=rules.scheme_id, policy_before=before.policy_id, policy=rules.policy_id,
        learners=told.learners, moved=told.moved,
    )  # fmt: skip
    return change


def change_rules(
    actor: Viewer, training_class: TrainingClass, *, edition: int, rules: Rules, confirmed: str
) -> RuleChange | None:
    """Scheme and policy of a class from now on, after somebody has seen what the change does (`confirmed` is `Trial.mark`).

    None where nothing is another one. Study sessions that are open keep their policy; verdicts are always those of the scheme
    pinned now, the one before stays in the table of changes and in the audit log.
    """
    told = trial(training_class, rules.scheme_id)  # outside the transaction: a whole class is read
    with transaction.atomic():
        stored = locked_for_change(actor, training_class)
        rules = require_rules(stored, rules)
        before = Rules(stored.scheme_id, policy_of_class(stored.pk).id)
        if (before.scheme_id, before.policy_id) == (rules.scheme_id, rules.policy_id):
            return None
        require_edition(stored, edition)
        if confirmed != told.mark:
            message = _("记录刚刚有变化，修改还没有保存。请重新看一遍下面的影响，再确认。")
            raise Refused("not_confirmed", message, field="confirmed")
        if before.scheme_id != rules.scheme_id:
            stored = pin_scheme(actor, stored, edition=edition, scheme_id=rules.scheme_id)
        else:
            turn_edition(stored)
        if before.policy_id != rules.policy_id:
            set_class_policy(actor, class_id=stored.pk, policy_id=rules.policy_id)
        return _kept(actor, stored, before, rules, told)


@transaction.atomic
def open_class(actor: Viewer, training_class: TrainingClass) -> TrainingClass:
    """开班: to "running", with everything there that nobody can study or pass without."""
    if training_class.state == TrainingClass.State.ENROLLING and (missing := lacks_of(training_class)):
        message = _("还不能开班：有 %(n)d 件必须办的事没有办好，请按下面的清单逐项办理，再改为“学习中”。")
        raise Refused("not_ready", message % {"n": len(missing)}, field="state")
    return change_state(actor, training_class, TrainingClass.State.RUNNING)
