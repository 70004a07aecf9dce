"""Short words for facts, so that a hand-worked learner reads as a table row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from yanxiu.core.rules.assess import CourseFact, Fact, Facts, assess
from yanxiu.core.time.clock import to_ms
from yanxiu.record.assessment.catalogue import scheme

MINUTE = 60_000


def when(text: str) -> int:
    """Ms of a Shanghai time such as 2024-05-19 23:59."""
    return to_ms(datetime.fromisoformat(f"{text}+08:00"))


def studied(kind: str, minutes: int, day: str = "2017-06-11") -> Fact:
    return Fact(f"{kind}_ms", quantity=minutes * MINUTE, day=day)


def did(metric: str, times: int = 1, **kwargs: object) -> tuple[Fact, ...]:
    return (Fact(metric, **kwargs),) * times  # type: ignore[arg-type]  # a test's keyword arguments


def course(key: str, length: int, credited: int, exam: int | None = None, **kwargs: object) -> CourseFact:
    return CourseFact(key, length * MINUTE, credited * MINUTE, exam, **kwargs)  # type: ignore[arg-type]  # as above


def check(
    scheme_id: str,
    facts: Sequence[Fact],
    *,
    grade: str,
    codes: str,
    score: str | None = None,
    courses: Sequence[CourseFact] = (),
    params: Mapping[str, int] | None = None,
) -> None:
    """The verdict equals what was worked out by hand, reason codes in order."""
    verdict = assess(scheme(scheme_id), Facts(tuple(facts), tuple(courses), params or {}))
    assert verdict.codes == tuple(codes.split())
    assert (verdict.grade, verdict.score) == (grade, None if score is None else Fraction(score))
    assert all(reason.text.endswith("。") for reason in verdict.reasons)
