"""How one learner stands: the verdict, its lines, and which steps still reach a pass. Reads the learner's own rows only."""

from dataclasses import dataclass
from fractions import Fraction

from yanxiu.core.rules.assess import Facts, Verdict, assess
from yanxiu.core.rules.scheme import Scheme
from yanxiu.core.rules.standing import Line, most_points, standing
from yanxiu.core.rules.steps import Path, way_to_pass
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.record.assessment.facts import class_facts
from yanxiu.record.assessment.own.chances import Chance, chances
from yanxiu.training.classes.models import Enrolment, TrainingClass
from yanxiu.training.classes.rules import is_closed

__all__ = ["Outlook", "outlook"]


@dataclass(frozen=True)
class Outlook:
    """`chances` by code; `is_final`: the class is frozen, nothing of it changes any more."""

    scheme: Scheme
    facts: Facts
    verdict: Verdict
    lines: tuple[Line, ...]
    most: Fraction | None
    path: Path
    chances: dict[str, Chance]
    is_final: bool


def outlook(class_: TrainingClass, enrolment_id: int) -> Outlook | None:
    """None for somebody not registered. The same number of statements whatever the size of the class."""
    with snapshot():
        facts = class_facts(class_, enrolment_id).get(enrolment_id)
        if facts is None:
            return None
        rule = scheme(class_.scheme_id)
        enrolment = Enrolment.objects.get(pk=enrolment_id)
        open_ones = {each.offer.code: each for each in chances(class_, rule, facts, enrolment)}
    verdict = assess(rule, facts)
    way = way_to_pass(rule, facts, [each.offer for each in open_ones.values()])
    return Outlook(
        rule, facts, verdict, standing(rule, verdict), most_points(rule), way, open_ones, is_closed(class_)
    )  # fmt: skip
