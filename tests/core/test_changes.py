"""Two versions compared: sentences, then characters."""

from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.changes import Change, changes

WRITTEN = st.text(alphabet="党课进堂。！\n，a", max_size=60)


def test_a_rewritten_sentence_shows_its_characters() -> None:
    assert changes("第一句。第二句。", "第一句。另一句。") == [
        Change("same", "第一句。"),
        Change("gone", "第二"),
        Change("new", "另一"),
        Change("same", "句。"),
    ]


def test_the_same_text_has_no_changes() -> None:
    assert changes("一样。", "一样。") == [Change("same", "一样。")]
    assert changes("", "") == []


@given(WRITTEN, WRITTEN)
def test_nothing_is_lost_on_either_side(old: str, new: str) -> None:
    found = changes(old, new)
    assert "".join(change.text for change in found if change.kind != "new") == old
    assert "".join(change.text for change in found if change.kind != "gone") == new
