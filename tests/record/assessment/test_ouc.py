"""中国海洋大学 2024: reflection 30 % (600 characters), exam 70 %, pass from 70, hard dates. Six learners by hand."""

import pytest
from record.assessment.hand import check, when

from yanxiu.core.rules.assess import Fact


def reflection(mark: int, characters: int = 600, at: str = "2024-05-19 23:59") -> Fact:
    return Fact("reflection", at_ms=when(at), quantity=mark, characters=characters)


def exam(score: int, num: int = 1, at: str = "2024-05-26 23:59") -> Fact:
    return Fact("exam", at_ms=when(at), quantity=score, num=num)


BOTH = "reflection:points exam:points score:"


@pytest.mark.parametrize(
    ("facts", "score", "grade", "codes"),
    [
        # 80 × 0.3 = 24; 70 × 0.7 = 49; 73
        pytest.param((reflection(80), exam(70)), "73", "pass", BOTH + "reached", id="73 on the last evening of both"),
        # 70 × 0.3 = 21; 70 × 0.7 = 49; 70, exactly the mark
        pytest.param((reflection(70), exam(70)), "70", "pass", BOTH + "reached", id="70 exactly"),
        # 69 × 0.3 = 20.7; 49; 69.7
        pytest.param((reflection(69), exam(70)), "69.7", "fail", BOTH + "below", id="69.7 is not rounded up"),
        # 599 characters: the reflection is nothing; 95 × 0.7 = 66.5
        pytest.param(
            (reflection(90, 599), exam(95)), "66.5", "fail", "reflection:points reflection:too_short exam:points score:below",
            id="a character short",
        ),
        # handed in at 00:00 of the 20th: nothing; 100 × 0.7 = 70
        pytest.param(
            (reflection(100, 800, "2024-05-20 00:00"), exam(100)), "70", "pass",
            "reflection:points reflection:late exam:points score:reached", id="reflection late, exam saves",
        ),
        # only one sitting: the second does not count; 60 × 0.3 = 18; 50 × 0.7 = 35; 53
        pytest.param(
            (reflection(60), exam(50), exam(100, 2)), "53", "fail",
            "reflection:points exam:points exam:too_many_attempts score:below", id="no resit",
        ),
    ],
)  # fmt: skip
def test_reflection_and_exam_are_weighed_with_hard_dates(
    facts: tuple[Fact, ...], score: str, grade: str, codes: str
) -> None:
    check("ouc-2024@1", facts, grade=grade, score=score, codes=codes)
