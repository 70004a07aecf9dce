"""What a scheme demands and what a study policy means, in plain words: read where they are chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from yanxiu.core.policy import Policy
from yanxiu.core.rules.assess import points
from yanxiu.core.rules.scheme import Gate, Item, Scheme
from yanxiu.faces.frame.learning.words import amount, label_of, scheme_name, unit_words
from yanxiu.record.assessment.queries import scheme, scheme_ids
from yanxiu.record.assessment.setting.readiness import RECORDED
from yanxiu.study.policies.queries import policies

__all__ = ["Demands", "all_schemes", "policy_choices", "policy_words", "scheme_words"]

MINUTE, MINUTES_A_CREDIT_HOUR = 60_000, 45
OWN = frozenset({"rounds", "sessions"})  # numbers the class itself has


@dataclass(frozen=True, slots=True)
class Demands:
    """`gates` must all hold; `items` earn points; `brief` says it in one line."""

    id: str
    name: str
    brief: str
    passing: str
    gates: tuple[str, ...]
    items: tuple[str, ...]
    besides: tuple[str, ...]
    until: str  # the last day the scheme was meant for, "" without one


def policy_words(policy: Policy) -> str:
    """What a study policy means for a learner, in one line."""
    rate = _("最高 %(rate)s 倍速") % {"rate": f"{policy.max_rate:g}"}
    seek = _("首次须按顺序看") if policy.first_view_seek else _("可以随意拖动")
    present = _("有在线确认") if policy.challenges else _("没有在线确认")
    return f"{rate} · {seek} · {present}"


def policy_choices() -> list[tuple[str, str]]:
    return [(each.id, policy_words(each)) for each in policies().values()]


def scheme_words(scheme_id: str) -> str:
    """The name of a scheme; an id nobody knows any more as it is."""
    return scheme_name(scheme(scheme_id)) if scheme_id in scheme_ids() else scheme_id


def _number(rule: Scheme, value: int | str) -> int:
    return value if isinstance(value, int) else rule.params.get(value, 0)


def _study(ms: int) -> str:
    """900 minutes are 20 credit hours of 45."""
    hours = points(Fraction(ms, MINUTE * MINUTES_A_CREDIT_HOUR))
    return _("%(minutes)s 分钟（按 45 分钟一学时是 %(hours)s 学时）") % {
        "minutes": f"{ms // MINUTE:,}", "hours": hours,
    }  # fmt: skip


def _measured(rule: Scheme, value: int | str, unit_zh: str) -> str:
    number = _number(rule, value)
    return _study(number) if unit_zh == "分钟" else amount(number, unit_zh)


def _length(rule: Gate | Item) -> str:
    if rule.min_characters and rule.max_characters is not None:
        span = {"least": f"{rule.min_characters:,}", "most": f"{rule.max_characters:,}"}
        return _("每篇 %(least)s 到 %(most)s 字") % span
    return _("每篇不少于 %(least)s 字") % {"least": f"{rule.min_characters:,}"} if rule.min_characters else ""


def _tail(rule: Gate | Item, *more: str) -> str:
    attempts = "" if rule.max_attempts is None else _("最多 %(n)d 次") % {"n": rule.max_attempts}
    said = [each for each in (*more, _length(rule), attempts) if each]
    return _("（%(more)s）") % {"more": _("，").join(said)} if said else ""


def _gate(rule: Scheme, gate: Gate) -> str:
    label = {"label": label_of(gate)}
    if gate.measure == "required_courses":
        return _("%(label)s：每一门都要学完") % label + _tail(gate)
    if gate.at_most is not None:
        most = _measured(rule, gate.at_most, gate.unit_zh)
        return _("%(label)s：最多 %(most)s，超过就不合格") % (label | {"most": most}) + _tail(gate)
    if gate.at_least in OWN:
        return _("%(label)s：每一%(unit)s都要完成（按本班实际安排）") % (
            label | {"unit": unit_words(gate.unit_zh)}
        ) + _tail(gate)
    least = _measured(rule, gate.at_least or 0, gate.unit_zh)
    return _("%(label)s：至少 %(least)s") % (label | {"least": least}) + _tail(gate)


def _item(rule: Scheme, item: Item) -> str:
    most = None if item.cap_total is None else points(item.cap_total * item.weight)
    head = _("%(label)s：最多 %(most)s 分") if most else _("%(label)s：不封顶")
    return head % {"label": label_of(item), "most": most or ""} + _tail(item, _how(rule, item), _late(item))


def _how(rule: Scheme, item: Item) -> str:
    if item.pick in {"best", "last"}:
        words = _("取最高的一次成绩") if item.pick == "best" else _("取最后一次成绩")
        percent = points(item.weight * 100)
        return words if item.weight == 1 else _("%(words)s × %(percent)s%%") % {"words": words, "percent": percent}
    full = {"points": points(item.unit_score * item.weight)}
    if item.unit in OWN:
        return _("全部完成得 %(points)s 分，按次数折算") % full
    unit = amount(_number(rule, item.unit), item.unit_zh)
    return _("每 %(unit)s %(points)s 分") % (full | {"unit": unit})


def _late(item: Item) -> str:
    return "" if item.resit_cap is None else _("补考最多 %(points)s 分") % {"points": points(item.resit_cap)}


def _besides(rule: Scheme) -> Iterator[str]:
    if rule.exam_after:
        names = [label_of(gate) for gate in rule.gates if gate.key in rule.exam_after]
        yield _("先达到“%(gates)s”，才能参加考试") % {"gates": _("、").join(names)}
    rules: list[Item | Gate] = [*rule.items, *rule.gates]
    makeup = [label_of(each) for each in rules if each.makeup]
    if makeup:
        yield _("结束以后补学仍然算的：%(labels)s") % {"labels": _("、").join(dict.fromkeys(makeup))}
    if rule.excellent is not None:
        yield _excellent(rule)
    unknown = [label_of(gate) for gate in rule.gates if gate.metrics and not set(gate.metrics) & RECORDED]
    if unknown:
        yield _("本系统还不能记录“%(labels)s”，选用这个方案的班不能开班") % {"labels": _("、").join(unknown)}


def _excellent(rule: Scheme) -> str:
    award = rule.excellent
    assert award is not None
    said = [_("%(floor)s 分以上") % {"floor": points(award.floor)}]
    if award.quota_ratio is not None:
        said.append(_("不超过注册人数的 %(percent)s%%") % {"percent": points(award.quota_ratio * 100)})
    if award.quota_count is not None:
        said.append(_("最多 %(n)d 人") % {"n": award.quota_count})
    if award.nominated:
        said.append(_("由班主任提名"))
    return _("优秀：合格的人里%(rules)s") % {"rules": _("，").join(said)}


def _passing(rule: Scheme) -> str:
    if rule.pass_score is None:
        return _("下面的条件都达到就合格，不计分")
    score = {"score": points(rule.pass_score)}
    if rule.gates:
        return _("总分达到 %(score)s 分，并且下面的条件都达到，才合格") % score
    return _("总分达到 %(score)s 分就合格") % score


def _short(rule: Scheme, gate: Gate) -> str:
    """The name; of study time with its minutes."""
    timed = gate.unit_zh == "分钟" and gate.at_least is not None
    return f"{label_of(gate)} {amount(_number(rule, gate.at_least or 0), gate.unit_zh)}" if timed else label_of(gate)


def demands(rule: Scheme) -> Demands:
    """Weights, conditions, pass mark and hours, from the scheme's own data."""
    gates = tuple(_gate(rule, gate) for gate in rule.gates)
    items = tuple(_item(rule, item) for item in rule.items)
    marks = [] if rule.pass_score is None else [_("合格线 %(score)s 分") % {"score": points(rule.pass_score)}]
    brief = " · ".join([*marks, *(_short(rule, gate) for gate in rule.gates), *(label_of(item) for item in rule.items)])
    return Demands(
        rule.id, scheme_name(rule), brief, _passing(rule), gates, items, tuple(_besides(rule)), rule.effective_to
    )


def all_schemes() -> list[Demands]:
    """Every scheme, those still meant for classes of today first."""
    found = [demands(scheme(each)) for each in scheme_ids()]
    return sorted(found, key=lambda each: bool(each.until))
