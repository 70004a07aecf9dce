"""Figures: definitions (口径), measures over evidence rows, rounding, invariants. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["FigureDefinition", "FigureValue"]


@dataclass(frozen=True)
class FigureDefinition:
    """口径 of a figure, as data; a changed definition is a new version. Source: GB/T 38865-2020 8.9, domain.md section 2.

    `measure`: "count" | "count_distinct" | "sum" | "mean" | "ratio". `dedup_key`: "person", "person_round", "outcome", …
    `rounding`: mode floor|half_up|half_even|ceil, places, stage total|per_row. `divisor` turns the base unit into the
    printed one (60000 for ms to minutes, 1 otherwise); `scale` multiplies a ratio (100 for %).
    """

    key: str
    version: int
    label_zh: str
    label_en: str
    unit: str  # printed behind the number: 人 % 分钟 件 分 人次
    unit_en: str
    source_fact: str
    measure: str
    filter: str  # in words, Chinese, printed as 口径
    filter_en: str
    population: str
    dedup_key: str
    window: str
    attempt_policy: str
    rounding_mode: str
    rounding_places: int
    rounding_stage: str
    late_policy: str
    divisor: int = 1
    scale: int = 1


@dataclass(frozen=True)
class FigureValue:
    """One computed figure: exactly what is printed, and what it was measured over.

    `number` is the rounded value (None: the population is empty, so there is nothing to divide by; `display` is then "—").
    `formula` is the 算法 line with the numbers put in, e.g. "（163597 + 8077）÷ 100 = 1716.74，截尾取整 1716".
    """

    definition: FigureDefinition
    number: int | None
    display: str
    formula: str
    evidence_count: int
    evidence_digest: str

    def as_json(self) -> Mapping[str, object]:
        """The shape printed by `yanxiu figures --json` and stored in figures.json."""
        d = self.definition
        return {
            "key": d.key, "value": self.number, "display": self.display, "unit": d.unit, "label": d.label_zh,
            "definition": d.filter, "version": d.version, "formula": self.formula,
            "evidence_count": self.evidence_count, "evidence_digest": self.evidence_digest,
        }  # fmt: skip
