"""业余党校 13期: attendance 20, homework 20, mid-term 30, final 30; two reports; two absences = out. Six by hand."""

import pytest
from record.assessment.hand import check, did

from yanxiu.core.rules.assess import Fact, Facts, Verdict, assess
from yanxiu.core.rules.excellent import award, places
from yanxiu.record.assessment.catalogue import scheme

REPORTS = did("thought_report", 2, characters=1500)


def marks(attended: int, homework: int, midterm: int, final: int) -> tuple[Fact, ...]:
    return (
        *did("attendance", attended), *did("absence", 10 - attended), *did("homework", quantity=homework),
        *did("midterm", quantity=midterm), *did("exam", quantity=final),
    )  # fmt: skip


ITEMS = " attendance:points homework:points midterm:points final:points "
MET = "absences:met thought_report:met" + ITEMS


@pytest.mark.parametrize(
    ("facts", "score", "grade", "codes"),
    [
        # 10/10 × 20 = 20; 90 × 0.2 = 18; 80 × 0.3 = 24; 90 × 0.3 = 27; 89
        pytest.param(marks(10, 90, 80, 90) + REPORTS, "89", "pass", MET + "score:reached", id="89"),
        # 9/10 × 20 = 18; 60 × 0.2 = 12; 50 × 0.3 = 15; 50 × 0.3 = 15; 60, exactly the mark with one absence
        pytest.param(marks(9, 60, 50, 50) + REPORTS, "60", "pass", MET + "score:reached", id="60 with one absence"),
        # 8/10 × 20 = 16; 60 × 0.2 = 12; 49 × 0.3 = 14.7; 50 × 0.3 = 15; 57.7, and two absences are out anyway
        pytest.param(
            marks(8, 60, 49, 50) + REPORTS, "57.7", "fail",
            "absences:exceeded thought_report:met" + ITEMS + "score:below", id="two absences",
        ),
        # 16 + 20 + 30 + 30 = 96, but two absences
        pytest.param(
            marks(8, 100, 100, 100) + REPORTS, "96", "fail",
            "absences:exceeded thought_report:met" + ITEMS + "score:reached", id="96 and out",
        ),
        # one report of 1499 and one of 2501 characters beside one good one: 1 of 2
        pytest.param(
            marks(10, 80, 80, 80) + did("thought_report", characters=1499) + did("thought_report", characters=2501)
            + did("thought_report", characters=2500), "84", "fail",  # 20 + 16 + 24 + 24
            "absences:met thought_report:unmet thought_report:too_long thought_report:too_short" + ITEMS + "score:reached",
            id="reports too short and too long",
        ),
        # 20 + 40 × 0.2 = 8 + 60 × 0.3 = 18 + 40 × 0.3 = 12: 58
        pytest.param(marks(10, 40, 60, 40) + REPORTS, "58", "fail", MET + "score:below", id="58"),
    ],
)  # fmt: skip
def test_attendance_homework_and_two_exams(facts: tuple[Fact, ...], score: str, grade: str, codes: str) -> None:
    check("party-school-13@1", facts, grade=grade, score=score, codes=codes)


def test_the_learner_is_told_what_is_missing() -> None:
    verdict = assess(scheme("party-school-13@1"), Facts(marks(10, 40, 60, 40) + REPORTS[:1]))
    assert [r.text for r in verdict.reasons if not r.ok] == [
        "思想汇报：1 篇，要求 2 篇，还差 1 篇。", "总分 58 分，合格线 60 分。",
    ]  # fmt: skip


def _roster(scores: dict[int, int]) -> dict[int, Verdict]:
    """Learners by number; a score of 20 + 20 + 60 × x / 100 makes them easy to set: homework full, exams equal."""
    found = {}
    for learner, mark in scores.items():
        found[learner] = assess(scheme("party-school-13@1"), Facts(marks(10, 100, mark, mark) + REPORTS))
    return found


def test_excellent_is_five_per_cent_of_the_roster_and_never_more_than_fifty() -> None:
    rule = scheme("party-school-13@1")
    assert [places(rule, n) for n in (0, 19, 20, 59, 60, 1000, 2000)] == [0, 0, 1, 2, 3, 50, 50]


def test_excellent_goes_to_the_best_above_the_floor_within_the_quota() -> None:
    # 40 learners: 2 places. Scores 40 + 0.6 × mark: #1 100, #2 94, #3 88, the rest 70; the floor is 85.
    roster = _roster({1: 100, 2: 90, 3: 80} | dict.fromkeys(range(4, 41), 50))
    final = award(scheme("party-school-13@1"), roster)
    assert [final[n].grade for n in (1, 2, 3, 4)] == ["excellent", "excellent", "pass", "pass"]
    assert [final[n].codes[-1] for n in (1, 2, 3, 4)] == [
        "excellent:awarded", "excellent:awarded", "excellent:quota_full", "excellent:below_floor",
    ]  # fmt: skip


def test_equals_at_the_edge_of_the_quota_are_left_to_the_class_manager() -> None:
    # 40 learners: 2 places. #1 100, then #2 and #3 both 94 for one place.
    roster = _roster({1: 100, 2: 90, 3: 90} | dict.fromkeys(range(4, 41), 50))
    final = award(scheme("party-school-13@1"), roster)
    assert [final[n].codes[-1] for n in (1, 2, 3)] == ["excellent:awarded", "excellent:tie", "excellent:tie"]
    assert [n for n, verdict in final.items() if verdict.grade == "excellent"] == [1]


def test_who_failed_is_never_excellent() -> None:
    failed = assess(scheme("party-school-13@1"), Facts(marks(8, 100, 100, 100) + REPORTS))  # 96 and two absences
    roster = _roster(dict.fromkeys(range(2, 41), 50)) | {1: failed}
    assert award(scheme("party-school-13@1"), roster)[1] == failed
