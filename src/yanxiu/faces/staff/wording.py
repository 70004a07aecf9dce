"""The codes of a definition in words; a code nobody has worded yet is shown as it is."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.core.figures import FigureDefinition

__all__ = ["wording"]

_WORDS = {
    "credit_cell": gettext_lazy("认定学时（每人每讲每天一条）"),
    "enrolment": gettext_lazy("报名记录"),
    "outcome": gettext_lazy("研修成果"),
    "outcome_comment": gettext_lazy("成果评论"),
    "exam_attempt": gettext_lazy("答卷"),
    "post": gettext_lazy("帖子"),
    "discussion_round": gettext_lazy("研讨轮次"),
    "announcement": gettext_lazy("公告"),
    "count": gettext_lazy("计数"),
    "count_distinct": gettext_lazy("去重计数"),
    "sum": gettext_lazy("求和"),
    "mean": gettext_lazy("平均"),
    "ratio": gettext_lazy("分子 ÷ 分母"),
    "registered": gettext_lazy("全体注册学员"),
    "roster": gettext_lazy("名册"),
    "quota": gettext_lazy("分配的名额"),
    "outcome_submitters": gettext_lazy("提交了成果的学员"),
    "exam_submitters": gettext_lazy("交了卷的学员"),
    "class": gettext_lazy("班级起止日（含最后一天）"),
    "person": gettext_lazy("每人一次"),
    "person_round": gettext_lazy("每人每轮一次"),
    "person_lesson_day": gettext_lazy("同一时刻只计一次"),
    "author": gettext_lazy("每位作者一次"),
    "floor": gettext_lazy("截尾"),
    "half_up": gettext_lazy("四舍五入"),
    "half_even": gettext_lazy("四舍六入五成双"),
    "ceil": gettext_lazy("进一"),
    "total": gettext_lazy("合计以后"),
    "per_row": gettext_lazy("逐条"),
    "72h_deferred": gettext_lazy("72 小时内补传，注明补传"),
    "as_recorded": gettext_lazy("按记录时间"),
    "refused": gettext_lazy("不接收"),
}


def _said(code: str, **special: str) -> str:
    return special.get(code) or str(_WORDS.get(code, code))


def wording(definition: FigureDefinition) -> Iterator[tuple[str, str]]:
    """(heading, words) for the definition page."""
    window = _said(definition.window, round=_("该轮起止日（含最后一天）"))
    rounding = _("%(mode)s，%(places)d 位小数，%(stage)s取整") % {
        "mode": _said(definition.rounding_mode),
        "places": definition.rounding_places,
        "stage": _said(definition.rounding_stage),
    }
    yield _("来源"), _said(definition.source_fact)
    yield _("量法"), _said(definition.measure)
    yield _("人群"), _said(definition.population, **{"class": _("本班")})
    yield _("去重"), _said(definition.dedup_key, outcome=_("每件一次"), post=_("每帖一次"), announcement=_("每件一次"))
    yield _("窗口"), window
    yield _("取整"), rounding
    yield _("迟到"), _said(definition.late_policy)
