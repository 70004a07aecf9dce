"""What other rules would change, and for whom: a dry run before anybody confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanxiu.core.rules.assess import Facts, Verdict, assess
from yanxiu.core.rules.excellent import award
from yanxiu.kit.snapshot import snapshot
from yanxiu.record.assessment.catalogue import scheme, scheme_ids
from yanxiu.record.assessment.facts import class_facts
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.classes.queries import counted_enrolments

__all__ = ["Moved", "Trial", "trial"]

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Moved:
    """A learner whose verdict would be another one."""

    name: str
    organisation: str
    before: str  # "pass", "excellent", "fail"; "" where the old scheme is not known any more
    after: str


@dataclass(frozen=True, slots=True)
class Trial:
    """`up`/`down`: to a better and to a worse verdict; `scored`: the same verdict with another score; `named` at most twenty,
    those who would lose first.
    """

    learners: int
    up: int
    down: int
    scored: int
    named: tuple[Moved, ...]

    @property
    def moved(self) -> int:
        return self.up + self.down + self.scored

    @property
    def mark(self) -> str:
        """What somebody confirms: numbers that are no longer these are shown again."""
        return f"{self.learners}.{self.up}.{self.down}.{self.scored}"


_RANK = {"": 0, "fail": 0, "pass": 1, "excellent": 2}


def _judged(scheme_id: str, known: Mapping[int, Facts]) -> dict[int, Verdict]:
    if scheme_id not in scheme_ids():
        return {}
    rule = scheme(scheme_id)
    return award(rule, {pk: assess(rule, facts) for pk, facts in known.items()}, None)


def trial(class_: TrainingClass, scheme_id: str) -> Trial:
    """Every registered learner put to both schemes, with the records as they are now; writes nothing. Nobody is judged where
    the scheme stays: another policy changes no verdict.
    """
    with snapshot():
        if scheme_id == class_.scheme_id:
            return Trial(counted_enrolments(class_.pk).count(), 0, 0, 0, ())
        known = class_facts(class_)
        before = _judged(class_.scheme_id, known)
        after = _judged(scheme_id, known)
        rows = counted_enrolments(class_.pk).order_by("pk")
        people = list(rows.values_list("pk", "person__name", "person__organisation__name"))
    up = down = scored = 0
    found: list[tuple[int, Moved]] = []
    for pk, name, unit in people:
        was, now = before.get(pk), after.get(pk)
        old, new = (was.grade if was else ""), (now.grade if now else "")
        step = _RANK[new] - _RANK[old]
        if step:
            found.append((step, Moved(name, unit or "", old, new)))
            up, down = (up + 1, down) if step > 0 else (up, down + 1)
        elif (was.score if was else None) != (now.score if now else None):
            scored += 1
    named = [row for _step, row in sorted(found, key=lambda each: each[0])]
    return Trial(len(people), up, down, scored, tuple(named[:MOST_NAMED]))
