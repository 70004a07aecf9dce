"""Verdicts: every registered learner of a class put to the class's scheme."""

from collections.abc import Collection
from dataclasses import dataclass

from yanxiu.core.rules.assess import Verdict, assess
from yanxiu.core.rules.excellent import award
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme, scheme_ids
from yanxiu.record.assessment.facts import class_facts
from yanxiu.record.assessment.learners import LearnerLine, learner_lines
from yanxiu.record.assessment.own.agenda import Agenda, Due, NextLesson, agenda, now_to_do
from yanxiu.record.assessment.own.feed import Said, said_to
from yanxiu.record.assessment.own.marked import Marked, marked
from yanxiu.record.assessment.own.outlook import Outlook, outlook
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = [
    "Agenda",
    "Due",
    "LearnerLine",
    "LearnerVerdict",
    "Marked",
    "NextLesson",
    "Outlook",
    "Said",
    "agenda",
    "class_facts",
    "learner_lines",
    "marked",
    "now_to_do",
    "outlook",
    "said_to",
    "scheme",
    "scheme_ids",
    "verdict_of",
    "verdicts",
]


@dataclass(frozen=True, slots=True)
class LearnerVerdict:
    enrolment_id: int
    person_id: int
    name: str
    organisation: str
    verdict: Verdict


def verdicts(class_: TrainingClass, nominated: Collection[int] | None = None) -> list[LearnerVerdict]:
    """In the order of enrolment; `nominated`: enrolment ids the class manager proposes as excellent."""
    with snapshot():
        rule = scheme(class_.scheme_id)
        judged = award(rule, {pk: assess(rule, facts) for pk, facts in class_facts(class_).items()}, nominated)
        people = counted_enrolments(class_.pk).order_by("pk")
        rows = people.values_list("pk", "person_id", "person__name", "person__organisation__name")
        return [LearnerVerdict(pk, person_id, name, unit or "", judged[pk]) for pk, person_id, name, unit in rows]


def verdict_of(class_: TrainingClass, enrolment_id: int) -> Verdict | None:
    """How one learner stands now, without the award; None for somebody not registered."""
    with snapshot():
        facts = class_facts(class_, enrolment_id).get(enrolment_id)
        return None if facts is None else assess(scheme(class_.scheme_id), facts)
