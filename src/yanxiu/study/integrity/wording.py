"""Codes of core.credit in plain words: why time was not counted and what to do, what a flag says."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

__all__ = ["FLAG_NAMES", "REASONS", "UNKNOWN_REASON", "ReasonWords", "flag_text"]

Text = str | Promise
MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """`name` for a table, `why` and `how` (what helps) for whoever asks."""

    name: Text
    why: Text
    how: Text


def _words(name: Text, why: Text, how: Text) -> ReasonWords:
    return ReasonWords(name, why, how)


REASONS: Mapping[str, ReasonWords] = {
    "unproven": _words(
        gettext_lazy("没有回应在场确认"),
        gettext_lazy("问“您还在学习吗”时，页面开着，90 秒内没有人回应，从上一次确认到重新确认之间不计。"),
        gettext_lazy("这一段重看一遍即可补回；当时确实在学，可以申诉。"),
    ),
    "no_contact": _words(
        gettext_lazy("断网太久"),
        gettext_lazy("与服务器失去联系以后，最多先计 20 分钟，其余的留存不计。"),
        gettext_lazy("说明当时的情况申诉，班主任可以改为计入。"),
    ),
    "replay": _words(
        gettext_lazy("重复观看"),
        gettext_lazy("同一段内容看两遍，只计一遍；一讲的学时不超过它的长度。"),
        gettext_lazy("不用做什么。快放看完的，整讲看完以后重看可以补满。"),
    ),
    "parallel": _words(
        gettext_lazy("同时学了两门"),
        gettext_lazy("两个窗口或两台设备同时播放，同一时刻只计一次，计在另一门上。"),
        gettext_lazy("一次只学一门。"),
    ),
    "in_person": _words(
        gettext_lazy("同时在参加面授"),
        gettext_lazy("这段时间考勤记您在面授现场，已经按面授计入；同一时刻只计一次。"),
        gettext_lazy("不用做什么；这时看过的内容，以后再看照样可以计入。考勤记错了，请联系班主任更正。"),
    ),
    "seek": _words(
        gettext_lazy("跳到了后面"),
        gettext_lazy("本班要求首次观看按顺序：跳过去以后看的部分先记下，等前面补看了再计入。"),
        gettext_lazy("回到跳过的地方补看，这一段会自动计入。"),
    ),
    "over_length": _words(
        gettext_lazy("超出本讲长度"),
        gettext_lazy("画面没有前进，或者这一讲的时间已经计满。"),
        gettext_lazy("去学下一讲。"),
    ),
    "too_fast": _words(
        gettext_lazy("播放过快"),
        gettext_lazy("播放速度超过了本班允许的倍速。"),
        gettext_lazy("用允许的倍速重看。"),
    ),
    "before_open": _words(
        gettext_lazy("尚未注册或开班"),
        gettext_lazy("只计注册以后、开班期间的学习。"),
        gettext_lazy("开班以后再看，照常计入。"),
    ),
    "after_close": _words(
        gettext_lazy("已经结班或退班"),
        gettext_lazy("班级结束以后的学习不计，班主任开放补学的除外。"),
        gettext_lazy("需要补学请联系班主任。"),
    ),
    "corrected": _words(
        gettext_lazy("经更正不计"),
        gettext_lazy("班主任和另一位工作人员核对以后，认定这一段不计。"),
        gettext_lazy("不同意可以申诉。"),
    ),
    "daily_cap": _words(
        gettext_lazy("超过每日上限"),
        gettext_lazy("本班一天最多计入的时间有上限。"),
        gettext_lazy("改天再学。"),
    ),
    "night": _words(
        gettext_lazy("夜间不计"),
        gettext_lazy("本班规定的夜间时段不计学时。"),
        gettext_lazy("白天再学。"),
    ),
}
UNKNOWN_REASON = _words(gettext_lazy("其他原因"), gettext_lazy("请联系班主任查询。"), gettext_lazy("请联系班主任。"))

FLAG_NAMES: Mapping[str, Text] = {
    "unanswered": gettext_lazy("在场确认连续无人回应"),
    "conflict": gettext_lazy("同一条记录前后不一致"),
    "gap": gettext_lazy("记录中间有缺失"),
    "clock": gettext_lazy("设备时钟跳动"),
    "parallel": gettext_lazy("多处同时播放"),
    "long_day": gettext_lazy("一天学习时间过长"),
    "openings": gettext_lazy("频繁打开课程"),
}


_SENTENCES: Mapping[str, Text] = {
    "unanswered": gettext_lazy("%(challenges)d 次在场确认没有人回应，画面继续播放，%(lost_ms)d 分钟没有计入。"),
    "conflict": gettext_lazy("同一编号的学习记录收到 %(conflicts)d 份内容不同的副本，以先到的为准。"),
    "gap": gettext_lazy("一次学习的记录中间缺 %(missing)d 条，缺的部分没有计入。"),
    "clock": gettext_lazy("学习期间设备的时钟跳动了 %(jump_ms)d 分钟；计时以服务器为准，不受影响。"),
    "parallel": gettext_lazy("一天之内有 %(ms)d 分钟是三处以上同时播放；同一时刻只计一次。"),
    "long_day": gettext_lazy("一天之内在场学习 %(ms)d 分钟。"),
    "openings": gettext_lazy("一小时之内打开课程 %(sessions)d 次。"),
}


def flag_text(kind: str, quantities: Mapping[str, int]) -> str:
    """The incident in a sentence, with its numbers; the name alone for a kind of another version."""
    numbers = {name: value // MINUTE if name.endswith("ms") else value for name, value in quantities.items()}
    sentence = _SENTENCES.get(kind)
    return str(sentence) % numbers if sentence is not None else str(FLAG_NAMES.get(kind, kind))
