"""Where each learner stands: the line of a class manager's table, from the same facts as the verdict."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from yanxiu.core.rules.assess import Facts, Reason, assess
from yanxiu.core.rules.excellent import award
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme
from yanxiu.record.assessment.facts import class_facts
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = ["Standing", "standings"]

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Minutes are cut off for show; `rounds` says for each round whether a post of theirs counts there."""

    enrolment_id: int
    person_id: int
    name: str
    organisation: str
    county_code: str
    county: str
    compulsory_minutes: int
    elective_minutes: int
    rounds: tuple[bool, ...]
    outcomes: int
    exam_best: int | None
    score: Fraction | None
    grade: str
    reasons: tuple[Reason, ...]

    @property
    def misses_round(self) -> bool:
        return not all(self.rounds)


def _quantities(facts: Facts) -> tuple[dict[str, int], set[str], list[int]]:
    sums: dict[str, int] = defaultdict(int)
    posted, scores = set(), []
    for fact in facts.facts:
        sums[fact.metric] += fact.quantity
        if fact.metric == "post":
            posted.add(fact.stage)
        elif fact.metric == "exam":
            scores.append(fact.quantity)
    return sums, posted, scores


def standings(class_: TrainingClass) -> list[Standing]:
    """Every registered learner in the order of enrolment; a fixed number of statements at any size."""
    with snapshot():
        rule, facts = scheme(class_.scheme_id), class_facts(class_)
        judged = award(rule, {pk: assess(rule, known) for pk, known in facts.items()}, None)
        stages = [f"round:{num}" for num in class_.rounds.order_by("num").values_list("num", flat=True)]
        rows = (
            counted_enrolments(class_.pk)
            .order_by("pk")
            .values_list(
                "pk",
                "person_id",
                "person__name",
                "person__organisation__name",
                "person__organisation__region__code",
                "person__organisation__region__name",
            )
        )
        found = []
        for pk, person_id, name, unit, code, county in rows:
            sums, posted, scores = _quantities(facts[pk])
            verdict = judged[pk]
            found.append(
                Standing(
                    enrolment_id=pk, person_id=person_id, name=name, organisation=unit or "", county_code=code or "",
                    county=county or "", compulsory_minutes=sums["compulsory_ms"] // MINUTE_MS,
                    elective_minutes=sums["elective_ms"] // MINUTE_MS, rounds=tuple(s in posted for s in stages),
                    outcomes=sums["outcome"], exam_best=max(scores, default=None), score=verdict.score,
                    grade=verdict.grade, reasons=verdict.reasons,
                )  # fmt: skip
            )
        return found
