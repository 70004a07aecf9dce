"""The states of a class, and what a frozen class still takes."""

import itertools
from collections.abc import Callable
from datetime import date

import pytest
from factories.worlds import At, make_class, person, small_world

from yanxiu.kit import audit
from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.kit.models import AuditEntry
from yanxiu.training.classes import actions
from yanxiu.training.classes.lifecycle import class_moves
from yanxiu.training.classes.models import TrainingClass
from yanxiu.training.courses.actions import add_to_curriculum, create_course
from yanxiu.training.courses.models import Field, Lecturer

pytestmark = pytest.mark.django_db


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def test_only_the_moves_of_the_table_are_made(at: At) -> None:
    world = small_world(0)
    allowed = {(move.from_state, move.to_state) for move in class_moves()}
    for before, after in itertools.product(TrainingClass.State.values, repeat=2):
        TrainingClass.objects.filter(pk=world.cls.pk).update(state=before)
        if after == "frozen":
            assert code_of(lambda: actions.change_state(world.organiser, world.cls, "frozen")) == "use_freeze"
        elif (before, after) in allowed:
            assert actions.change_state(world.organiser, world.cls, after).state == after
        else:
            assert code_of(lambda a=after: actions.change_state(world.organiser, world.cls, a)) == "wrong_state"


def test_every_state_is_reached_in_order_and_each_move_is_audited(at: At) -> None:
    world = small_world(0)
    cls = make_class(world.organiser, world.city, world.institute, key="walk", name="走完全程的班", state="makeup")
    frozen = actions.freeze_class(world.organiser, cls, ledger_position=7)
    entry = AuditEntry.objects.latest("position")
    assert (frozen.frozen_ledger_position, frozen.frozen_audit_position) == (7, entry.position)
    assert (entry.action, entry.from_state, entry.to_state) == ("freeze_class", "makeup", "frozen")
    for state in ("reported", "archived"):
        cls = actions.change_state(world.organiser, cls, state)
    assert list(AuditEntry.objects.filter(object_type="class", object_id=cls.pk).values_list("to_state", flat=True)) == [
        "draft", "approved", "enrolling", "running", "makeup", "frozen", "reported", "archived",
    ]  # fmt: skip
    assert list(audit.broken_links()) == []


def test_who_may_move_a_class(at: At) -> None:
    world = small_world()
    for viewer in (world.tutor, world.auditor, world.learners[0].viewer):
        assert code_of(lambda v=viewer: actions.change_state(v, world.cls, "makeup")) == "not_allowed"
    for viewer in (world.stranger, world.other_manager, world.other_organiser, world.other_learner.viewer):
        with pytest.raises(NotVisible):
            actions.change_state(viewer, world.cls, "makeup")
    cls = actions.freeze_class(world.manager, world.cls, ledger_position=0)
    cls = actions.change_state(world.manager, cls, "reported")
    assert code_of(lambda: actions.change_state(world.manager, cls, "archived")) == "not_allowed"


def test_a_stale_object_does_not_fool_the_state(at: At) -> None:
    world = small_world(0)
    stale = TrainingClass.objects.get(pk=world.cls.pk)
    actions.freeze_class(world.manager, world.cls, ledger_position=0)
    assert stale.state == "running"
    assert code_of(lambda: actions.freeze_class(world.manager, stale, ledger_position=1)) == "wrong_state"
    assert code_of(lambda: actions.allot_quota(world.manager, stale, org=world.schools[0], seats=1)) == "class_frozen"


def test_a_frozen_class_refuses_facts_but_not_withdrawal(at: At) -> None:
    world = small_world()
    newcomer = person("后来者", 50, world.schools[0])
    course = create_course(
        world.organiser, field=Field.objects.earliest("pk"), lecturer=Lecturer.objects.earliest("pk"), title="新课"
    )
    nominated = actions.enrol_learner(world.manager, world.cls, person=newcomer, nominating_org=world.schools[0])
    actions.freeze_class(world.manager, world.cls, ledger_position=0)
    other = person("更后来者", 51)
    for do in (
        lambda: actions.enrol_learner(world.manager, world.cls, person=other, nominating_org=world.schools[0]),
        lambda: actions.register_learner(world.manager, nominated),
        lambda: actions.allot_quota(world.manager, world.cls, org=world.schools[0], seats=9),
        lambda: add_to_curriculum(world.manager, world.cls, course=course, kind="elective", num=9),
    ):
        assert code_of(do) == "class_frozen"
    gone = actions.withdraw_learner(world.manager, world.learners[0].enrolment, reason="重复登记")
    assert (gone.state, gone.withdrawal_reason) == ("withdrawn", "重复登记")


def test_a_class_needs_sensible_dates_zone_and_a_key_of_its_own(at: At) -> None:
    world = small_world(0)
    good = {
        "key": "new", "program": world.cls.program, "region": world.city, "name": "新班", "short_name": "新班",
        "starts_on": date(2017, 6, 10), "ends_on": date(2017, 6, 10),
    }  # fmt: skip
    for change, code in (
        ({"ends_on": date(2017, 6, 9)}, "bad_dates"),
        ({"zone": "Mars/Olympus"}, "bad_zone"),
        ({"zone": "../etc"}, "bad_zone"),
        ({"key": "small-2017"}, "key_taken"),
        ({"name": "班" * 121}, "too_long"),
        ({"name": "\u202e"}, "empty"),
        ({"region": world.other_county}, "not_allowed"),
    ):
        assert code_of(lambda c=change: actions.create_class(world.organiser, **(good | c))) == code
    assert actions.create_class(world.organiser, **good).state == "draft"
    assert code_of(lambda: actions.create_class(world.manager, **(good | {"key": "again"}))) == "not_allowed"


def test_a_class_manager_names_tutors_but_no_managers(at: At) -> None:
    world = small_world()
    somebody = person("新辅导", 60)
    role = actions.assign_role(world.manager, world.cls, person=somebody, role="tutor")
    entries = AuditEntry.objects.count()
    assert actions.assign_role(world.manager, world.cls, person=somebody, role="tutor").pk == role.pk
    assert AuditEntry.objects.count() == entries
    assert (
        code_of(lambda: actions.assign_role(world.manager, world.cls, person=somebody, role="class_manager"))
        == "not_allowed"
    )
    assert code_of(lambda: actions.assign_role(world.organiser, world.cls, person=somebody, role="king")) == "bad_role"
    actions.remove_role(world.manager, role)
    assert not world.cls.roles.filter(person=somebody).exists()


def test_enrolment_states(at: At) -> None:
    world = small_world(1)
    somebody = person("新学员", 61, world.schools[0])
    enrolment = actions.enrol_learner(world.manager, world.cls, person=somebody, nominating_org=world.schools[0])
    assert (
        code_of(
            lambda: actions.enrol_learner(world.manager, world.cls, person=somebody, nominating_org=world.schools[0])
        )
        == "already_enrolled"
    )
    assert code_of(lambda: actions.register_learner(world.learners[0].viewer, enrolment)) == "not_allowed"
    with pytest.raises(NotVisible):
        actions.register_learner(world.stranger, enrolment)
    first = actions.register_learner(world.manager, enrolment)
    at("2017-06-11T08:00:00+08:00")
    assert actions.register_learner(world.manager, enrolment).registered_at == first.registered_at
    assert code_of(lambda: actions.withdraw_learner(world.manager, enrolment, reason=" ")) == "empty"
    actions.withdraw_learner(world.manager, enrolment, reason="调离")
    assert code_of(lambda: actions.withdraw_learner(world.manager, enrolment, reason="调离")) == "withdrawn"
    assert code_of(lambda: actions.register_learner(world.manager, enrolment)) == "withdrawn"


def test_a_withdrawn_learner_is_readmitted_with_a_reason_and_registers_anew(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    assert code_of(lambda: actions.readmit_learner(world.manager, learner.enrolment, reason="误操作")) == "wrong_state"
    actions.withdraw_learner(world.manager, learner.enrolment, reason="调离")
    with pytest.raises(NotVisible):
        actions.readmit_learner(learner.viewer, learner.enrolment, reason="我要回来")
    back = actions.readmit_learner(world.manager, learner.enrolment, reason="误操作")
    assert (back.state, back.registered_at, back.withdrawn_at) == ("nominated", None, None)
    assert actions.register_learner(learner.viewer, back).state == "registered"


def test_a_draft_class_takes_no_nominations(at: At) -> None:
    world = small_world(0)
    cls = make_class(world.organiser, world.city, world.institute, key="draft", name="草稿班", state="draft")
    somebody = person("早到者", 62)
    assert (
        code_of(lambda: actions.enrol_learner(world.organiser, cls, person=somebody, nominating_org=world.schools[0]))
        == "not_enrolling"
    )
