"""What of a class may be changed in which state. Pure: nothing is read here."""

from dataclasses import dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.training.classes.models import TrainingClass

__all__ = ["LONGEST_DAYS", "Leeway", "Plan", "check_dates", "leeway", "require_changes"]

LONGEST_DAYS = 1100  # three years: whatever is longer is a slip of the pen
State = TrainingClass.State
WORDS = frozenset({"name", "short_name", "session_no"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a class says of itself; scheme and policy are changed apart, for they decide over people."""

    name: str
    short_name: str
    session_no: int
    starts_on: date
    ends_on: date
    zone: str

    def changed(self, other: "Plan") -> frozenset[str]:
        """Names of the fields in which the two differ."""
        return frozenset(f.name for f in fields(self) if getattr(self, f.name) != getattr(other, f.name))


@dataclass(frozen=True, slots=True)
class Leeway:
    """`free`: fields to be changed at will; `extends`: the last day may be moved to a later one; `rules`: scheme and policy
    are changed "freely", "with_reason" or "never"; `quotas`: seats may be allotted.
    """

    free: frozenset[str]
    extends: bool
    rules: str
    quotas: bool = True

    @property
    def is_none(self) -> bool:
        return not self.free


_ALL = WORDS | {"starts_on", "ends_on", "zone"}
_NOTHING = Leeway(frozenset(), extends=False, rules="never", quotas=False)
_BY_STATE = {
    State.DRAFT: Leeway(_ALL, extends=True, rules="freely"),
    State.APPROVED: Leeway(WORDS, extends=True, rules="with_reason"),
    State.ENROLLING: Leeway(WORDS, extends=True, rules="with_reason"),
    State.RUNNING: Leeway(WORDS, extends=True, rules="with_reason"),
    State.MAKEUP: Leeway(WORDS, extends=False, rules="with_reason"),
}


def leeway(state: str) -> Leeway:
    """Of a class in that state; nothing once its data are frozen."""
    return _BY_STATE.get(State(state), _NOTHING)


def check_dates(starts_on: date, ends_on: date, zone: str) -> None:
    """Dates in order, not longer than three years, in a zone there is."""
    if ends_on < starts_on:
        raise Refused("bad_dates", _("结束日期早于开始日期，请检查。"), field="ends_on")
    if (ends_on - starts_on).days > LONGEST_DAYS:
        message = _("从开班到结束超过三年（%(days)d 天），请检查日期是否写错。")
        raise Refused("bad_dates", message % {"days": (ends_on - starts_on).days}, field="ends_on")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("bad_zone", _("时区不存在，请填写如 Asia/Shanghai 的名称。"), field="zone") from None


def _why_fixed(state: str) -> str:
    if state == State.APPROVED:
        return _("班级已批准，开班日期和时区不能直接改；请先把班级退回“草稿”，改好再批准。")
    return _("报名已经开始，学员按公布的日期安排工作，开班日期和时区不能再改；结束日期可以延后。")


def _require_later(state: str, before: Plan, after: Plan) -> None:
    if state == State.MAKEUP:
        message = _("班级正在补学，原定结束日期已经不起作用，不用改；补学到冻结数据为止。")
        raise Refused("fixed", message, field="ends_on")
    if after.ends_on < before.ends_on:
        message = _("结束日期只能延后，不能早于现在的 %(day)s；个别学员提前结束请办理退班。")
        raise Refused("fixed", message % {"day": before.ends_on}, field="ends_on")


def require_changes(state: str, before: Plan, after: Plan) -> frozenset[str]:
    """The fields that differ, all of which may be changed in that state; Refused with the first that may not."""
    allowed, changed = leeway(state), after.changed(before)
    if changed and allowed.is_none:
        message = _("本班数据已冻结，班级信息不能再改；报告里的差错请在“结班报告”办理更正。")
        raise Refused("class_frozen", message)
    if {"starts_on", "zone"} & (changed - allowed.free):
        field = "starts_on" if "starts_on" in changed else "zone"
        raise Refused("fixed", _why_fixed(state), field=field)
    if "ends_on" in changed - allowed.free:
        _require_later(state, before, after)
    if changed - WORDS:  # what a class founded under other rules says already is no reason to keep its name
        check_dates(after.starts_on, after.ends_on, after.zone)
    return changed
