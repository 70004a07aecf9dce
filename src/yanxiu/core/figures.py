"""Figures: definitions (口径), measures over evidence rows, rounding, invariants. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from yanxiu.core.evidence import EvidenceRow, digest

__all__ = [
    "EMPTY", "FigureDefinition", "FigureValue", "Tally", "Working", "display", "exact", "figure", "figure_of_rows", "measure",
    "rounded", "tally",
]  # fmt: skip


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

    `number` is the rounded value, a whole number of units of the last printed place (None: the population is empty, so there is nothing to divide by; `display` is then "—").
    `formula` is the 算法 line with the numbers put in, e.g. "（163597 + 8077）÷ 100 = 1716.74，截尾取整 1716"; `working` the
    same before it was put into Chinese.
    """

    definition: FigureDefinition
    number: int | None
    display: str
    formula: str
    evidence_count: int
    evidence_digest: str
    working: "Working | None" = None

    def as_json(self) -> Mapping[str, object]:
        """The shape printed by `yanxiu figures --json` and stored in figures.json."""
        d = self.definition
        return {
            "key": d.key, "value": self.number, "display": self.display, "unit": d.unit, "label": d.label_zh,
            "definition": d.filter, "version": d.version, "formula": self.formula,
            "evidence_count": self.evidence_count, "evidence_digest": self.evidence_digest,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Working:
    """How a figure came about: `kind` count, distinct, sum, ratio, or empty (nothing to divide by).

    `terms` are what is added up, `by` what they are divided by, `percent` whether times 100, `exact` before rounding,
    `mode` of the rounding ("" where there was nothing to round), `shown` as printed.
    """

    kind: str
    terms: tuple[str, ...]
    by: int = 0
    percent: bool = False
    exact: str = ""
    mode: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a measure needs to know about one set of rows: how many, how many distinct (who, what), how much."""

    rows: int
    distinct: int
    total: int


_ROUNDING_ZH = {"floor": "截尾取整", "half_up": "四舍五入", "half_even": "四舍六入五成双", "ceil": "进一取整"}
EMPTY = "—"


def tally(rows: Iterable[EvidenceRow]) -> Tally:
    """The tally of materialised rows."""
    count = total = 0
    keys: set[tuple[int, str]] = set()
    for row in rows:
        count += 1
        total += row.quantity
        keys.add((row.who, row.what))
    return Tally(count, len(keys), total)


def rounded(exact: Fraction, mode: str, places: int) -> int:
    """`exact` as a whole number of units of the last printed place. KeyError for an unknown mode."""
    unit: int = 10**places
    scaled = exact * unit
    below: int = scaled.numerator // scaled.denominator
    rest = scaled - below
    half = Fraction(1, 2)
    up = {
        "floor": False,
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and below % 2 == 1),
        "ceil": rest > 0,
    }[mode]
    return below + up


def _rounded_per_person(definition: FigureDefinition, rows: Iterable[EvidenceRow]) -> list[EvidenceRow]:
    """Stage `per_row`: each person's own total is rounded to printed units before anything is added up."""
    totals: dict[int, int] = {}
    others: list[EvidenceRow] = []
    for row in rows:
        if row.part == "numerator":
            totals[row.who] = totals.get(row.who, 0) + row.quantity
        else:
            others.append(row)
    mode, divisor = definition.rounding_mode, definition.divisor
    return others + [
        EvidenceRow(who, "", 0, rounded(Fraction(total, divisor), mode, 0) * divisor, f"person:{who}")
        for who, total in totals.items()
    ]


def exact(definition: FigureDefinition, over: Sequence[Tally], under: Sequence[Tally] = ()) -> Fraction | None:
    """The unrounded measure in printed units; None where there is nothing to divide by."""
    total = sum(t.total for t in over)
    if definition.measure == "count":
        return Fraction(sum(t.rows for t in over))
    if definition.measure == "count_distinct":
        return Fraction(sum(t.distinct for t in over))
    if definition.measure == "sum":
        return Fraction(total, definition.divisor)
    by = sum(t.rows for t in over) if definition.measure == "mean" else sum(t.total for t in under)
    return Fraction(total * definition.scale, definition.divisor * by) if by else None


def measure(definition: FigureDefinition, rows: Iterable[EvidenceRow]) -> int | None:
    """The figure over materialised rows: what the SQL aggregate over the same evidence must equal."""
    held = list(rows)
    if definition.rounding_stage == "per_row":
        held = _rounded_per_person(definition, held)
    over = tally(r for r in held if r.part == "numerator")
    under = tally(r for r in held if r.part == "denominator")
    value = exact(definition, [over], [under])
    return None if value is None else rounded(value, definition.rounding_mode, definition.rounding_places)


def _decimal(value: Fraction) -> str:
    """Two decimals, cut off, with an ellipsis where digits were dropped; whole numbers plain."""
    if value.denominator == 1:
        return str(value.numerator)
    cut = value * 100
    hundredths = cut.numerator // cut.denominator
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    return text if cut.denominator == 1 else f"{text}…"


def display(number: int | None, places: int) -> str:
    """The characters printed."""
    if number is None:
        return EMPTY
    return str(number) if places == 0 else f"{number // 10**places}.{number % 10**places:0{places}d}"


def _working(
    definition: FigureDefinition, over: Sequence[Tally], under: Sequence[Tally], value: Fraction | None, shown: str
) -> Working:
    rows, total = sum(t.rows for t in over), sum(t.total for t in over)
    mode = definition.rounding_mode if value is not None and value.denominator != 1 else ""
    exact_text = "" if value is None else _decimal(value)
    if definition.measure == "count":
        return Working("count", (), shown=shown)
    if definition.measure == "count_distinct":
        return Working("distinct", (str(rows),), shown=shown)
    if definition.measure == "sum":
        return Working("sum", (), exact=exact_text, mode=mode, shown=shown)
    mean = definition.measure == "mean"
    terms = (str(total),) if mean else tuple(_decimal(Fraction(t.total, definition.divisor)) for t in over)
    by = rows if mean else sum(t.total for t in under)
    kind = "empty" if value is None else "ratio"
    return Working(kind, terms, by, definition.scale == 100, exact_text, mode, shown)


def _formula(working: Working) -> str:
    """算法 with the numbers put in."""
    tail = f"，{_ROUNDING_ZH[working.mode]} {working.shown}" if working.mode else ""
    left = f"{working.terms[0]} ÷" if len(working.terms) == 1 else f"（{' + '.join(working.terms)}）÷"
    match working.kind:
        case "count":
            return f"计数：{working.shown}"
        case "distinct":
            return f"{working.terms[0]} 条记录去重 = {working.shown}"
        case "sum":
            return f"合计 {working.exact}{tail}"
        case "empty":
            return f"{left} {working.by}：没有可除的人数，不计算"
    times = " × 100%" if working.percent else ""
    return f"{left} {working.by}{times} = {working.exact}{tail}"


def figure(
    definition: FigureDefinition,
    over: Sequence[Tally],
    under: Sequence[Tally] = (),
    *,
    evidence_digest: str,
) -> FigureValue:
    """The printed figure from the tallies of its parts (stage `total`)."""
    value = exact(definition, over, under)
    number = None if value is None else rounded(value, definition.rounding_mode, definition.rounding_places)
    shown = display(number, definition.rounding_places)
    count = sum(t.rows for t in (*over, *under))
    working = _working(definition, over, under, value, shown)
    return FigureValue(definition, number, shown, _formula(working), count, evidence_digest, working)


def figure_of_rows(definition: FigureDefinition, rows: Sequence[EvidenceRow]) -> FigureValue:
    """The printed figure over materialised rows, whatever the rounding stage."""
    held = _rounded_per_person(definition, rows) if definition.rounding_stage == "per_row" else list(rows)
    over = [tally(r for r in held if r.part == "numerator")]
    under = [tally(r for r in held if r.part == "denominator")]
    shown = figure(definition, over, under, evidence_digest=digest(rows))
    return replace(shown, evidence_count=len(rows))
