"""Facts of one learner put to a scheme: a verdict with its reasons, in codes and in Chinese."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from yanxiu.core.rules.scheme import Amount, Gate, Item, Scheme

__all__ = ["CourseFact", "Fact", "Facts", "Reason", "Verdict", "assess", "points"]

MINUTE = 60_000


@dataclass(frozen=True, order=True)
class Fact:
    """Something a learner did. `quantity` in the metric's own unit (ms, points, 1), `day` the local ISO day, `num` the
    attempt, `stage` e.g. the round. `characters` as counted for the minimum (no white space, no punctuation).
    """

    metric: str
    at_ms: int = 0
    quantity: int = 1
    day: str = ""
    stage: str = ""
    num: int = 1
    characters: int = 0
    featured: bool = False
    makeup: bool = False


@dataclass(frozen=True)
class CourseFact:
    """A course of the curriculum as this learner stands in it. `pass_by` overrides the scheme's course rule."""

    key: str
    length_ms: int
    credited_ms: int = 0
    exam_score: int | None = None
    required: bool = True
    pass_by: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything known of one learner; `params` are numbers of the class (rounds, sessions, deadlines)."""

    facts: tuple[Fact, ...] = ()
    courses: tuple[CourseFact, ...] = ()
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Reason:
    """`code` is stable ("exam:unmet": key of the item or gate, what became of it); `ok`: in the learner's favour; `text`
    Chinese, with what is missing. `values` are the numbers in the text, so that a page can say it in another language.
    """

    code: str
    ok: bool
    text: str
    values: Mapping[str, int | Fraction] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        return self.code.partition(":")[0]

    @property
    def what(self) -> str:
        return self.code.partition(":")[2]


@dataclass(frozen=True)
class Verdict:
    """`grade`: "pass" | "excellent" | "fail"; `band` a grade by score where the scheme has bands; `score` exact."""

    grade: str
    score: Fraction | None
    reasons: tuple[Reason, ...]
    band: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


def _amount(value: Amount, params: Mapping[str, int]) -> int:
    return value if isinstance(value, int) else params[value]


def points(value: Fraction) -> str:
    """As printed: whole, or with at most two decimals, cut off."""
    hundredths = value * 100
    cut = hundredths.numerator // hundredths.denominator
    return str(cut // 100) if cut % 100 == 0 else f"{cut // 100}.{cut % 100:02d}".rstrip("0")


def _taken(
    rule: Item | Gate, facts: Iterable[Fact], params: Mapping[str, int]
) -> tuple[list[tuple[Fact, Fraction]], list[Reason]]:
    """The facts that count, each with its factor, and a reason for every kind of fact left out or reduced."""
    left_out: dict[str, int] = defaultdict(int)
    taken: list[tuple[Fact, Fraction]] = []
    deadline = None if rule.deadline is None else _amount(rule.deadline, params)
    for fact in sorted(f for f in facts if f.metric in rule.metrics):
        factor = Fraction(1)
        if deadline is not None and fact.at_ms >= deadline:
            factor = rule.late_factor
        if fact.characters < rule.min_characters:
            left_out["too_short"] += 1
        elif rule.max_characters is not None and fact.characters > rule.max_characters:
            left_out["too_long"] += 1
        elif rule.max_attempts is not None and fact.num > rule.max_attempts:
            left_out["too_many_attempts"] += 1
        elif fact.makeup and not rule.makeup:
            left_out["no_makeup"] += 1
        elif factor == 0:
            left_out["late"] += 1
        else:
            if factor != 1:
                left_out["late_reduced"] += 1
            taken.append((fact, factor))
    return taken, [_left_out(rule, why, count) for why, count in sorted(left_out.items())]


_WHY = {
    "too_short": "字数不足 {min} 字",
    "too_long": "超过 {max} 字",
    "too_many_attempts": "超过允许的 {attempts} 次",
    "no_makeup": "补学期间不接受",
    "late": "逾期不计",
    "late_reduced": "逾期，按 {factor} 计",
}


def _left_out(rule: Item | Gate, why: str, count: int) -> Reason:
    words = _WHY[why].format(
        min=rule.min_characters, max=rule.max_characters, attempts=rule.max_attempts, factor=points(rule.late_factor)
    )
    values: dict[str, int | Fraction] = {
        "count": count, "min": rule.min_characters, "max": rule.max_characters or 0, "attempts": rule.max_attempts or 0,
        "factor": rule.late_factor,
    }  # fmt: skip
    return Reason(f"{rule.key}:{why}", ok=False, text=f"{rule.label_zh}：{count} 项{words}。", values=values)


def _fact_points(item: Item, fact: Fact, factor: Fraction, params: Mapping[str, int]) -> Fraction:
    earned = Fraction(fact.quantity, _amount(item.unit, params)) * item.unit_score
    if fact.featured:
        earned += item.featured_bonus
    earned *= factor
    if fact.num > 1 and item.resit_cap is not None:
        earned = min(earned, item.resit_cap)
    if fact.makeup and item.makeup_cap is not None:
        earned = min(earned, item.makeup_cap)
    return earned


def _summed(item: Item, earned: Sequence[tuple[Fact, Fraction]], capped: set[str]) -> Fraction:
    """Added up under the caps: each day (within its stage), then each stage, then in all."""

    def at_most(value: Fraction, cap: Fraction | None, code: str) -> Fraction:
        if cap is not None and value > cap:
            capped.add(code)
            return cap
        return value

    days: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for fact, value in earned:
        days[fact.stage if item.cap_per_stage is not None else "", fact.day] += value
    stages: dict[str, Fraction] = defaultdict(Fraction)
    for (stage, _day), value in days.items():
        stages[stage] += at_most(value, item.cap_per_day, "capped_day")
    total = Fraction(0)
    for value in stages.values():
        total += at_most(value, item.cap_per_stage, "capped_stage")
    return total


def _item(item: Item, facts: Facts, params: Mapping[str, int]) -> tuple[Fraction, list[Reason]]:
    taken, reasons = _taken(item, facts.facts, params)
    earned = [(fact, _fact_points(item, fact, factor, params)) for fact, factor in taken]
    capped: set[str] = set()
    if item.pick == "sum":
        total = _summed(item, earned, capped)
    elif item.pick == "best":
        total = max((value for _fact, value in earned), default=Fraction(0))
    else:
        total = max(earned, key=lambda e: (e[0].at_ms, e[0].num), default=(None, Fraction(0)))[1]
    if item.cap_total is not None and total > item.cap_total:
        capped.add("capped_total")
        total = item.cap_total
    words = {"capped_day": "每日", "capped_stage": "每阶段", "capped_total": "累计"}
    reasons += [
        Reason(f"{item.key}:{code}", ok=True, text=f"{item.label_zh}：已达{words[code]}上限。")
        for code in sorted(capped)
    ]
    weighted = total * item.weight
    by = "" if item.weight == 1 else f" × {points(item.weight * 100)}% = {points(weighted)}"
    quantities = [fact.quantity for fact, _factor in taken]
    have = sum(quantities) if item.pick == "sum" else max(quantities, default=0)
    unit = _amount(item.unit, params)
    values: dict[str, int | Fraction] = {
        "points": total, "weight": item.weight, "weighted": weighted, "have": have, "unit": unit,
    }  # fmt: skip
    text = f"{item.label_zh}：{points(total)}{by} 分。"
    return weighted, [Reason(f"{item.key}:points", ok=total > 0, text=text, values=values), *reasons]


def _passed(course: CourseFact, scheme: Scheme) -> bool:
    by_time = course.credited_ms >= course.length_ms
    by_exam = course.exam_score is not None and course.exam_score >= scheme.course_pass_score
    rule = course.pass_by or scheme.course_rule
    return {"time": by_time, "exam": by_exam, "time_and_exam": by_time and by_exam}[rule]


def _have(gate: Gate, taken: Sequence[tuple[Fact, Fraction]], facts: Facts, scheme: Scheme) -> int:
    if gate.measure == "courses":
        return sum(_passed(course, scheme) for course in facts.courses)
    if gate.measure == "required_courses":
        return sum(_passed(course, scheme) for course in facts.courses if course.required)
    if gate.measure == "count":
        return len(taken)
    if gate.measure == "stages":
        stages = [fact.stage for fact, _factor in taken]
        return sum(stages.count(stage) >= gate.per_stage for stage in set(stages))
    quantities = [fact.quantity for fact, _factor in taken]
    return sum(quantities) if gate.measure == "sum" else max(quantities, default=0)


def _shown(gate: Gate, amount: int) -> str:
    return f"{amount // MINUTE if gate.unit_zh == '分钟' else amount} {gate.unit_zh}"


def _gate(gate: Gate, facts: Facts, scheme: Scheme, params: Mapping[str, int]) -> list[Reason]:
    taken, reasons = _taken(gate, facts.facts, params)
    have = _have(gate, taken, facts, scheme)
    if gate.measure == "required_courses":
        need = sum(course.required for course in facts.courses)
    else:
        need = 0 if gate.at_least is None else _amount(gate.at_least, params)
    most = None if gate.at_most is None else _amount(gate.at_most, params)
    values = {"have": have, "need": need, "most": most or 0, "short": max(0, need - have)}
    if most is not None and have > most:
        text = f"{gate.label_zh}：{_shown(gate, have)}，超过允许的 {_shown(gate, most)}。"
        return [Reason(f"{gate.key}:exceeded", ok=False, text=text, values=values), *reasons]
    if have < need:
        short = need - have
        if gate.unit_zh == "分钟":
            short = -(-short // MINUTE) * MINUTE  # a part of a minute is a minute still to study
        lacks = f"要求 {_shown(gate, need)}，还差 {_shown(gate, short)}"
        text = f"{gate.label_zh}：{_shown(gate, have)}，{lacks}。"
        return [Reason(f"{gate.key}:unmet", ok=False, text=text, values=values | {"short": short}), *reasons]
    text = f"{gate.label_zh}：{_shown(gate, have)}，已达到要求。"
    return [Reason(f"{gate.key}:met", ok=True, text=text, values=values), *reasons]


def assess(scheme: Scheme, facts: Facts) -> Verdict:
    """Gates first, then items, then the score against the pass mark. Excellence needs the roster: rules.excellent."""
    params = {**scheme.params, **facts.params}
    reasons: list[Reason] = []
    for gate in scheme.gates:
        reasons += _gate(gate, facts, scheme, params)
    passed = not any(reason.code.endswith((":unmet", ":exceeded")) for reason in reasons)
    score = Fraction(0) if scheme.items else None
    for item in scheme.items:
        value, own = _item(item, facts, params)
        assert score is not None
        score += value
        reasons += own
    if scheme.pass_score is not None and score is not None:
        reached = score >= scheme.pass_score
        passed = passed and reached
        text = f"总分 {points(score)} 分，合格线 {points(scheme.pass_score)} 分。"
        values = {"score": score, "pass": scheme.pass_score}
        reasons.append(Reason("score:reached" if reached else "score:below", ok=reached, text=text, values=values))
    bands = sorted((b for b in scheme.bands if score is not None and score >= b.at_least), key=lambda b: b.at_least)
    return Verdict("pass" if passed else "fail", score, tuple(reasons), bands[-1].key if bands else "")
