"""Answers as the form and its script send them, and as they are told what became of them.

Fields of question N: `cN` (places of chosen options, repeated) or `tN` (text); `seenN`, which says of what version of the
answer the page knew and what it showed; `ageN`, only from the script: how many ms ago the answer was made. A question
without `seenN` is not part of the message; one that still reads as it was shown was not touched here, and is left alone:
an old page posted again undoes nothing that was answered elsewhere.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from yanxiu.core.time import clock
from yanxiu.training.exams.actions import Given, SavedAnswer
from yanxiu.training.exams.models import ExamAttempt
from yanxiu.training.exams.queries import PaperQuestion

__all__ = ["Shown", "given_in", "left_ms", "saved_json", "seen_of", "shown"]

_SEEN = re.compile(r"seen([1-9]\d{0,2})")
_LONGEST_AGE_MS = 24 * 3_600_000
_IMPOSSIBLE = -1


def _print(choice: Iterable[int], text: str) -> str:
    body = json.dumps([sorted(choice), text.replace("\r\n", "\n")], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()[:12]


def seen_of(version: int, choice: Sequence[int], text: str) -> str:
    """What `seenN` holds: the version and a short print of the answer shown."""
    return f"{version}:{_print(choice, text)}"


def _number(text: str, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _places(values: Iterable[str]) -> list[int]:
    return [int(v) if v.isascii() and v.isdecimal() and len(v) < 4 else _IMPOSSIBLE for v in values]


def given_in(posted: QueryDict) -> list[Given]:
    """The answers that were touched on the page, in the order of the paper. Every other field is ignored."""
    found = []
    for name in posted:
        match = _SEEN.fullmatch(name)
        if match is None:
            continue
        num = int(match[1])
        version, _colon, shown_print = str(posted[name]).partition(":")
        choice, text = _places(posted.getlist(f"c{num}")), str(posted.get(f"t{num}", ""))
        if _print(choice, text) != shown_print:
            age = _number(str(posted.get(f"age{num}", "")), _LONGEST_AGE_MS)
            found.append(Given(num, choice, text, _number(version, 10**6), age))
    return sorted(found, key=lambda each: each.num)


def left_ms(attempt: ExamAttempt) -> int:
    """Until the deadline by the server's clock, never below 0."""
    return max(0, (attempt.deadline_at - clock.now()) // timedelta(milliseconds=1))


def saved_json(rows: Iterable[SavedAnswer], zone: str) -> list[dict[str, Any]]:
    return [
        {
            "num": row.num, "fate": row.fate, "message": row.message, "choice": list(row.choice), "text": row.text,
            "seen": seen_of(row.version, row.choice, row.text),
            "at": row.saved_at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S"),
        }
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A question on the page. `message`: why what was typed could not be saved."""

    question: PaperQuestion
    seen: str
    message: str = ""


def shown(rows: Iterable[PaperQuestion]) -> list[Shown]:
    return [Shown(row, seen_of(row.version, row.choice, row.text)) for row in rows]
