"""What a learner must still do before the exam opens to them."""

from yanxiu.core.rules.assess import Reason, assess
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.record.assessment.facts import class_facts
from yanxiu.training.classes.models import TrainingClass

__all__ = ["lacking"]


def lacking(class_: TrainingClass, enrolment_id: int) -> list[Reason]:
    """Nothing where the scheme asks for nothing, or of somebody not registered."""
    rule = scheme(class_.scheme_id)
    if not rule.exam_after:
        return []
    with snapshot():
        facts = class_facts(class_, enrolment_id).get(enrolment_id)
    reasons = () if facts is None else assess(rule, facts).reasons
    return [reason for reason in reasons if reason.code in {f"{gate}:unmet" for gate in rule.exam_after}]
