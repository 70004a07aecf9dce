"""The progress card: ring, pass mark, lines of the scheme."""

from dataclasses import dataclass
from fractions import Fraction

from yanxiu.core.rules.assess import points
from yanxiu.core.rules.standing import Line
from yanxiu.faces.frame.learning.words import amount, label_of, short_amount
from yanxiu.record.assessment.queries import Outlook

__all__ = ["Card", "CardLine", "card_of"]


@dataclass(frozen=True, slots=True)
class CardLine:
    """`amount`: 1,284 / 1,600 分钟; `points` "" for a condition, which is only met or not."""

    label: str
    amount: str
    points: str
    most: str
    ok: bool
    percent: int


@dataclass(frozen=True, slots=True)
class Card:
    """`percent` and `mark`: of the ring, 0…100; `conditions` met of all, where the scheme has any."""

    score: str
    most: str
    passing: str
    percent: str
    mark: str
    met: int
    conditions: int
    lines: tuple[CardLine, ...]


def _line(line: Line) -> CardLine:
    shown = amount(line.need, line.unit_zh)
    text = f"{short_amount(line.have, line.unit_zh)} / {shown}" if line.need else amount(line.have, line.unit_zh)
    if line.unit_zh == "" or (line.points is not None and line.unit_zh == "分"):
        text = ""
    earned = "" if line.points is None else points(line.points)
    most = "" if line.most is None else points(line.most)
    return CardLine(label_of(line), text, earned, most, line.ok, line.percent)


def _part(value: Fraction, whole: Fraction) -> str:
    return str(float(round(min(Fraction(100), value * 100 / whole), 1))) if whole else "0"


def card_of(out: Outlook) -> Card:
    """Where there is no score the ring shows how many conditions are met."""
    gates = [line for line in out.lines if line.points is None]
    met, rule = sum(line.ok for line in gates), out.scheme
    lines = tuple(_line(line) for line in out.lines)
    if out.verdict.score is None:
        percent = _part(Fraction(met), Fraction(len(gates)))
        return Card("", "", "", percent, "", met, len(gates), lines)
    whole = out.most or rule.pass_score or Fraction(100)
    mark = _part(rule.pass_score, whole) if rule.pass_score is not None else ""
    passing = points(rule.pass_score) if rule.pass_score is not None else ""
    most = points(out.most) if out.most is not None else ""
    score = out.verdict.score
    return Card(points(score), most, passing, _part(score, whole), mark, met, len(gates), lines)
