"""The plan of the play: the same every time, exact in its totals, and full of what real study is full of."""

import itertools
from collections import Counter

import pytest

from yanxiu.config.demo.agenda import SCORE_SUM, Act, agenda
from yanxiu.config.demo.cast import cast, lessons
from yanxiu.config.demo.study.oracle import Claim, credited_seconds
from yanxiu.config.demo.study.planner import Goal, Plan, make_plan
from yanxiu.config.demo.study.sitting import POST_EVERY_SECONDS, posts

GOAL = Goal(12, 12 * 1500 * 60 + 7, 12 * 80 * 60 + 3)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(lessons(), GOAL)


def test_the_plan_is_the_same_every_time(plan: Plan) -> None:
    assert make_plan(lessons(), GOAL) == plan


def test_the_oracle_gives_exactly_the_wanted_totals(plan: Plan) -> None:
    totals: Counter[str] = Counter()
    for by_lesson in plan.credit.values():
        for lesson, seconds in by_lesson.items():
            totals[lessons()[lesson].kind] += seconds
    assert (totals["compulsory"], totals["elective"]) == (GOAL.compulsory, GOAL.elective)
    assert totals["self_study"] > 0


def test_nobody_earns_more_in_a_lesson_than_it_is_long(plan: Plan) -> None:
    longest = {row.index: row.seconds for row in lessons()}
    assert [c for c in plan.credit.values() for lesson, seconds in c.items() if seconds > longest[lesson]] == []


def test_the_plan_carries_what_real_study_carries(plan: Plan) -> None:
    sent = [(session, posts(session)) for session in plan.sessions]
    spans = sorted((s.learner, s.opened, s.end()) for s in plan.sessions)
    assert any(a[0] == b[0] and b[1] < a[2] for a, b in itertools.pairwise(spans)), "two at a time"
    assert any(session.crashed for session in plan.sessions), "a crash"
    assert any(session.late for session in plan.sessions), "an upload hours late"
    assert any(len(session.stretches) > 1 for session in plan.sessions), "pauses and replays"
    assert any(len({b.seq for p in all_ for b in p.beats}) < sum(len(p.beats) for p in all_) for _, all_ in sent)


def test_no_beat_leaves_before_it_has_happened_and_none_of_an_online_stretch_waits_long(plan: Plan) -> None:
    for session in plan.sessions:
        for post in posts(session):
            ends = [session.opened + beat.t1 for beat in post.beats]
            assert max(ends) <= post.at
            if session.late is None and not session.resend:
                assert post.at - min(ends) <= POST_EVERY_SECONDS


def test_the_oracle_counts_an_instant_once_and_a_replay_never() -> None:
    one = Claim(0, "a", 0, 1, 100, 30, 0)
    assert credited_seconds([one, one], {1: 3600}) == {1: 30}
    assert credited_seconds([one, Claim(0, "a", 1, 1, 200, 30, 0)], {1: 3600}) == {1: 30}


def test_the_oracle_gives_a_contested_instant_to_the_newer_session() -> None:
    older, newer = Claim(0, "a", 0, 1, 100, 30, 0), Claim(5, "b", 0, 2, 110, 30, 0)
    assert credited_seconds([older, newer], {1: 3600, 2: 3600}) == {1: 10, 2: 30}


def _count(acts: list[Act], verb: str) -> int:
    return sum(act.verb == verb for act in acts)


def test_the_agenda_is_the_same_every_time_and_in_order() -> None:
    acts = agenda()
    assert acts == agenda()
    assert acts == sorted(acts, key=lambda act: act.at)


def test_the_agenda_has_the_numbers_of_2017() -> None:
    acts = agenda()
    best: dict[int, int] = {}
    for act in acts:
        if act.verb == "sit_exam" and act.data["hand_in"]:
            best[act.who] = max(best.get(act.who, 0), act.data["score"])
    posting = {(act.who, act.data["round"]) for act in acts if act.verb == "post" and not act.key.endswith("-off")}
    assert (len(best), sum(best.values())) == (90, SCORE_SUM)
    assert len(posting) == 81
    assert _count(acts, "outcome_submit") - _count(acts, "outcome_withdraw") == 95
    assert sum(act.verb == "announce" and act.data["then"] == "publish" for act in acts) == 7


def test_everybody_in_the_cast_has_a_name_and_a_number_of_their_own() -> None:
    people = [*cast().learners, *cast().second_class, *cast().staff]
    assert len(cast().learners) == 100
    assert len({person.name for person in people}) == len({person.phone for person in people}) == len(people)
