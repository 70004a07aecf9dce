"""西北农林 2020: three gates, all needed, closing at 24:00 of a date. Six learners by hand."""

import pytest
from record.assessment.hand import check, course, when

from yanxiu.core.rules.assess import CourseFact, Fact

LAST_MOMENT, TOO_LATE = "2020-12-17 23:59", "2020-12-18 00:00"


def report(characters: int = 1500, num: int = 1, at: str = LAST_MOMENT) -> Fact:
    """A reading report approved on its num-th duplicate check."""
    return Fact("report_approved", at_ms=when(at), num=num, characters=characters)


def exam(score: int, num: int = 1, at: str = LAST_MOMENT) -> Fact:
    return Fact("exam", at_ms=when(at), quantity=score, num=num)


ALL = (course("one", 60, 60), course("two", 40, 40), course("extra", 90, 0, required=False))
ONE_SHORT = (course("one", 60, 60), course("two", 40, 39))


@pytest.mark.parametrize(
    ("courses", "facts", "grade", "codes"),
    [
        pytest.param(ALL, (report(), exam(60)), "pass", "courses:met reading_report:met exam:met", id="all three, exactly"),
        pytest.param(
            ONE_SHORT, (report(), exam(99)), "fail", "courses:unmet reading_report:met exam:met", id="a course a minute short"
        ),
        pytest.param(
            ALL, (report(1499), exam(80)), "fail", "courses:met reading_report:unmet reading_report:too_short exam:met",
            id="1499 characters",
        ),
        pytest.param(
            ALL, (report(num=4), exam(80)), "fail", "courses:met reading_report:unmet reading_report:too_many_attempts exam:met",
            id="approved on a fourth check",
        ),
        pytest.param(
            ALL, (report(num=3), exam(59), exam(61, 2)), "pass", "courses:met reading_report:met exam:met",
            id="third check is allowed; 61 at the second sitting",
        ),
        pytest.param(
            ALL, (report(at=TOO_LATE), exam(90, at=TOO_LATE)), "fail",
            "courses:met reading_report:unmet reading_report:late exam:unmet exam:late", id="everything after midnight",
        ),
    ],
)  # fmt: skip
def test_three_gates_and_no_score(
    courses: tuple[CourseFact, ...], facts: tuple[Fact, ...], grade: str, codes: str
) -> None:
    check("nwafu-2020@1", facts, courses=courses, grade=grade, codes=codes)
