"""The award 优秀: among those who passed, above a floor, within a quota of the roster."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from yanxiu.core.rules.assess import Reason, Verdict
from yanxiu.core.rules.scheme import Scheme

__all__ = ["award", "places"]


def places(scheme: Scheme, roster: int) -> int:
    """How many may be excellent in a roster of that size (a ratio is cut off: 10 % of 99 is 9)."""
    if scheme.excellent is None:
        return 0
    ratio, count = scheme.excellent.quota_ratio, scheme.excellent.quota_count
    bounds = [] if count is None else [count]
    if ratio is not None:
        allowed: Fraction = ratio * roster
        bounds.append(allowed.numerator // allowed.denominator)
    return min(bounds, default=roster)


def _said(verdict: Verdict, code: str, text: str, *, ok: bool = False, quota: int = 0) -> Verdict:
    reason = Reason(f"excellent:{code}", ok=ok, text=text, values={"quota": quota})
    return replace(verdict, grade="excellent" if ok else verdict.grade, reasons=(*verdict.reasons, reason))


def award(
    scheme: Scheme, verdicts: Mapping[int, Verdict], nominated: Collection[int] | None = None
) -> dict[int, Verdict]:
    """The verdicts of a whole roster with the award put in; who is left out is told why.

    Equals at the edge of the quota are not told apart by chance: none of them gets it, and each is told so, so that the
    class manager decides. `nominated` counts only where the scheme asks for nomination.
    """
    rule = scheme.excellent
    if rule is None:
        return dict(verdicts)
    chosen = set(nominated or ()) if rule.nominated else set(verdicts)
    result = dict(verdicts)
    eligible: dict[int, Fraction] = {}
    for learner, verdict in verdicts.items():
        if verdict.grade != "pass" or verdict.score is None:
            continue
        if verdict.score < rule.floor:
            result[learner] = _said(verdict, "below_floor", "未达到优秀分数线。")
        elif learner not in chosen:
            result[learner] = _said(verdict, "not_nominated", "班主任未提名优秀学员。")
        else:
            eligible[learner] = verdict.score
    quota = places(scheme, len(verdicts))
    in_order = sorted(eligible.values())
    for learner, score in eligible.items():
        first, end = bisect_left(in_order, score), bisect_right(in_order, score)
        better, equal = len(in_order) - end, end - first
        verdict = verdicts[learner]
        if better + equal <= quota:
            result[learner] = _said(verdict, "awarded", f"优秀学员（名额 {quota} 人）。", ok=True, quota=quota)
        elif better < quota:
            result[learner] = _said(verdict, "tie", f"与他人同分，超出优秀名额 {quota} 人，请班主任决定。", quota=quota)
        else:
            result[learner] = _said(verdict, "quota_full", f"优秀名额 {quota} 人已满。", quota=quota)
    return result
