"""The primitives of a scheme: caps, bonus, minimum characters, late factor, resits, make-up; and its laws."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanxiu.core.rules.assess import Fact, Facts, assess, points
from yanxiu.core.rules.excellent import award, places
from yanxiu.core.rules.scheme import BadScheme, Scheme, parse

# The teacher's scheme of domain.md S10/S11: posts 1 (featured +2) and replies 0.5, 20 minutes of video 1 point.
TEACHER = """
id = "teacher@1"
label_zh = "教师远程培训"
effective_from = "2013-01-01"
source = "domain.md S10, S11"
pass_score = 10
[[item]]
key = "video"
label_zh = "视频"
metrics = ["video_ms"]
unit = 1200000
cap_per_stage = 5
[[item]]
key = "post"
label_zh = "发帖"
metrics = ["post"]
featured_bonus = 2
min_characters = 20
cap_per_day = 4
cap_total = 10
[[item]]
key = "reply"
label_zh = "回帖"
metrics = ["reply"]
unit_score = 0.5
[[item]]
key = "homework"
label_zh = "作业"
metrics = ["homework"]
pick = "best"
deadline = 1000
late_factor = 0.6
resit_cap = 60
weight = 0.1
[[band]]
key = "good"
label_zh = "良好"
at_least = 15
[[band]]
key = "fair"
label_zh = "中等"
at_least = 10
"""
SCHEME = parse(TEACHER)


def post(day: str, *, featured: bool = False, characters: int = 20) -> Fact:
    return Fact("post", day=day, featured=featured, characters=characters)


def score(*facts: Fact) -> Fraction:
    value = assess(SCHEME, Facts(facts)).score
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ((), "0"),
        ((Fact("video_ms", quantity=1_800_000),), "1.5"),  # 30 minutes ÷ 20
        ((Fact("video_ms", quantity=7_200_000, stage="1"),), "5"),  # 6 points, 5 a stage
        ((Fact("video_ms", quantity=7_200_000, stage="1"), Fact("video_ms", quantity=1_200_000, stage="2")), "6"),
        ((post("a"), post("a", featured=True)), "4"),  # 1 + 3 = 4
        ((post("a", featured=True), post("a", featured=True)), "4"),  # 6, 4 a day
        ((post("a", featured=True), post("b", featured=True)), "6"),  # 3 on each of two days
        (tuple(post(day) for day in "abc" for _ in range(5)), "10"),  # 4 + 4 + 4, 10 in all
        ((post("a", characters=19),), "0"),
        ((Fact("reply"), Fact("reply"), Fact("reply")), "1.5"),
        ((Fact("homework", at_ms=999, quantity=90),), "9"),  # × 0.1
        ((Fact("homework", at_ms=1000, quantity=90),), "5.4"),  # late: 54 × 0.1
        ((Fact("homework", at_ms=1, quantity=50), Fact("homework", at_ms=2, quantity=95, num=2)), "6"),  # resit ≤ 60
        ((Fact("homework", quantity=90, makeup=True),), "0"),  # no make-up for it
    ],
)
def test_points_of_an_item(facts: tuple[Fact, ...], expected: str) -> None:
    assert score(*facts) == Fraction(expected)


def test_the_band_is_the_highest_reached_and_none_below_the_lowest() -> None:
    posts = [post(day, featured=True) for day in "abc"]  # 9
    replies = [Fact("reply")] * 12  # 6
    assert assess(SCHEME, Facts((*posts, *replies))).band == "good"
    assert assess(SCHEME, Facts((*posts, *replies[:3]))).band == "fair"
    assert assess(SCHEME, Facts(tuple(posts))).band == ""


def test_every_fact_left_out_is_named() -> None:
    verdict = assess(SCHEME, Facts((post("a", characters=3), Fact("homework", at_ms=5000, quantity=80))))
    texts = [r.text for r in verdict.reasons if r.code in {"post:too_short", "homework:late_reduced"}]
    assert texts == ["发帖：1 项字数不足 20 字。", "作业：1 项逾期，按 0.6 计。"]


def test_last_takes_the_last_version_and_not_the_best() -> None:
    scheme = replace(SCHEME, items=(replace(SCHEME.items[3], pick="last", weight=Fraction(1)),))
    first, last = Fact("homework", at_ms=1, quantity=90), Fact("homework", at_ms=2, quantity=40)
    assert assess(scheme, Facts((last, first))).score == 40


@pytest.mark.parametrize(("value", "text"), [("7", "7"), ("1/3", "0.33"), ("5.4", "5.4"), ("69.999", "69.99")])
def test_points_are_cut_off_never_rounded_up(value: str, text: str) -> None:
    assert points(Fraction(value)) == text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("colour = 1", "colour"),
        ('pick = "luckiest"', "pick"),
        ('key = "post"', "key"),
    ],
)
def test_a_scheme_that_cannot_be_understood_is_refused_with_the_place(change: str, says: str) -> None:
    item = f'[[item]]\nlabel_zh = "x"\nmetrics = ["y"]\n{change}\n'
    if "key" not in change:
        item += 'key = "z"\n'
    with pytest.raises(BadScheme, match=says):
        parse(TEACHER + item)


GATE = '[[gate]]\nkey = "g"\nlabel_zh = "g"\nmetrics = ["y"]\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEACHER + GATE, "at_least"),
        (TEACHER + GATE + 'measure = "weight"\nat_least = 1\n', "weight"),
        (TEACHER + '[[gate]]\nkey = "g"\nat_least = 1\n', "gate 1"),
        ('course_rule = "luck"\n' + TEACHER, "luck"),
        ('exam_after = ["nothing"]\n' + TEACHER, "nothing"),
        ('id = "x@1"\nlabel_zh = "x"\neffective_from = "2020-01-01"\nsource = "x"\npass_score = 60\n', "pass_score"),
    ],
)
def test_a_contradiction_in_a_scheme_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadScheme, match=says):
        parse(text)


def test_make_up_study_counts_up_to_its_cap_where_the_item_allows_it() -> None:
    open_to_makeup = replace(SCHEME.items[3], makeup=True, makeup_cap=Fraction(60), weight=Fraction(1))
    scheme = replace(SCHEME, items=(open_to_makeup,))
    assert assess(scheme, Facts((Fact("homework", quantity=95, makeup=True),))).score == 60
    assert assess(scheme, Facts((Fact("homework", quantity=55, makeup=True),))).score == 55


def test_a_scheme_without_the_award_gives_none() -> None:
    verdicts = {1: assess(SCHEME, Facts((post("a"),)))}
    assert (places(SCHEME, 100), award(SCHEME, verdicts)) == (0, verdicts)


FACTS = st.builds(
    Fact,
    metric=st.sampled_from(["video_ms", "post", "reply", "homework"]),
    at_ms=st.integers(0, 2000),
    quantity=st.integers(0, 5_000_000),
    day=st.sampled_from("abc"),
    stage=st.sampled_from("12"),
    num=st.integers(1, 3),
    characters=st.integers(0, 40),
    featured=st.booleans(),
    makeup=st.booleans(),
)
MANY = st.lists(FACTS, max_size=12)


def _bounded(scheme: Scheme = SCHEME) -> Scheme:
    return replace(scheme, items=tuple(replace(i, cap_total=Fraction(10)) for i in scheme.items))


@given(MANY, FACTS)
def test_one_more_fact_never_lowers_the_score(facts: list[Fact], more: Fact) -> None:
    assert score(*facts, more) >= score(*facts)


@given(MANY, st.integers(0, 11), st.integers(1, 1_000_000))
def test_more_of_a_fact_never_lowers_the_score(facts: list[Fact], which: int, more: int) -> None:
    if not facts:
        return
    n = which % len(facts)
    raised = [*facts[:n], replace(facts[n], quantity=facts[n].quantity + more), *facts[n + 1 :]]
    assert score(*raised) >= score(*facts)


@given(MANY, st.randoms())
def test_the_order_of_facts_changes_nothing(facts: list[Fact], random: object) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis hands over a random.Random
    assert assess(SCHEME, Facts(tuple(shuffled))) == assess(SCHEME, Facts(tuple(facts)))


@given(MANY)
def test_no_item_exceeds_its_caps(facts: list[Fact]) -> None:
    for item in _bounded().items:
        alone = replace(_bounded(), items=(item,))
        value = assess(alone, Facts(tuple(facts))).score
        assert value is not None
        assert value <= 10 * item.weight


@given(MANY)
def test_a_day_never_gives_more_than_its_cap(facts: list[Fact]) -> None:
    only_posts = replace(SCHEME, items=(SCHEME.items[1],))
    one_day = tuple(replace(f, day="a") for f in facts)
    value = assess(only_posts, Facts(one_day)).score
    assert value is not None
    assert value <= 4
