"""Whether a curriculum holds the hours its scheme asks for: a class nobody can pass is better noticed before it opens."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from yanxiu.core.rules.scheme import Gate, Scheme
from yanxiu.training.courses.queries import ClassLesson

__all__ = ["Shortfall", "beyond_the_plan"]

MINUTE = 60_000
_METRIC = {"compulsory": "compulsory_ms", "elective": "elective_ms"}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A gate of study time with the minutes it asks for and the fewer minutes that are planned."""

    gate: Gate
    asked: int
    planned: int


def beyond_the_plan(rule: Scheme, lessons: Iterable[ClassLesson]) -> list[Shortfall]:
    """The gates of study time that nobody can pass, however much they study."""
    planned: Counter[str] = Counter()
    for lesson in lessons:
        planned[_METRIC.get(lesson.kind, "")] += lesson.duration_ms
    found = []
    for gate in rule.gates:
        if gate.measure != "sum" or gate.at_least is None or not set(gate.metrics) <= set(_METRIC.values()):
            continue
        asked = gate.at_least if isinstance(gate.at_least, int) else rule.params[gate.at_least]
        there = sum(planned[metric] for metric in gate.metrics)
        if there < asked:
            found.append(Shortfall(gate, -(-asked // MINUTE), there // MINUTE))
    return found
