"""XNAI, mode A (courses passed) and mode B (hours): six learners each, worked out by hand."""

import pytest
from record.assessment.hand import check, course, studied

# Three courses must be passed; A and C by time, B by its exam, D by time and exam (60 passes).
A_FULL, A_SHORT = course("A", 90, 90), course("A", 90, 89)  # 89 of 90 minutes is not the course
B_GOOD, B_BAD = course("B", 60, 0, 60, pass_by="exam"), course("B", 60, 60, 59, pass_by="exam")  # time does not help
C_FULL, C_NONE = course("C", 45, 45), course("C", 45, 0)
D_BOTH = course("D", 30, 30, 75, pass_by="time_and_exam")
D_TIME = course("D", 30, 30, pass_by="time_and_exam")  # watched, exam not sat


@pytest.mark.parametrize(
    ("courses", "grade", "codes"),
    [
        pytest.param((A_FULL, B_GOOD, C_FULL, D_BOTH), "pass", "courses:met", id="4 of 3 asked"),
        pytest.param(
            (A_FULL, B_GOOD, C_FULL, D_TIME), "pass", "courses:met", id="A B C, D without its exam: exactly 3"
        ),
        pytest.param((A_SHORT, B_GOOD, C_FULL, D_TIME), "fail", "courses:unmet", id="A a minute short: 2"),
        pytest.param((A_FULL, B_BAD, C_FULL, D_TIME), "fail", "courses:unmet", id="B 59 points: 2"),
        pytest.param((A_FULL, B_GOOD, C_NONE, D_BOTH), "pass", "courses:met", id="without C: A B D are 3"),
        pytest.param((), "fail", "courses:unmet", id="nothing"),
    ],
)
def test_mode_a_counts_courses_each_passed_its_own_way(courses: tuple, grade: str, codes: str) -> None:
    check("xnai-a@1", (), courses=courses, grade=grade, codes=codes)


@pytest.mark.parametrize(
    ("compulsory", "elective", "grade", "codes"),
    [
        # X = 900 in all, Y = 600 compulsory
        pytest.param(600, 300, "pass", "total:met compulsory:met", id="600 + 300 = 900, both exactly"),
        pytest.param(599, 400, "fail", "total:met compulsory:unmet", id="999 in all, compulsory a minute short"),
        pytest.param(700, 199, "fail", "total:unmet compulsory:met", id="899 in all"),
        pytest.param(900, 0, "pass", "total:met compulsory:met", id="no elective needed"),
        pytest.param(0, 2000, "fail", "total:met compulsory:unmet", id="electives alone"),
        pytest.param(100, 100, "fail", "total:unmet compulsory:unmet", id="200 in all"),
    ],
)
def test_mode_b_asks_for_hours_in_all_and_required_hours(
    compulsory: int, elective: int, grade: str, codes: str
) -> None:
    days = (
        studied("compulsory", compulsory // 2, "2015-03-01"),
        studied("compulsory", compulsory - compulsory // 2, "2015-03-02"),
        studied("elective", elective, "2015-03-02"),
        studied("self_study", 5000, "2015-03-03"),  # never counts
    )
    check("xnai-b@1", days, grade=grade, codes=codes)
