"""The learners of a class one by one: what each has done, and the verdict it leads to."""

from collections.abc import Collection
from dataclasses import dataclass

from yanxiu.core.rules.assess import Facts, Verdict, assess
from yanxiu.core.rules.excellent import award
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.record.assessment.facts import class_facts
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = ["LearnerLine", "learner_lines"]

MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """`posted`: (number of the round, has posted what the round asks for); minutes are cut off for each learner."""

    enrolment_id: int
    person_id: int
    name: str
    organisation: str
    county_code: str
    county: str
    compulsory: int
    elective: int
    posted: tuple[tuple[int, bool], ...]
    has_outcome: bool
    exam_best: int | None
    verdict: Verdict

    @property
    def all_posted(self) -> bool:
        return all(done for _num, done in self.posted)

    @property
    def points(self) -> float | None:
        """The score as shown and sorted by; exact in the verdict."""
        return None if self.verdict.score is None else float(round(self.verdict.score, 1))


def _sum(facts: Facts, metric: str) -> int:
    return sum(fact.quantity for fact in facts.facts if fact.metric == metric) // MINUTE


def learner_lines(class_: TrainingClass, only: Collection[int] | None = None) -> list[LearnerLine]:
    """Every registered learner in the order of enrolment; a fixed number of statements whatever the size of the class.

    `only`: enrolment ids of some; the award, a matter of the whole roster, is then left out.
    """
    with snapshot():
        rule, known = scheme(class_.scheme_id), class_facts(class_, only)
        judged = {pk: assess(rule, facts) for pk, facts in known.items()}
        if only is None:
            judged = award(rule, judged, None)
        rounds = list(class_.rounds.order_by("num").values_list("num", "required_posts"))
        people = counted_enrolments(class_.pk).order_by("pk")
        rows = (people if only is None else people.filter(pk__in=list(known))).values_list(
            "pk", "person_id", "person__name", "person__organisation__name", "person__organisation__region__code",
            "person__organisation__region__name",
        )  # fmt: skip
        return [
            LearnerLine(
                pk, person_id, name, unit or "", code or "", county or "",
                _sum(known[pk], "compulsory_ms"), _sum(known[pk], "elective_ms"),
                tuple((num, _posts(known[pk], num) >= required) for num, required in rounds),
                any(fact.metric == "outcome" for fact in known[pk].facts),
                max((fact.quantity for fact in known[pk].facts if fact.metric == "exam"), default=None),
                judged[pk],
            )
            for pk, person_id, name, unit, code, county in rows
        ]  # fmt: skip


def _posts(facts: Facts, num: int) -> int:
    return sum(1 for fact in facts.facts if fact.metric == "post" and fact.stage == f"round:{num}")
