"""Evidence by page, who is missing, counties, days, the workbook, typed facts."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.worlds import World
from python_calamine import CalamineWorkbook
from record.figures.trapped import trapped_class

from yanxiu.kit.errors import Refused
from yanxiu.people.models import Person
from yanxiu.record.figures.queries import (
    by_county,
    complement,
    counties,
    daily_minutes,
    evidence,
    evidence_page,
    evidence_xlsx,
    facts,
    figure_values,
    has_complement,
)
from yanxiu.training.outcomes.models import Outcome

pytestmark = pytest.mark.django_db
At = Callable[[str], None]


@pytest.fixture
def world(at: At) -> World:
    return trapped_class(at)


def missing(world: World, key: str, **kwargs: object) -> list[tuple[str, str]]:
    page = complement(world.cls, key, **kwargs)  # type: ignore[arg-type]  # a test's keyword arguments
    assert page.total >= len(page.rows)
    return [(row.person.name, row.note) for row in page.rows]


MISSING = {
    "registered_count": [("学员6", "")],
    "compulsory_minutes": [("学员3", ""), ("学员4", "")],
    "elective_minutes": [("学员2", ""), ("学员4", "")],
    "mean_minutes": [("学员4", "")],
    "outcome_submitters": [("学员3", ""), ("学员4", "")],
    "outcome_authors_commented": [("学员2", "")],  # handed in and got no comment by anybody else
    "exam_submitters": [("学员3", ""), ("学员4", "")],
    "exam_absentees": [("学员1", ""), ("学员2", "")],
    "discussion_posters": [("学员2", "第 2 轮"), *[(f"学员{n}", f"第 {r} 轮") for n in (3, 4) for r in (1, 2)]],
    "discussion_replies": [("学员3", ""), ("学员4", "")],
}


def test_the_complement_names_those_who_have_not(world: World) -> None:
    assert {key: missing(world, key) for key in MISSING} == MISSING
    assert all(has_complement(key) for key in MISSING)


def test_a_figure_without_a_complement_says_so(world: World) -> None:
    assert not has_complement("announcement_count")
    with pytest.raises(KeyError):
        complement(world.cls, "announcement_count")


def test_a_page_of_evidence_is_in_words(world: World) -> None:
    rows = evidence_page(world.cls, "compulsory_minutes").rows
    assert [(r.name, r.organisation, r.county, r.what, r.when, r.quantity) for r in rows] == [
        ("学员1", "云岭中学", "卢氏县", "《党章学习》党章学习第1讲", "2017-06-12", "30 分 30 秒"),
        ("学员1", "云岭中学", "卢氏县", "《党章学习》党章学习第1讲", "2017-06-13", "10 分 00 秒"),
        ("学员2", "松涛小学", "卢氏县", "《党章学习》党章学习第1讲", "2017-06-12", "1 分 29 秒"),
    ]


FIRST = {
    "registered_count": ("注册", "2017-06-10 08:00"),
    "outcome_count": ("《方案一》", "2017-06-20 09:00"),
    "outcome_authors_commented": ("《方案一》得到 学员2 的评论", "2017-06-20 09:00"),
    "exam_submitters": ("结业考试（第 1 次）", "2017-06-21 09:00"),
    "exam_absentees": ("没有交卷", ""),
    "exam_mean": ("结业考试（第 2 次）", "2017-06-21 09:00"),
    "discussion_required": ("第 1 轮研讨：微党课", ""),
    "discussion_posters": ("第 1 轮：从身边的事讲起。", "2017-06-22 00:00"),
    "discussion_replies": ("第 1 轮：同意。", "2017-06-22 00:00"),
    "announcement_count": ("《通知 2017-06-10T00:00:00+08:00》", "2017-06-10 00:00"),
}


def test_the_first_row_of_every_figure_says_what_and_when(world: World) -> None:
    firsts = {key: evidence_page(world.cls, key).rows[0] for key in FIRST}
    assert {key: (row.what, row.when) for key, row in firsts.items()} == FIRST


def test_the_denominator_of_a_rate_opens_too(world: World) -> None:
    page = evidence_page(world.cls, "registration_rate", part="denominator")
    assert [(r.what, r.quantity) for r in page.rows] == [
        ("云岭中学 名额", "7 人"), ("松涛小学 名额", "4 人"), ("望河中学 名额", "4 人"),
    ]  # fmt: skip


def test_pages_walk_through_every_row_once(world: World) -> None:
    for key in ("registered_count", "discussion_required", "mean_minutes", "discussion_replies"):
        seen, after = [], None
        while True:
            page = evidence_page(world.cls, key, after, limit=1)
            seen += [(r.ref, r.what, r.when) for r in page.rows]
            if page.next is None:
                break
            after = page.next
        rows = [r for r in evidence(world.cls, key) if r.part == "numerator"]
        assert (len(seen), len(set(seen)), page.total) == (len(rows), len(rows), len(rows))


def test_a_broken_cursor_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="翻页"):
        evidence_page(world.cls, "registered_count", after="nonsense")


def test_evidence_and_complement_are_narrowed_by_county_and_by_name(world: World) -> None:
    assert counties(world.cls) == [("411221", "渑池县"), ("411224", "卢氏县")]
    here = evidence_page(world.cls, "registered_count", filters={"county": "411221"})
    assert ([r.name for r in here.rows], here.total) == (["学员3"], 1)
    assert missing(world, "exam_submitters", filters={"county": "411224"}) == [("学员4", "")]
    assert [r.name for r in evidence_page(world.cls, "registered_count", filters={"name": "松涛"}).rows] == ["学员2"]
    assert evidence_page(world.cls, "registered_count", filters={"county": "999999"}).total == 0


def test_a_page_takes_the_same_statements_whether_it_has_one_row_or_three(world: World) -> None:
    counts = []
    for limit in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            evidence_page(world.cls, "registered_count", limit=limit)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7


def test_counties_add_up_to_the_figure(world: World) -> None:
    rows = by_county(world.cls, "registered_count")
    assert [(r.county, r.registered, r.persons) for r in rows] == [("卢氏县", 3, 3), ("渑池县", 1, 1)]
    minutes = by_county(world.cls, "elective_minutes")
    assert [(r.county, r.quantity) for r in minutes] == [("卢氏县", 119_999), ("渑池县", 60_001)]


def test_every_day_of_the_class_has_its_minutes_by_kind(world: World) -> None:
    days = daily_minutes(world.cls)
    assert (len(days), days[0].day, days[-1].day) == (42, date(2017, 6, 10), date(2017, 7, 21))
    # 12 June: compulsory 1,830,000 + 89,999 = 31.99 minutes; elective 3; self-study 45
    assert [(d.compulsory, d.elective, d.self_study) for d in days if d.day == date(2017, 6, 12)] == [(31, 3, 45)]
    assert sum(d.compulsory for d in days) == 31 + 10


def test_the_workbook_holds_every_row_and_the_definition(world: World) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(evidence_xlsx(world.cls, "registration_rate")))
    rows = book.get_sheet_by_name("证据").to_python()
    assert rows[0] == ["姓名", "单位", "县（市、区）", "事项", "时间", "数量", "用作", "编号"]
    assert {str(row[7]).partition(":")[0] for row in rows[1:]} == {"enrolment", "quota"}
    assert [row[6] for row in rows[1:]] == ["分子"] * 4 + ["分母"] * 3
    about = dict(row[:2] for row in book.get_sheet_by_name("口径").to_python())
    value = figure_values(world.cls)["registration_rate"]
    assert (about["数值"], about["证据摘要"], about["算法"]) == ("26 %", value.evidence_digest, value.formula)


def test_no_text_of_a_learner_becomes_a_formula_in_the_workbook(world: World) -> None:
    evil = '=HYPERLINK("http://x","y")'
    Person.objects.filter(pk=world.learners[0].person.pk).update(name=evil)
    Outcome.objects.filter(title="方案一").update(title="@SUM(A1)")
    body = evidence_xlsx(world.cls, "outcome_count")
    names = [row[0] for row in CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_name("证据").to_python()]
    assert evil in names
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        sheets = b"".join(parts.read(name) for name in parts.namelist() if "worksheets" in name)
    assert (b"<f>" in sheets, b"<hyperlink" in sheets) == (False, False)


def test_typed_facts_are_in_the_words_of_the_report(world: World) -> None:
    found = facts(world.cls)
    assert found["class_start"] == "2017年6月10日"
    assert found["class_end"] == "7月21日"
    assert (found["round_1_window"], found["round_2_window"]) == ("6月22日—30日", "7月1日—9日")
    assert (found["round_1_theme"], found["quota"], found["round_count"]) == ("微党课", "15名", "2次")
