"""A verdict as lines for a progress card: of every gate and item, how far of how much."""

from dataclasses import dataclass
from fractions import Fraction

from yanxiu.core.rules.assess import Reason, Verdict
from yanxiu.core.rules.scheme import Gate, Item, Scheme

__all__ = ["Line", "most_points", "standing"]


@dataclass(frozen=True)
class Line:
    """`have` of `need` in the rule's own unit (ms where `unit_zh` is 分钟); `points` of `most` for an item, else None.

    `ceiling`: a gate that must not be exceeded (absences); `need` is then what is allowed.
    """

    key: str
    label_zh: str
    label_en: str
    unit_zh: str
    ok: bool
    have: int
    need: int
    points: Fraction | None = None
    most: Fraction | None = None
    ceiling: bool = False

    @property
    def percent(self) -> int:
        """Of the way there, for a bar: 0…100."""
        have, whole = (self.have, self.need) if self.points is None or self.most is None else (self.points, self.most)
        return 100 if not whole else int(max(0, min(100, have * 100 // whole)))


def most_points(scheme: Scheme) -> Fraction | None:
    """The score of somebody who does everything; None where an item is unbounded or there is no score."""
    caps = [None if item.cap_total is None else item.cap_total * item.weight for item in scheme.items]
    return None if not caps or None in caps else sum((cap for cap in caps if cap is not None), Fraction(0))


def _of_gate(gate: Gate, reason: Reason) -> Line:
    ceiling = gate.at_least is None and gate.at_most is not None
    need = int(reason.values["most"] if ceiling else reason.values["need"])
    have = int(reason.values["have"])
    return Line(gate.key, gate.label_zh, gate.label_en, gate.unit_zh, reason.ok, have, need, ceiling=ceiling)


def _of_item(item: Item, reason: Reason) -> Line:
    most = None if item.cap_total is None else item.cap_total * item.weight
    need = 0
    if item.cap_total is not None and item.unit_score:
        need = int(item.cap_total / item.unit_score * reason.values["unit"])
    points = Fraction(reason.values["weighted"])
    reached = most is not None and points >= most
    return Line(
        item.key, item.label_zh, item.label_en, item.unit_zh, reached, int(reason.values["have"]), need, points, most
    )  # fmt: skip


def standing(scheme: Scheme, verdict: Verdict) -> tuple[Line, ...]:
    """Items first (what earns points), then the gates, each in the scheme's order."""
    said = {reason.code: reason for reason in verdict.reasons}
    items = [_of_item(item, said[f"{item.key}:points"]) for item in scheme.items]
    gates = [
        _of_gate(gate, said[code])
        for gate in scheme.gates
        for code in (f"{gate.key}:met", f"{gate.key}:unmet", f"{gate.key}:exceeded")
        if code in said
    ]
    return (*items, *gates)
