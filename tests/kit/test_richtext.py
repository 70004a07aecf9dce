"""Rich text: an allow-list at write, plain text as paragraphs, and the text that is counted."""

import time
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.text import count_characters
from yanxiu.kit.errors import Refused
from yanxiu.kit.richtext import LONGEST, clean, rich_body

HOSTILE = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8"))["html"]
KEPT = {"p", "br", "strong", "em", "u", "s", "h3", "h4", "ul", "ol", "li", "blockquote", "a"}
PIECES = (
    "<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</li>", "</ul>", "<a href='https://x.example/?a=1&b'>", "</a>", "<br>", "<div>",
    "</div>", "<blockquote>", "</blockquote>", "<!--", "-->", "<script>", "</script>", "<", ">", "&lt;", "&#x338;", "\u0338", "\u202e",
    "&#x202e;", "字", "a", " ", "\n", "\xa0", "&nbsp;", "<h1>", "</h1>", '"', "'", "=", "onerror=alert(1)", "<table><tr><td>", "<svg>", "<o:p>",
)  # fmt: skip


class _Walk(HTMLParser):
    """What a parser other than the sanitiser's finds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in KEPT or any(name not in {"href", "rel"} for name, _value in attrs):
            self.wrong.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            if name == "href" and not (value or "").lower().startswith(("http://", "https://", "mailto:")):
                self.wrong.append(str(value))

    def handle_comment(self, data: str) -> None:
        self.wrong.append(data)


@pytest.mark.parametrize("typed", HOSTILE)
def test_nothing_hostile_survives(typed: str) -> None:
    made = clean(typed)
    assert _Walk(made.html).wrong == []
    assert clean(made.html).html == made.html
    assert not set(made.text) & set("\u202e\u202c\u200b\ufeff\u2066\u2069\x00\uffff")


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_whatever_is_put_together_comes_out_clean_and_stays_so(rest: str) -> None:
    made = clean(f"<p>{rest}")
    assert _Walk(made.html).wrong == []
    assert clean(made.html).html == made.html


@pytest.mark.parametrize("typed", ["a < b 且 c > d", "<script>alert(1)</script>", "<b>粗</b>", "5<p"])
def test_plain_text_is_shown_as_typed(typed: str) -> None:
    made = clean(typed)
    assert made.text == typed
    assert "<script" not in made.html
    assert made.form == ""


def test_lines_become_paragraphs_and_count_as_before() -> None:
    made = clean("第一段\r\n\r\n第二段\n第三段  ")
    assert made.html == "<p>第一段</p><p>第二段</p><p>第三段</p>"
    assert (made.text, made.form) == ("第一段\n\n第二段\n第三段", "")
    assert count_characters(made.text) == 9


def test_paste_from_word_keeps_what_is_meant() -> None:
    word = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta charset=utf-8><style><!-- @font-face "
        "{font-family:宋体} p.MsoNormal{mso-style-parent:''} --></style><!--[if gte mso 9]><xml><w:View>Normal</w:View></xml>"
        "<![endif]--></head><body><h1 style='mso-pagination:widow-orphan'>做法</h1><p class=MsoNormal style='mso-char-indent-count:"
        "2.0'><b><span lang=EN-US style='font-size:16.0pt;mso-bidi-font-size:11pt'>2017</span></b><span>年<o:p></o:p></span></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><table class=MsoTable><tr><td><p>格一</p></td><td><p>格二</p></td></tr></table>"
        "<img src='file:///C:/a.png'><v:imagedata src=x></body></html>"
    )
    made = clean(word)
    assert made.html == "<h3>做法</h3><p><strong>2017</strong>年</p><p>格一</p><p>格二</p>"
    assert (made.text, made.images) == ("做法\n2017年\n格一\n格二", 1)


def test_html_that_says_no_more_than_its_text_is_not_kept() -> None:
    assert clean("<p>一</p><p>二</p>").form == ""
    assert clean("<p>一<strong>二</strong></p>").form == "<p>一<strong>二</strong></p>"
    literal = clean("<p>&lt;p&gt;你好</p>")
    assert (literal.text, literal.form) == ("<p>你好", "<p>&lt;p&gt;你好</p>")


def test_characters_of_markup_do_not_count() -> None:
    made = clean(
        "<p>学习<strong>2017</strong>，<a href='https://example.org/很长很长'>体会</a>。</p><ul><li>一</li></ul>"
    )
    assert count_characters(made.text) == 9


@pytest.mark.parametrize(
    "typed",
    ["<div>" * 50_000, "<p>" + "<b><i><p>" * 30_000, "<p>" + "<font color=a>" * 2_900 + "<p>x" * 90, "<p>" + "字" * 1_000_000,
     "<blockquote>" * 2_999, "<p>" + "<a href=http://x/>" * 2_999, "&" * 300_000, "<p>" + "<" * 200_000],
)  # fmt: skip
def test_garbage_of_any_depth_is_quick(typed: str) -> None:
    began = time.process_time()
    assert _Walk(clean(typed).html[:20_000].rpartition("<")[0]).wrong == []
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "empty"), ("<p><br></p>", "empty"), ("<p>&#x202e;</p>", "empty"), ("<p><img src=x></p>", "empty"), ("字" * 11, "too_long"),
     ("<p>" + "字" * 11 + "</p>", "too_long"), ("x" * (LONGEST + 1), "too_long"), ("<p>" + "<b>" * 4_000, "too_long")],
)  # fmt: skip
def test_empty_and_huge_are_refused_in_words(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        rich_body(typed, limit=10)
    assert (refusal.value.code, refusal.value.field) == (code, "body")
    assert rich_body("<p><strong>字</strong></p>" + "<p></p>" * 200, limit=10).text == "字"
