"""Markdown with placeholders becomes a tree; what cannot be traced is refused or flagged, with its line."""

import pytest
from record.sample import FACTS, figures, narrative, reference_report, sources

from yanxiu.kit.errors import Refused
from yanxiu.record.reports import tree
from yanxiu.record.reports.narrative import decode, parse
from yanxiu.record.reports.quantities import hand_typed
from yanxiu.record.reports.tree import Cite, Doc, Fig, Heading, Paragraph, Quote, Subtitle, Text, Title


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as caught:
        parse(text, sources())
    return caught.value


def body(text: str) -> tuple[tree.Block, ...]:
    return parse(f"# 标题\n\n{text}\n", sources()).blocks[1:]


def test_every_part_of_the_language() -> None:
    text = (
        "# 担当　实干\n\n——{{ class_start }}起\n\n## 一、概况\n\n### （一）学习\n\n"
        "**内容扎实。**共{{ compulsory_minutes }}，即{{ compulsory_minutes|bare }}分，*楷体*，"
        "“[[post:@quote_1|党员的课堂就是支部的窗口]]”。\n\n> 引文{{ exam_mean }}\n"
    )
    fig = Fig("compulsory_minutes", "必修课总时长", "163597", "分钟")
    assert parse(text, sources()).blocks == (
        Title("担当　实干"),
        Subtitle("——2017年6月10日起"),
        Heading(1, "一、概况"),
        Heading(2, "（一）学习"),
        Paragraph(
            (
                Text("共"), fig, Text("，即"), Fig("compulsory_minutes", "必修课总时长", "163597", "分钟", bare=True),
                Text("分，"), Text("楷体", "kai"), Text("，“"), Cite("党员的课堂就是支部的窗口", "post:11"), Text("”。"),
            ),
            "内容扎实。",
        ),
        Quote((Text("引文"), Fig("exam_mean", "试卷平均分", "73", "分"))),
    )  # fmt: skip


def test_a_percentage_carries_its_sign() -> None:
    [paragraph] = body("注册率{{ registration_rate }}")
    assert isinstance(paragraph, Paragraph)
    assert "".join(map(tree.inline_text, paragraph.inlines)) == "注册率100%"


def test_the_reference_narrative_uses_all_fifteen_figures_and_types_none() -> None:
    made = reference_report()
    used = [inline.key for inline in made.doc.inlines() if isinstance(inline, Fig)]
    assert set(used[:16]) == set(figures())
    assert made.hand_typed == ()
    assert sum(isinstance(inline, Cite) for inline in made.doc.inlines()) == 2
    leads = [block.lead for block in made.doc.blocks if isinstance(block, Paragraph) and block.lead]
    assert len(leads) == 4
    assert "6月22日6月22日" not in narrative()


def test_an_unknown_figure_names_itself_its_line_and_the_nearest() -> None:
    error = refused("# 标题\n\n第一段。\n第二行{{ mean_minute }}。\n")
    assert (error.code, error.row, error.field) == ("unknown_figure", 4, "narrative")
    assert "“mean_minute”" in error.message
    assert "“mean_minutes”" in error.message
    assert refused("# 标题\n\n{{table:figure}}\n").code == "unknown_figure"


def test_words_nobody_wrote_are_not_quoted() -> None:
    assert refused("# 标题\n\n[[post:11|党员的课堂就是窗口]]").code == "not_verbatim"
    assert refused("# 标题\n\n[[post:11|]]").code == "not_verbatim"
    assert refused("# 标题\n\n[[post:999|甲]]").code == "unknown_source"
    assert refused("# 标题\n\n[[post:@quote_9|甲]]").code == "unknown_source"
    assert refused("# 标题\n\n[[outcome:11|甲]]").code == "unknown_source"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<!-- 注 -->",
        "{% if x %}",
        "{# x #}",
        "[链接](http://a.example)",
        "![图](a.png)",
        "</p>",
    ],
)
def test_html_links_and_templates_are_refused_with_their_line(text: str) -> None:
    error = refused(f"# 标题\n\n正文。\n{text}\n")
    assert (error.code, error.row) == ("narrative_markup", 4)


@pytest.mark.parametrize("text", ["- 列表", "1. 编号", "```\n代码\n```", "---", "#### 四级", "**没有成对"])
def test_what_the_report_has_no_place_for_is_refused(text: str) -> None:
    assert refused(f"# 标题\n\n{text}\n").code == "narrative_markup"


def test_template_expressions_are_never_evaluated() -> None:
    for expression in ("7*7", "class_name.__class__", "figures['x']", "", "a|upper"):
        assert refused(f"# 标题\n\n甲{{{{ {expression} }}}}").code in {"unknown_figure", "narrative_option"}


def test_a_narrative_of_five_megabytes_is_refused_at_once() -> None:
    for attempt in (lambda: parse("# 标题\n\n" + "学" * 1_700_000, sources()), lambda: decode(b"x" * 5_000_000)):
        with pytest.raises(Refused) as caught:
            attempt()
        assert caught.value.code == "narrative_too_long"


def test_gbk_bytes_are_refused_and_not_guessed() -> None:
    with pytest.raises(Refused) as caught:
        decode("# 标题\n".encode() + "研修".encode("gbk"))
    assert (caught.value.code, caught.value.row) == ("narrative_encoding", 2)
    assert decode("\ufeff# 标题".encode()) == "# 标题"


def test_a_narrative_needs_a_title() -> None:
    assert refused("正文。").code == "narrative_title"
    assert refused("").code == "narrative_title"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("组织100名干部", ["100"]),
        ("达到９５．５％，共1,716分钟", ["９５．５％", "1,716"]),
        ("一百名学员参加", ["一百名"]),
        ("先后组织两次研讨", ["两次"]),
        ("历时十天，三十五人次", ["十天", "三十五人次"]),
        ("提高百分之二十", ["百分之二十"]),
        ("一些学员认为，一个支部、一名党员、统一部署", []),
        ("第一轮、首轮、第二次", []),
        ("一、概况", []),
        ("（二）研讨", []),
        ("《学习三百问》很好", []),
        ("十分重视，千方百计，三会一课，“二线岗位”，万一", []),
        ("三门峡、四川、九江", []),
    ],
)
def test_a_quantity_is_a_digit_or_a_numeral_with_a_measure_word(text: str, found: list[str]) -> None:
    assert [each.words for each in hand_typed(text, 1)] == found


def test_a_typed_number_is_flagged_with_line_and_surroundings() -> None:
    parsed = parse("# 标题\n\n第一行，\n共有35人参加。\n", sources())
    [flag] = parsed.hand_typed
    assert (flag.words, flag.line) == ("35", 4)
    assert "共有35人参加" in flag.around


def test_facts_are_not_flagged_and_stay_marked() -> None:
    parsed = parse("# 标题\n\n首轮为{{ round_1_window }}。\n", sources())
    assert parsed.hand_typed == ()
    assert Text(FACTS["round_1_window"], "plain", "round_1_window") in [
        inline for block in parsed.blocks if isinstance(block, Paragraph) for inline in block.inlines
    ]


def test_a_tree_survives_json_and_its_digest_follows_every_character() -> None:
    doc = reference_report().doc
    again = Doc.from_json(doc.to_json())
    assert (again, again.digest()) == (doc, doc.digest())
    changed = doc.to_json() | {"title": doc.title + "。"}
    assert Doc.from_json(changed).digest() != doc.digest()
    for broken in ({}, {"t": "Doc"}, {"t": "Nothing"}, [], {"t": "Text", "s": "甲"}, {"t": "Text", "x": 1}):
        with pytest.raises(ValueError, match="not a document tree"):
            Doc.from_json(broken)
