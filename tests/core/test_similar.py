"""Which passages two texts share: exact spans, whatever stands between the characters."""

import time

from factories.corpus import Corpus
from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.similar import Folded, Passage, fold, passages, per_mille, shingles, united

TEXT = "党课进课堂，要从身边的事讲起，讲得进去，才听得进去。"


def covered(found: list[Passage], mine: Folded) -> int:
    return per_mille(((a, a + n) for passage in found for a, _b, n in passage.runs), len(mine.chars))


def share(mine: str, theirs: str) -> int:
    one, other = fold(mine), fold(theirs)
    return covered(passages(one, other), one)


def test_only_characters_that_carry_meaning_take_part_and_know_their_place() -> None:
    folded = fold("Ａ１ 二，\u200b三\U00020000")
    assert folded.chars == "a1二三\U00020000"
    assert [("Ａ１ 二，\u200b三\U00020000")[place] for place in folded.places] == ["Ａ", "１", "二", "三", "\U00020000"]


def test_punctuation_spaces_fillers_and_width_hide_nothing() -> None:
    disguised = "党 课进课堂！！要从——身边的\n事讲起\u3000讲得进去、才\u200b听得·进去"
    assert share(disguised, TEXT) == 1000


def test_blocks_may_stand_in_another_order() -> None:
    first, second = "上课以前先放一段本校老教师的口述录音", "四人一组每组写一件自己见过的小事贴到墙上"
    assert share(second + "。" + first, first + "。" + second) == 1000


def test_short_common_usage_is_no_passage() -> None:
    assert share("我们学校坚持立德树人根本任务，办好每一节课。", "各地坚持立德树人根本任务，办好食堂。") == 0


def test_a_rewritten_word_splits_a_passage_without_losing_it() -> None:
    mine, theirs = fold("党课进课堂，要从身边的小故事讲起，讲得进去，才听得进去。"), fold(TEXT)
    (passage,) = passages(mine, theirs)
    assert [n for _a, _b, n in passage.runs] == [10, 11] or passage.agreeing >= 18
    assert covered([passage], mine) < 1000


def test_quotations_are_left_out() -> None:
    mine = fold(TEXT, [(0, len(TEXT))])
    assert mine.chars == ""
    assert passages(mine, fold(TEXT)) == []
    assert per_mille([], 0) == 0


def test_unions_do_not_count_twice() -> None:
    assert united([(5, 9), (0, 3), (2, 6)]) == [(0, 9)]
    assert per_mille([(0, 5), (0, 5), (3, 8)], 10) == 800


def test_shingles_of_short_texts() -> None:
    assert shingles(fold("")) == set()
    assert shingles(fold("党课")) == {"党课"}
    assert shingles(fold("党课进课堂")) == {"党课进课", "课进课堂"}


@given(st.text(alphabet="党课进堂，。 a1", max_size=120), st.text(alphabet="党课进堂，。 a1", max_size=120))
def test_runs_are_the_same_characters_on_both_sides(mine: str, theirs: str) -> None:
    one, other = fold(mine), fold(theirs)
    for passage in passages(one, other):
        ends = (0, 0)
        for a, b, length in passage.runs:
            assert one.chars[a : a + length] == other.chars[b : b + length]
            assert a >= ends[0]
            assert b >= ends[1]
            ends = a + length, b + length


def test_the_percentage_follows_what_was_copied() -> None:
    corpus = Corpus(12)
    for source in range(4):
        theirs = corpus.texts[source]
        assert share(corpus.moved(source).text, theirs) >= 990
        assert share(corpus.disguised(source).text, theirs) == 1000
        assert 400 <= share(corpus.half(source).text, theirs) <= 620
        assert 500 <= share(corpus.paraphrase(source).text, theirs) <= 850
        assert share(corpus.texts[source + 4], theirs) <= 120


def test_repetition_does_not_take_minutes() -> None:
    endless = fold("做法" * 25_000)
    started = time.process_time()
    assert covered(passages(endless, endless), endless) == 1000
    assert time.process_time() - started < 20
