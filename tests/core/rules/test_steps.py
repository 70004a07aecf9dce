"""Which steps reach a pass: the fewest, the least of each, and none where nothing would do; lines of the progress card."""

from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import yanxiu.record.assessment.catalogue
from yanxiu.core.rules.assess import CourseFact, Fact, Facts, assess
from yanxiu.core.rules.scheme import Scheme, parse
from yanxiu.core.rules.standing import most_points, standing
from yanxiu.core.rules.steps import Offer, way_to_pass
from yanxiu.core.rules.steps import Path as Way

MINUTE = 60_000
ROUND_2 = Offer("round:2", facts=(Fact("post", stage="round:2"),))
OUTCOME = Offer("outcome", facts=(Fact("outcome"),))
EXAM = Offer("exam", free=Fact("exam"), most=100)


def shipped(scheme_id: str) -> Scheme:
    folder = Path(yanxiu.record.assessment.catalogue.__file__).parent / "schemes"
    return parse((folder / f"{scheme_id}.toml").read_text(encoding="utf-8"))


POINTS, GATES = shipped("points-100@1"), shipped("seed-2017@1")
HALF = Facts(
    (Fact("compulsory_ms", quantity=1284 * MINUTE), Fact("elective_ms", quantity=96 * MINUTE),
     Fact("post", stage="round:1")),
    params={"rounds": 2},
)  # fmt: skip


def codes(way: Way) -> list[str]:
    return [step.offer.code for step in way.steps]


def test_the_prototype_s_learner_reaches_the_mark_by_outcome_and_round() -> None:
    assert assess(POINTS, HALF).score == Fraction("50.1")
    way = way_to_pass(POINTS, HALF, [OUTCOME, ROUND_2])
    assert codes(way) == ["outcome", "round:2"]
    assert [step.gains for step in way.steps] == [15, 10]
    assert way.verdict.score == Fraction("75.1")
    assert way.reaches


def test_the_fewest_steps_are_taken_and_no_more_than_needed_of_a_free_one() -> None:
    study = Offer("study", free=Fact("compulsory_ms"), most=316 * MINUTE)
    near = Facts((*HALF.facts, Fact("outcome")), params=HALF.params)  # 65.1
    way = way_to_pass(POINTS, near, [EXAM, study, ROUND_2])
    assert codes(way) == ["exam"]
    assert way.steps[0].quantity == 33  # 4.9 of 15 points: 32 would give 69.9
    assert way.verdict.score == Fraction("70.05")


def test_gates_come_in_whatever_the_score() -> None:
    study = Offer("study", free=Fact("compulsory_ms"), most=2000 * MINUTE)
    done = Facts((Fact("compulsory_ms", quantity=890 * MINUTE), Fact("post", stage="round:1"), Fact("outcome")))
    way = way_to_pass(GATES, done, [ROUND_2, Offer("thought", facts=(Fact("thought_report"),)), EXAM, study])
    assert codes(way) == ["round:2", "thought", "exam", "study"]
    assert [step.quantity for step in way.steps] == [0, 0, 60, 10 * MINUTE]
    assert way.steps[0].meets == ("discussion",)
    assert way.steps[2].meets == ("exam_submitted",)


def test_without_the_missed_round_nothing_is_promised() -> None:
    way = way_to_pass(GATES, Facts((Fact("post", stage="round:1"),)), [EXAM, OUTCOME])
    assert not way.reaches
    assert way.steps == ()
    assert "discussion:unmet" in way.verdict.codes


def test_a_learner_who_passes_needs_nothing() -> None:
    full = Facts((*HALF.facts, Fact("outcome"), Fact("post", stage="round:2")), params=HALF.params)
    assert way_to_pass(POINTS, full, [EXAM]).steps == ()
    assert way_to_pass(POINTS, full, [EXAM]).reaches


def test_courses_are_finished_by_their_own_missing_time() -> None:
    scheme = shipped("xnai-a@1")
    courses = tuple(CourseFact(str(n), 40 * MINUTE, 40 * MINUTE if n == 1 else n * MINUTE) for n in range(1, 5))
    offers = [
        Offer(f"course:{n}", free=Fact("compulsory_ms"), most=(40 - n) * MINUTE, courses={str(n): (40 - n) * MINUTE})
        for n in (4, 3, 2)
    ]
    way = way_to_pass(scheme, Facts(courses=courses), offers)
    assert codes(way) == ["course:4", "course:3"]
    assert [step.quantity for step in way.steps] == [36 * MINUTE, 37 * MINUTE]


@given(
    done=st.sets(st.sampled_from(["outcome", "thought_report", "post1", "post2"])),
    minutes=st.integers(0, 1700),
    exam=st.integers(0, 100),
    scheme=st.sampled_from([POINTS, GATES]),
)
def test_every_path_leads_to_a_pass_and_no_step_of_it_is_idle(
    done: set[str], minutes: int, exam: int, scheme: Scheme
) -> None:
    facts = [Fact("compulsory_ms", quantity=minutes * MINUTE), Fact("exam", quantity=exam)]
    facts += [
        Fact("post", stage=f"round:{name[-1]}") if name.startswith("post") else Fact(name) for name in sorted(done)
    ]
    offers = [EXAM, OUTCOME, ROUND_2, Offer("thought", facts=(Fact("thought_report"),))]
    way = way_to_pass(scheme, Facts(tuple(facts), params={"rounds": 2}), offers)
    if way.steps:
        assert way.reaches
        assert all(step.gains > 0 or step.meets for step in way.steps)
        assert way.steps[-1].quantity <= 100


def test_lines_say_how_far_of_how_much() -> None:
    lines = {line.key: line for line in standing(POINTS, assess(POINTS, HALF))}
    assert list(lines) == ["compulsory", "elective", "discussion", "outcome", "exam"]
    study, talk = lines["compulsory"], lines["discussion"]
    assert (study.have, study.need, study.points, study.most) == (
        1284 * MINUTE, 1600 * MINUTE, Fraction("32.1"), 40,
    )  # fmt: skip
    assert (talk.have, talk.need, talk.points, talk.percent) == (1, 2, 10, 50)
    assert most_points(POINTS) == 100
    gates = {line.key: line for line in standing(GATES, assess(GATES, HALF))}
    assert (gates["discussion"].have, gates["discussion"].need, gates["discussion"].ok) == (1, 2, False)
    assert gates["compulsory"].ok
    absences = standing(shipped("party-school-13@1"), assess(shipped("party-school-13@1"), Facts((Fact("absence"),))))
    assert [(line.have, line.need, line.ceiling) for line in absences if line.key == "absences"] == [(1, 1, True)]
