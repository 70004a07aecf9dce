"""Verdicts of a whole class out of the wings' own facts."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.worlds import World, small_world
from record.figures.trapped import trapped_class

from yanxiu.kit.errors import Refused
from yanxiu.record.assessment import rules
from yanxiu.record.assessment.catalogue import scheme, scheme_ids
from yanxiu.record.assessment.queries import class_facts, verdict_of, verdicts
from yanxiu.study.models import CreditCell
from yanxiu.training.discussion import actions as discussion
from yanxiu.training.outcomes import actions as outcomes

pytestmark = pytest.mark.django_db
At = Callable[[str], None]


@pytest.fixture
def world(at: At) -> World:
    made = trapped_class(at)
    made.cls.scheme_id = "seed-2017@1"
    return made


def test_facts_of_a_learner_are_what_they_did(world: World) -> None:
    one, *_others = world.learners
    facts = class_facts(world.cls)[one.enrolment.pk]
    counted: dict[str, list[tuple[int, str, str]]] = {}
    for fact in sorted(facts.facts):
        counted.setdefault(fact.metric, []).append((fact.quantity, fact.stage, fact.day))
    assert counted == {
        "compulsory_ms": [(1_830_000, "", "2017-06-12"), (600_500, "", "2017-06-13")],
        "elective_ms": [(119_999, "", "2017-06-12")],
        "self_study_ms": [(2_700_000, "", "2017-06-12")],
        "exam": [(33, "", "2017-06-21"), (33, "", "2017-06-21"), (67, "", "2017-06-21")],
        "outcome": [(1, "", "2017-06-20")] * 2,
        "post": [(1, "round:1", "2017-06-22")] * 2 + [(1, "round:2", "2017-07-05")],
        "reply": [(1, "round:2", "2017-07-05")],
    }
    # 党章学习 80 minutes, compulsory; 学校管理 80, elective; 自修课 is nobody's duty
    assert [(c.length_ms, c.credited_ms, c.required) for c in facts.courses] == [
        (4_800_000, 2_430_500, True), (4_800_000, 119_999, False),
    ]  # fmt: skip
    assert facts.params == {"rounds": 2}


def test_the_class_gets_verdicts_with_reasons(world: World) -> None:
    found = {row.name: row.verdict for row in verdicts(world.cls)}
    assert list(found) == ["学员1", "学员2", "学员3", "学员4"]  # not the withdrawn, not the nominated
    assert (found["学员1"].grade, found["学员1"].score) == ("fail", Fraction(67))
    assert found["学员1"].codes == (
        "compulsory:unmet", "discussion:met", "outcome:met", "thought_report:unmet", "exam_submitted:met", "exam:points",
        "score:reached",
    )  # fmt: skip
    # 40.5 minutes of 900: 859.5 missing, of which the started minute still has to be studied
    assert found["学员1"].reasons[0].text == "必修课学习时长：40 分钟，要求 900 分钟，还差 860 分钟。"
    assert found["学员2"].codes[1:4] == ("discussion:unmet", "outcome:met", "thought_report:unmet")
    assert found["学员4"].codes[2] == "outcome:unmet"  # withdrawn


def test_a_learner_who_did_everything_but_the_exam_is_told_only_that(at: At) -> None:
    world = small_world(learners=1)
    world.cls.scheme_id = "seed-2017@1"
    one = world.learners[0]
    CreditCell.objects.create(
        class_id=world.cls.pk, enrolment_id=one.enrolment.pk, person_id=one.person.pk, lesson_id=world.lessons[0].pk,
        lesson_version=1, day=date(2017, 6, 12), credited_ms=900 * 60_000, algorithm="credit_v1",
    )  # fmt: skip
    discussion.open_round(
        world.manager, world.cls, num=1, theme="微党课", opens_on=date(2017, 6, 10), closes_on=date(2017, 6, 11)
    )
    discussion.publish_post(one.viewer, world.cls.rounds.get(), body="从身边的事讲起。")
    outcomes.submit_outcome(
        one.viewer, outcomes.save_outcome_draft(one.viewer, one.enrolment, title="方案", body="党建方案。")
    )
    outcomes.submit_thought_report(one.viewer, one.enrolment, title="汇报", body="思想汇报。")
    verdict = verdict_of(world.cls, one.enrolment.pk)
    assert verdict is not None
    assert (verdict.grade, verdict.codes[-1]) == ("fail", "score:below")  # everything but the exam
    assert [r.code for r in verdict.reasons if not r.ok] == ["exam_submitted:unmet", "exam:points", "score:below"]


def test_one_learner_alone_gets_the_verdict_of_the_whole_class(world: World) -> None:
    for row in verdicts(world.cls):
        alone = verdict_of(world.cls, row.enrolment_id)
        assert alone is not None
        assert alone.codes == tuple(code for code in row.verdict.codes if not code.startswith("excellent:"))
    assert verdict_of(world.cls, world.learners[4].enrolment.pk) is None  # withdrawn


@pytest.mark.parametrize("learners", [1, 3])
def test_verdicts_take_the_same_statements_at_any_size(at: At, learners: int) -> None:
    world = small_world(learners=learners)
    world.cls.scheme_id = "seed-2017@1"
    with CaptureQueriesContext(connection) as asked:
        assert len(verdicts(world.cls)) == learners
    assert len(asked) <= 11


def test_an_exam_may_open_only_after_the_hours(world: World) -> None:
    one, two, *_others = world.learners
    rules.require_exam_ready(world.cls, one.enrolment.pk)  # the preset of 2017 asks for nothing
    world.cls.scheme_id = "public-course@1"
    with pytest.raises(Refused, match="还差 10 分钟"):  # 40.5 of 50 minutes
        rules.require_exam_ready(world.cls, one.enrolment.pk)
    CreditCell.objects.filter(enrolment_id=one.enrolment.pk).update(credited_ms=50 * 60_000)
    rules.require_exam_ready(world.cls, one.enrolment.pk)
    with pytest.raises(Refused, match="还差 49 分钟"):
        rules.require_exam_ready(world.cls, two.enrolment.pk)


def test_every_scheme_shipped_can_be_read_and_an_unknown_one_is_refused() -> None:
    assert [scheme(each).id for each in scheme_ids()] == scheme_ids()
    with pytest.raises(Refused, match="考核方案"):
        scheme("nowhere@1")
