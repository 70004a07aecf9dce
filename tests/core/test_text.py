"""Text typed by people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.text import clean_line, clean_text, count_characters


def test_bidi_and_control_characters_are_stripped() -> None:
    assert clean_text("甲\u202e乙\u2066丙\x00\x07丁\u200b") == "甲乙丙丁"


def test_line_ends_and_trailing_space_have_one_form() -> None:
    assert clean_text("  第一行 \r\n第二行\t\r第三行\u2028第四行  \n\n") == "第一行\n第二行\n第三行\n第四行"


def test_composed_and_decomposed_forms_are_equal() -> None:
    assert clean_text("e\u0301") == clean_text("\u00e9") == "\u00e9"


def test_lone_surrogates_and_noncharacters_are_stripped_but_rare_ideographs_stay() -> None:
    assert clean_text("甲\ud800\uffff乙\U00031350") == "甲乙\U00031350"
    assert count_characters("\U00031350") == 1


def test_a_line_has_single_spaces() -> None:
    assert clean_line(" 张\u3000 三\n丰 ") == "张 三 丰"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n\t\u3000", 0),
        ("，。！？……——《》", 0),
        ("学习贯彻党的十九大精神。", 11),
        ("2017 年 6 月", 7),
        ("Party building", 13),
        ("👍👍👍", 0),
        ("𠮷野家", 3),
        ("e\u0301e\u0301", 2),
    ],
)
def test_only_letters_digits_and_ideographs_count(text: str, count: int) -> None:
    assert count_characters(text) == count


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(st.text())
def test_padding_never_raises_the_count(text: str) -> None:
    assert count_characters(clean_text(text)) <= count_characters(text)
