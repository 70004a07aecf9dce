"""What the staff's forms about exams hold, read into the actions' own terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanxiu.core.rules.blueprint import Section
from yanxiu.faces.frame.forms import YEARS
from yanxiu.faces.staff.forms import RosterForm
from yanxiu.kit.errors import Refused
from yanxiu.training.exams.actions import Terms
from yanxiu.training.exams.models import Question

__all__ = ["DEFAULTS", "SECTION_ROWS", "QuestionsForm", "ScheduleForm", "instant", "number", "question_fields"]

SECTION_ROWS = 8
LETTERS = "ABCDEFGHIJ"
DEFAULTS: Mapping[str, str] = {
    "duration_minutes": "60", "max_attempts": "2", "pass_mark": "60", "partial": "none", "review": "never", "mode": "drawn", "role": "final",
    "is_shuffled": "1", "redraws": "1", "resit_attempts": "1",
}  # fmt: skip


class QuestionsForm(RosterForm):
    """The same two steps as a roster: check, then take."""

    missing = gettext_lazy("请选择题目文件（XLSX 或 CSV）。")


def number(text: str, field: str, label: str) -> int:
    """A whole number typed by somebody."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 6):
        raise Refused("bad_number", _("%(label)s应是不小于 0 的整数。") % {"label": label}, field=field)
    return int(typed)


def instant(text: str, zone: str, field: str, label: str) -> datetime:
    """What a datetime-local field holds, in the class's zone."""
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        at = None
    if at is None or at.year not in YEARS:
        raise Refused("bad_date", _("请填写%(label)s的日期和时间。") % {"label": label}, field=field)
    return at


@dataclass(frozen=True)
class ScheduleForm:
    """The page's fields as posted, or as it first shows them."""

    values: QueryDict
    zone: str

    def _text(self, name: str) -> str:
        return str(self.values.get(name, "")).strip()

    def window(self, prefix: str, label: str) -> tuple[datetime, datetime]:
        return tuple(
            instant(self._text(f"{prefix}{end}"), self.zone, f"{prefix}{end}", label + words)
            for end, words in (("opens_at", _("开始")), ("closes_at", _("结束")))
        )  # type: ignore[return-value]  # exactly two

    def sections(self) -> list[Section]:
        """Rows that name a bank; an empty row is none."""
        rows = []
        for n in range(1, SECTION_ROWS + 1):
            if self._text(f"bank{n}"):
                label = _("第 %(n)d 部分") % {"n": n}
                bank, count, points = (
                    number(self._text(f"{name}{n}"), f"{name}{n}", label + words)
                    for name, words in (("bank", ""), ("count", _("题数")), ("points", _("每题分值")))
                )
                rows.append(Section(bank, self._text(f"kind{n}"), count, points, self._text(f"tag{n}")))
        return rows

    def chosen(self) -> list[int]:
        """Ids of questions picked in a bank."""
        return [int(q) for q in self.values.getlist("q") if q.isascii() and q.isdecimal() and len(q) < 12]

    def terms(self) -> Terms:
        has_resit = bool(self._text("resit_opens_at") or self._text("resit_closes_at"))
        return Terms(
            pass_mark=number(self._text("pass_mark"), "pass_mark", _("合格线")),
            is_shuffled=bool(self._text("is_shuffled")), redraws=bool(self._text("redraws")),
            partial=self._text("partial"), expired_counts=bool(self._text("expired_counts")), review=self._text("review"),
            resit=self.window("resit_", _("补考")) if has_resit else None,
            resit_attempts=number(self._text("resit_attempts"), "resit_attempts", _("补考次数")),
        )  # fmt: skip

    def arguments(self, questions: list[Question]) -> dict[str, Any]:
        """Keyword arguments of `schedule_exam`."""
        opens, closes = self.window("", _("考试"))
        paper: dict[str, Any] = {"sections": self.sections(), "common": self._text("mode") == "common"}
        if questions:
            label = _("题目分值")
            paper = {"questions": [(q, number(self._text(f"worth{q.pk}"), f"worth{q.pk}", label)) for q in questions]}
        return {
            "title": self._text("title"), "role": self._text("role") or "final", "opens_at": opens, "closes_at": closes, "terms": self.terms(),
            "duration_minutes": number(self._text("duration_minutes"), "duration_minutes", _("考试时长")),
            "max_attempts": number(self._text("max_attempts"), "max_attempts", _("作答次数")), **paper,
        }  # fmt: skip


def question_fields(posted: QueryDict, kind: str) -> dict[str, Any]:
    """Keyword arguments of `add_question` and `edit_question` besides the kind: empty options at the end are none."""
    options = [str(text) for text in posted.getlist("option")]
    while options and not options[-1].strip():
        options.pop()
    key: list[Any] = [int(index) for index in posted.getlist("right") if index.isascii() and index.isdecimal()]
    if kind == Question.Kind.FILL_IN:
        key = [line.strip() for line in str(posted.get("accepted", "")).splitlines() if line.strip()]
    if kind in {Question.Kind.FILL_IN, Question.Kind.ESSAY}:
        options = []
    if kind == Question.Kind.ESSAY:
        key = []
    return {
        "stem": str(posted.get("stem", "")), "options": options, "key": key, "tag": str(posted.get("tag", "")),
        "guide": str(posted.get("guide", "")),
    }  # fmt: skip
