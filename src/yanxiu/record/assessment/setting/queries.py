"""The changes of a class's rules, newest first."""

from dataclasses import dataclass
from datetime import datetime

from yanxiu.record.assessment.setting.models import RuleChange
from yanxiu.training.classes.models import TrainingClass

__all__ = ["RuleChangeRow", "rule_changes"]


@dataclass(frozen=True, slots=True)
class RuleChangeRow:
    at: datetime
    name: str
    scheme_before: str
    scheme_after: str
    policy_before: str
    policy_after: str
    reason: str
    learners: int
    moved: int


def rule_changes(training_class: TrainingClass, limit: int = 20) -> list[RuleChangeRow]:
    rows = RuleChange.objects.filter(training_class=training_class).order_by("-pk")[:limit]
    return [
        RuleChangeRow(*row)
        for row in rows.values_list(
            "changed_at", "changed_by__name", "scheme_before", "scheme_after", "policy_before", "policy_after", "reason",
            "learners", "moved",
        )
    ]  # fmt: skip
