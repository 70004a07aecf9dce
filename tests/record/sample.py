"""The reference report with the values of 2017, without a database."""

import hashlib
import json
from datetime import date, timedelta
from importlib.resources import files

from yanxiu.core.figures import FigureDefinition, FigureValue
from yanxiu.record.figures.profiles import definitions
from yanxiu.record.reports.blocks import Week, figure_table, minutes_chart
from yanxiu.record.reports.composing import Checkpoint, Composed, compose
from yanxiu.record.reports.narrative import Sources

VALUES = {
    "registered_count": 100, "registration_rate": 100, "compulsory_minutes": 163597, "elective_minutes": 8077,
    "mean_minutes": 1716, "outcome_submitters": 95, "outcome_count": 95, "outcome_authors_commented": 46,
    "exam_submitters": 90, "exam_absentees": 10, "exam_mean": 73, "discussion_required": 200,
    "discussion_posters": 81, "discussion_replies": 124, "announcement_count": 7,
}  # fmt: skip
FACTS = {
    "class_name": "全国首届中小学党组织书记网络培训示范班（三门峡）", "class_start": "2017年6月10日", "class_end": "7月21日",
    "round_1_theme": "中小学微党课，如何入脑入心", "round_2_theme": "党建工作如何实现与中心工作的深度融合",
    "round_1_window": "6月22日—30日", "round_2_window": "7月1日—9日",
    "quote_1_author": "秦望舒", "quote_2_author": "沈知遥", "quote_2_organisation": "青岚市第二实验中学",
}  # fmt: skip
POSTS = {
    11: "我校的做法是，把支部建在年级组上，党员的课堂就是支部的窗口。",
    12: "我认为微党课要从身边的人和事讲起，先讲清小道理，再讲透大道理，才听得进去。",
}
CLOSED = Checkpoint("2017-07-28T08:00:00+00:00", 4321, "ab" * 32, 98765, "cd" * 32, "2017-07-28 16:00")


def value(definition: FigureDefinition, number: int) -> FigureValue:
    digest = hashlib.sha256(definition.key.encode()).hexdigest()
    return FigureValue(definition, number, str(number), "", number, digest)


def figures() -> dict[str, FigureValue]:
    return {key: value(each, VALUES[key]) for key, each in definitions("enaea-2017").items()}


def sources() -> Sources:
    values = figures()
    return Sources(
        values, FACTS, {"table:figures": figure_table(values), "chart:minutes": minutes_chart(weeks())},
        {"quote_1": 11, "quote_2": 12}, POSTS.get,
    )  # fmt: skip


def weeks() -> list[Week]:
    """Six weeks of study that add up to 163597 and 8077 minutes."""
    compulsory = (31200, 29800, 33120, 27740, 24100, 17637)
    elective = (1200, 1500, 1600, 1400, 1277, 1100)
    first = date(2017, 6, 10)
    return [
        Week(first + timedelta(weeks=n), first + timedelta(weeks=n, days=6), a * 60_000, b * 60_000)
        for n, (a, b) in enumerate(zip(compulsory, elective, strict=True))
    ]


def narrative() -> str:
    return files("yanxiu.record.reports").joinpath("narratives/closeout-2017.md").read_text(encoding="utf-8")


def frontmatter() -> dict[str, object]:
    text = files("yanxiu.record.reports").joinpath("narratives/closeout-2017.json").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text)
    return found


def reference_report(template: str = "jianbao", checkpoint: Checkpoint = CLOSED, text: str | None = None) -> Composed:
    matter = frontmatter()
    if template == "gongwen":
        matter |= {
            "org": "青岚市教育局文件",
            "number": "青教党〔2017〕7号",
            "sign_org": "青岚市教育局",
            "signed_on": "2017-07-28",
        }
    return compose(
        reference="smx-2017/1", template=template, narrative=text or narrative(), frontmatter=matter,
        sources=sources(), checkpoint=checkpoint,
    )  # fmt: skip
