"""Outcomes: versions, states, comments."""

from collections.abc import Callable

import pytest
from factories.worlds import At, Learner, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SIGNED_OUT
from yanxiu.training.classes.actions import change_state, enrol_learner, freeze_class
from yanxiu.training.outcomes import actions, queries
from yanxiu.training.outcomes.models import Outcome

pytestmark = pytest.mark.django_db


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def submitted(learner: Learner) -> Outcome:
    draft = actions.save_outcome_draft(learner.viewer, learner.enrolment, title="论学校管理", body="一稿")
    return actions.submit_outcome(learner.viewer, draft)


def test_an_outcome_goes_through_its_states_and_keeps_every_version(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    at("2017-06-20T08:00:00+08:00")
    outcome = submitted(learner)
    first = outcome.submitted_at
    actions.return_outcome(world.tutor, outcome, reason="请补充实例")
    at("2017-06-21T08:00:00+08:00")
    actions.resubmit_outcome(learner.viewer, outcome, body="二稿，有实例")
    actions.return_outcome(world.manager, outcome)
    actions.resubmit_outcome(learner.viewer, outcome, body="二稿，有实例")
    accepted = actions.accept_outcome(world.tutor, outcome, score=88)
    assert (accepted.state, accepted.score, accepted.submitted_at) == ("accepted", 88, first)
    assert [(v.num, v.body, v.characters) for v in queries.versions_of(learner.viewer, outcome)] == [
        (1, "一稿", 2),
        (2, "二稿，有实例", 5),
    ]
    history = AuditEntry.objects.filter(object_type="outcome", object_id=outcome.pk).order_by("position")
    assert list(history.values_list("to_state", flat=True)) == [
        "draft", "submitted", "returned", "resubmitted", "returned", "resubmitted", "accepted",
    ]  # fmt: skip


def test_moves_out_of_order_are_refused(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    draft = actions.save_outcome_draft(learner.viewer, learner.enrolment, title="题", body="文")
    for do in (
        lambda: actions.return_outcome(world.tutor, draft),
        lambda: actions.accept_outcome(world.tutor, draft, score=60),
        lambda: actions.resubmit_outcome(learner.viewer, draft, body="新"),
        lambda: actions.withdraw_outcome(learner.viewer, draft),
        lambda: actions.comment_outcome(learner.viewer, draft, body="自评"),
    ):
        assert code_of(do) == "wrong_state"
    actions.submit_outcome(learner.viewer, draft)
    assert code_of(lambda: actions.submit_outcome(learner.viewer, draft)) == "wrong_state"
    assert (
        code_of(
            lambda: actions.save_outcome_draft(learner.viewer, learner.enrolment, title="题", body="改", draft=draft)
        )
        == "wrong_state"
    )
    actions.withdraw_outcome(learner.viewer, draft, reason="重写")
    assert code_of(lambda: actions.withdraw_outcome(world.manager, draft)) == "wrong_state"
    assert code_of(lambda: actions.accept_outcome(world.tutor, draft, score=60)) == "wrong_state"


def test_each_move_has_its_people(at: At) -> None:
    world = small_world(2)
    mine, fellow = world.learners
    outcome = submitted(mine)
    assert code_of(lambda: actions.accept_outcome(mine.viewer, outcome, score=100)) == "not_allowed"
    assert code_of(lambda: actions.return_outcome(fellow.viewer, outcome)) == "not_allowed"
    assert code_of(lambda: actions.withdraw_outcome(fellow.viewer, outcome)) == "not_allowed"
    assert code_of(lambda: actions.accept_outcome(world.auditor, outcome, score=1)) == "not_allowed"
    for viewer in (world.stranger, world.other_manager, world.other_learner.viewer, SIGNED_OUT):
        for do in (
            lambda v=viewer: actions.accept_outcome(v, outcome, score=1),
            lambda v=viewer: actions.comment_outcome(v, outcome, body="路过"),
            lambda v=viewer: queries.outcome_for(v, str(outcome.uuid)),
            lambda v=viewer: queries.outcomes_of(v, world.cls),
            lambda v=viewer: actions.save_outcome_draft(v, mine.enrolment, title="题", body="文"),
        ):
            with pytest.raises(NotVisible):
                do()


def test_somebody_not_registered_hands_in_nothing(at: At) -> None:
    world = small_world(1)
    other = world.other_learner
    enrolment = enrol_learner(world.manager, world.cls, person=other.person, nominating_org=world.other_school)
    assert (
        code_of(lambda: actions.save_outcome_draft(other.viewer, enrolment, title="题", body="文")) == "not_registered"
    )
    assert (
        code_of(lambda: actions.submit_thought_report(other.viewer, enrolment, title="题", body="文"))
        == "not_registered"
    )
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(("score", "ok"), [(-1, False), (101, False), (0, True), (100, True)])
def test_scores_are_points_of_a_hundred(at: At, score: int, ok: bool) -> None:
    world = small_world(1)
    outcome = submitted(world.learners[0])
    if ok:
        assert actions.accept_outcome(world.tutor, outcome, score=score).score == score
    else:
        assert code_of(lambda: actions.accept_outcome(world.tutor, outcome, score=score)) == "bad_score"


def test_submission_closes_with_the_last_day_unless_there_is_make_up_study(at: At) -> None:
    world = small_world(2)
    drafts = [actions.save_outcome_draft(one.viewer, one.enrolment, title="题", body="文") for one in world.learners]
    at("2017-07-21T23:59:59.999+08:00")
    assert actions.submit_outcome(world.learners[0].viewer, drafts[0]).state == "submitted"
    at("2017-07-22T00:00:00+08:00")
    assert code_of(lambda: actions.submit_outcome(world.learners[1].viewer, drafts[1])) == "class_window_closed"
    change_state(world.manager, world.cls, "makeup")
    assert actions.submit_outcome(world.learners[1].viewer, drafts[1]).state == "submitted"


def test_comments_are_peer_or_expert_by_role(at: At) -> None:
    world = small_world(2)
    mine, fellow = world.learners
    outcome = submitted(mine)
    kinds = [
        actions.comment_outcome(viewer, outcome, body="评论").kind
        for viewer in (mine.viewer, fellow.viewer, world.tutor, world.manager)
    ]
    assert kinds == ["peer", "peer", "expert", "expert"]
    assert code_of(lambda: actions.comment_outcome(world.auditor, outcome, body="评论")) == "not_allowed"
    rows = queries.comments_of(fellow.viewer, outcome).rows
    assert [row.author_id == mine.person.pk for row in rows] == [True, False, False, False]


def test_a_comment_is_removed_by_its_author_or_the_staff_even_after_the_freeze(at: At) -> None:
    world = small_world(3)
    mine, fellow, third = world.learners
    outcome = submitted(mine)
    comments = [actions.comment_outcome(fellow.viewer, outcome, body="评论") for _ in range(2)]
    assert code_of(lambda: actions.remove_comment(third.viewer, comments[0])) == "not_allowed"
    assert actions.remove_comment(fellow.viewer, comments[0]).state == "removed"
    freeze_class(world.manager, world.cls, ledger_position=0)
    assert actions.remove_comment(world.tutor, comments[1], reason="不当言论").state == "removed"
    assert code_of(lambda: actions.remove_comment(world.tutor, comments[1])) == "wrong_state"
    assert queries.comments_of(mine.viewer, outcome).rows == ()


def test_drafts_and_withdrawn_outcomes_are_not_shown_to_the_class(at: At) -> None:
    world = small_world(2)
    mine, fellow = world.learners
    draft = actions.save_outcome_draft(mine.viewer, mine.enrolment, title="草稿", body="文")
    outcome = submitted(mine)
    titles = {
        name: [row.title for row in queries.outcomes_of(viewer, world.cls).rows]
        for name, viewer in (("mine", mine.viewer), ("fellow", fellow.viewer), ("tutor", world.tutor))
    }
    assert titles == {"mine": ["草稿", "论学校管理"], "fellow": ["论学校管理"], "tutor": ["论学校管理"]}
    actions.withdraw_outcome(mine.viewer, outcome)
    assert queries.outcomes_of(fellow.viewer, world.cls).rows == ()
    assert [row.state for row in queries.own_outcomes(mine.viewer, world.cls)] == ["draft", "withdrawn"]
    with pytest.raises(NotVisible):
        queries.versions_of(fellow.viewer, draft)


def test_a_fellow_learner_reads_the_last_version_only(at: At) -> None:
    world = small_world(2)
    mine, fellow = world.learners
    outcome = submitted(mine)
    actions.return_outcome(world.tutor, outcome)
    with pytest.raises(NotVisible):
        queries.versions_of(fellow.viewer, outcome)
    actions.resubmit_outcome(mine.viewer, outcome, body="二稿")
    assert [v.num for v in queries.versions_of(fellow.viewer, outcome)] == [2]
    assert [v.num for v in queries.versions_of(world.tutor, outcome)] == [1, 2]


@pytest.mark.parametrize(
    ("title", "body", "field", "code"),
    [
        ("", "文", "title", "empty"),
        ("题", "", "body", "empty"),
        ("题" * 121, "文", "title", "too_long"),
        ("题", "文" * 200_000, "body", "too_long"),
        ("\u202e\u200b", "文", "title", "empty"),
    ],
)
def test_empty_and_huge_texts_are_refused_by_field(at: At, title: str, body: str, field: str, code: str) -> None:
    world = small_world(1)
    learner = world.learners[0]
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        actions.save_outcome_draft(learner.viewer, learner.enrolment, title=title, body=body)
    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert AuditEntry.objects.count() == before
    assert not Outcome.objects.exists()


def test_a_frozen_class_takes_no_outcomes_but_lets_one_be_withdrawn(at: At) -> None:
    world = small_world(2)
    mine, fellow = world.learners
    outcome = submitted(mine)
    draft = actions.save_outcome_draft(fellow.viewer, fellow.enrolment, title="题", body="文")
    freeze_class(world.manager, world.cls, ledger_position=0)
    for do in (
        lambda: actions.submit_outcome(fellow.viewer, draft),
        lambda: actions.save_outcome_draft(fellow.viewer, fellow.enrolment, title="题", body="文"),
        lambda: actions.accept_outcome(world.tutor, outcome, score=90),
        lambda: actions.return_outcome(world.tutor, outcome),
        lambda: actions.comment_outcome(fellow.viewer, outcome, body="评论"),
        lambda: actions.submit_thought_report(mine.viewer, mine.enrolment, title="题", body="文"),
    ):
        assert code_of(do) == "class_frozen"
    assert actions.withdraw_outcome(mine.viewer, outcome).state == "withdrawn"
