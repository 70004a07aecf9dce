"""Finds quantities typed by hand: digits of any width, and Chinese numerals used as a number of things."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["HandTyped", "hand_typed"]

_NUMERALS = "〇零一二两三四五六七八九十百千万亿廿卅"


@dataclass(frozen=True)
class HandTyped:
    """A quantity with nothing behind it: the words, the line of the narrative, and the text around it."""

    words: str
    line: int
    around: str


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = tomllib.loads(files("yanxiu.record.reports").joinpath("quantities.toml").read_text(encoding="utf-8"))
    phrases = "|".join(map(re.escape, sorted(data["phrases"], key=len, reverse=True)))
    measures = "|".join(map(re.escape, sorted(data["measures"], key=len, reverse=True)))
    # Left alone: fixed phrases, ordinals, titles in 《》, "（一）" and "一、" at the start of a line.
    leave = re.compile(rf"{phrases}|第[{_NUMERALS}]+|《[^》]*》|^[{_NUMERALS}]+、|（[{_NUMERALS}]+）")
    find = re.compile(
        rf"[0-9０-９]+(?:[.,，．][0-9０-９]+)*[%％]?|百分之[{_NUMERALS}]+|[{_NUMERALS}]+(?=(?P<measure>{measures}))"
    )
    return leave, find


def hand_typed(text: str, line: int) -> Iterator[HandTyped]:
    """Each hand-typed quantity of a stretch of plain text."""
    leave, find = _patterns()
    masked = leave.sub(lambda found: "\0" * len(found[0]), text)
    for found in find.finditer(masked):
        if found[0] == "一":  # the indefinite article
            continue
        measure = found["measure"] or ""
        around = text[max(0, found.start() - 8) : found.end() + 8]
        yield HandTyped(found[0] + measure, line, around)
