"""The table of learners as its address asks: filtered, searched, sorted, by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from yanxiu.record.assessment.queries import LearnerLine
from yanxiu.record.assessment.standings.queries import Found, Wanted

__all__ = ["PAGE", "Chip", "LearnerTable", "found_table", "learner_table", "wanted_by"]

PAGE = 20
Test = Callable[[LearnerLine], bool]
_TESTS: Mapping[str, Test] = {
    "": lambda _line: True,
    "failing": lambda line: line.verdict.grade == "fail",
    "round": lambda line: not line.all_posted,
    "outcome": lambda line: not line.has_outcome,
    "exam": lambda line: line.exam_best is None,
}
_KEYS: Mapping[str, Callable[[LearnerLine], tuple[object, ...]]] = {
    "order": lambda line: (line.enrolment_id,),
    "name": lambda line: (line.name,),
    "compulsory": lambda line: (line.compulsory,),
    "elective": lambda line: (line.elective,),
    "posts": lambda line: (sum(done for _num, done in line.posted),),
    "exam": lambda line: (-1 if line.exam_best is None else line.exam_best,),
    "points": lambda line: (line.verdict.grade != "fail", line.verdict.score or 0),
}


@dataclass(frozen=True)
class Chip:
    key: str
    label: str
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class Head:
    """One heading: `sort` is "ascending", "descending" or "none", `query` the address that sorts by it."""

    label: str
    numeric: bool
    sort: str
    query: str
    narrow: bool = False  # left out on a phone


@dataclass(frozen=True)
class LearnerTable:
    rows: tuple[LearnerLine, ...]
    total: int
    chips: tuple[Chip, ...]
    heads: tuple[Head, ...]
    counties: tuple[tuple[str, str], ...]
    county: str
    q: str
    show: str
    sort: str
    page: int
    pages: int
    before: str
    after: str


def _query(asked: QueryDict, **changes: str) -> str:
    kept = {key: str(asked.get(key, "")) for key in ("show", "county", "find", "sort")} | changes
    query = QueryDict(mutable=True)
    query.update({key: value for key, value in kept.items() if value})
    return query.urlencode()


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def wanted_by(asked: QueryDict) -> tuple[Wanted, int]:
    """What the address asks for, and which page. Unknown filters and orders are taken as none: an old link still opens."""
    show, sort = asked.get("show", ""), asked.get("sort", "")
    wanted = Wanted(
        asked.get("county", ""), asked.get("q", "").strip(), show if show in _TESTS else "",
        sort if sort.removeprefix("-") in _KEYS else "",
    )  # fmt: skip
    return wanted, _number(asked.get("page", ""))


def learner_table(lines: Sequence[LearnerLine], asked: QueryDict) -> LearnerTable:
    """Of lines that are all there: filtered, searched and sorted here."""
    wanted, page = wanted_by(asked)
    inside = [
        line
        for line in lines
        if _in_county(line, wanted.county) and (wanted.text in line.name or wanted.text in line.organisation)
    ]
    found = [line for line in inside if _TESTS[wanted.show](line)]
    if wanted.order:
        found.sort(key=_KEYS[wanted.order.removeprefix("-")], reverse=wanted.order.startswith("-"))
    pages = max(1, -(-len(found) // PAGE))
    page = min(page, pages)
    counts = {key: sum(map(test, inside)) for key, test in _TESTS.items()}
    shown = tuple(found[(page - 1) * PAGE : page * PAGE])
    counties = tuple(sorted({(line.county_code, line.county) for line in lines if line.county_code}))
    return found_table(Found(shown, counts, len(found), page, pages), wanted, asked, counties)


def found_table(found: Found, wanted: Wanted, asked: QueryDict, counties: tuple[tuple[str, str], ...]) -> LearnerTable:
    """Of one page that was found already."""
    page = found.page
    return LearnerTable(
        rows=found.lines, total=found.total, chips=_chips(found.counts, wanted.show, asked),
        heads=_heads(asked.get("sort", ""), asked), counties=counties, county=wanted.county, q=wanted.text,
        show=wanted.show, sort=asked.get("sort", ""), page=page, pages=found.pages,
        before=_query(asked, page=str(page - 1)) if page > 1 else "",
        after=_query(asked, page=str(page + 1)) if page < found.pages else "",
    )  # fmt: skip


def _in_county(line: LearnerLine, county: str) -> bool:
    return not county or line.county_code == county


def _chips(counts: Mapping[str, int], show: str, asked: QueryDict) -> tuple[Chip, ...]:
    labels = {
        "": _("全部"),
        "failing": _("未达合格"),
        "round": _("缺一轮研讨"),
        "outcome": _("未交成果"),
        "exam": _("未交卷"),
    }
    return tuple(Chip(key, label, counts[key], key == show, _query(asked, show=key)) for key, label in labels.items())


def _heads(sort: str, asked: QueryDict) -> tuple[Head, ...]:
    labels = (
        ("name", _("学员"), False, False), ("compulsory", _("必修（分钟）"), True, False),
        ("elective", _("选修（分钟）"), True, True), ("posts", _("研讨"), False, True), ("", _("成果"), False, True),
        ("exam", _("试卷（分）"), True, True), ("points", _("考核分"), True, False), ("", _("结论"), False, True),
    )  # fmt: skip
    return tuple(
        Head(label, numeric, *_direction(column, sort, asked), narrow) for column, label, numeric, narrow in labels
    )


def _direction(column: str, sort: str, asked: QueryDict) -> tuple[str, str]:
    if not column:
        return "none", ""
    if sort == f"-{column}":
        return "descending", _query(asked, sort=column)
    down = f"-{column}" if sort == column or column != "name" else column
    return ("ascending" if sort == column else "none"), _query(asked, sort=down)
