"""The questions of a survey and what an answer to them may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yanxiu.kit.errors import Refused
from yanxiu.kit.inputs import body, line

__all__ = ["SCALE", "Question", "checked_answer", "checked_questions"]

SCALE = 5  # from 1 (很不满意) to 5 (很满意)
_MOST = 30


@dataclass(frozen=True, slots=True)
class Question:
    """`kind`: "scale" (1…5), "choice" (one of `options`), "text". `required` but for texts."""

    kind: str
    words: str
    options: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        return {"kind": self.kind, "words": self.words, "options": list(self.options)}


def checked_questions(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """As stored. Refused where there is none, too many, an empty one, or a choice without two options."""
    if not 1 <= len(questions) <= _MOST:
        raise Refused("bad_questions", _("问卷要有 1 到 %(most)d 道题。") % {"most": _MOST}, field="questions")
    rows = []
    for num, question in enumerate(questions, start=1):
        if question.kind not in {"scale", "choice", "text"}:
            raise Refused("bad_questions", _("第 %(num)d 题的题型不对。") % {"num": num}, field="questions")
        words = line(question.words, field="questions", label=_("第 %(num)d 题") % {"num": num}, limit=200)
        options = tuple(line(text, field="questions", label=_("选项"), limit=100) for text in question.options)
        if question.kind == "choice" and not 2 <= len(options) <= 20:
            raise Refused("bad_questions", _("第 %(num)d 题要有 2 到 20 个选项。") % {"num": num}, field="questions")
        rows.append(Question(question.kind, words, options if question.kind == "choice" else ()).as_row())
    return rows


def checked_answer(question: Question, num: int, given: str) -> int | str | None:
    """One answer as typed, as stored: 1…5, the index of an option, or a text (None when left empty)."""
    field = f"q{num}"
    if question.kind == "text":
        return body(given, field=field, label=_("第 %(num)d 题") % {"num": num}, limit=2000, required=False) or None
    lowest, highest = (1, SCALE) if question.kind == "scale" else (0, len(question.options) - 1)
    if not given.isascii() or not given.isdigit() or not lowest <= int(given) <= highest:
        raise Refused("unanswered", _("第 %(num)d 题还没有选，请选好再提交。") % {"num": num}, field=field)
    return int(given)
