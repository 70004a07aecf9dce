"""What a viewer may see of classes: everything starts from here."""

import pytest
from factories.worlds import At, make_class, small_world

from yanxiu.kit.errors import NotVisible, Refused
from yanxiu.people import actions as people
from yanxiu.people.queries import SIGNED_OUT, SYSTEM, viewer_of_person
from yanxiu.training.classes import queries, rules
from yanxiu.training.classes.actions import withdraw_learner

pytestmark = pytest.mark.django_db


def test_every_persona_sees_its_classes_and_no_other(at: At) -> None:
    world = small_world()
    seen = {
        name: sorted(queries.visible_classes(viewer).values_list("key", flat=True))
        for name, viewer in {
            "organiser": world.organiser, "other organiser": world.other_organiser, "auditor": world.auditor,
            "manager": world.manager, "tutor": world.tutor, "learner": world.learners[0].viewer,
            "other manager": world.other_manager, "other learner": world.other_learner.viewer,
            "stranger": world.stranger, "signed out": SIGNED_OUT, "system": SYSTEM,
        }.items()
    }  # fmt: skip
    small, other = ["small-2017"], ["other-2017"]
    assert seen == {
        "organiser": small, "other organiser": other, "auditor": small, "manager": small, "tutor": small,
        "learner": small, "other manager": other, "other learner": other, "stranger": [], "signed out": [],
        "system": ["other-2017", "small-2017"],
    }  # fmt: skip


def test_a_class_that_is_not_ones_own_does_not_exist(at: At) -> None:
    world = small_world(1)
    for viewer in (world.stranger, world.other_organiser, world.other_learner.viewer, SIGNED_OUT):
        for key in ("small-2017", "no-such-class"):
            with pytest.raises(NotVisible):
                queries.class_for(viewer, key)
    assert queries.class_for(world.tutor, "small-2017").pk == world.cls.pk
    assert queries.class_by_key("small-2017").pk == world.cls.pk


def test_roles_in_a_class(at: At) -> None:
    world = small_world(1)
    roles = {
        world.organiser: {"organiser"}, world.auditor: {"auditor"}, world.manager: {"class_manager"},
        world.tutor: {"tutor"}, world.learners[0].viewer: {"learner"}, world.stranger: set(),
        world.other_organiser: set(), world.other_manager: set(), SIGNED_OUT: set(),
    }  # fmt: skip
    assert {viewer: set(queries.roles_in(viewer, world.cls)) for viewer in roles} == roles


def test_an_organiser_of_the_province_covers_both_cities_and_one_of_a_county_neither(at: At) -> None:
    world = small_world(0)
    for number, region, keys in (
        (70, world.province, ["other-2017", "small-2017"]),
        (71, world.counties[0], []),
    ):
        holder = people.create_person(SYSTEM, name="某组织", phone=f"100{number:08d}")
        people.grant_region_role(SYSTEM, person=holder, role="organiser", region=region)
        seen = queries.visible_classes(viewer_of_person(holder)).order_by("key").values_list("key", flat=True)
        assert list(seen) == keys


def test_a_region_whose_code_begins_alike_is_not_covered(at: At) -> None:
    world = small_world(0)
    twin = people.add_region(SYSTEM, code="41120", name="相似市", level="city", parent=world.province)
    make_class(SYSTEM, twin, world.institute, key="twin", name="相似班")
    assert not queries.visible_classes(world.organiser).filter(key="twin").exists()


def test_administrators_see_no_class_data(at: At) -> None:
    world = small_world(0)
    for number, role in enumerate(("system_admin", "security_admin", "audit_admin"), start=80):
        holder = people.create_person(SYSTEM, name="管理员", phone=f"100{number:08d}")
        people.grant_region_role(SYSTEM, person=holder, role=role, region=world.province)
        viewer = viewer_of_person(holder)
        assert not queries.visible_classes(viewer).exists()
        assert queries.roles_in(viewer, world.cls) == frozenset()


def test_a_withdrawn_learner_has_left(at: At) -> None:
    world = small_world(1)
    learner = world.learners[0]
    withdraw_learner(world.manager, learner.enrolment, reason="调离")
    assert not queries.visible_classes(learner.viewer).exists()
    assert queries.enrolment_of(learner.viewer, world.cls) is None


def test_rules_tell_data_from_management(at: At) -> None:
    world = small_world(1)
    viewers = [world.organiser, world.manager, world.tutor, world.auditor, world.learners[0].viewer, world.stranger]
    assert [rules.can_view_data(v, world.cls) for v in viewers] == [True, True, True, True, False, False]
    assert [rules.can_manage(v, world.cls) for v in viewers] == [True, True, False, False, False, False]
    assert [rules.can_tutor(v, world.cls) for v in viewers] == [False, True, True, False, False, False]
    with pytest.raises(Refused):
        rules.require(rules.can_manage, world.auditor, world.cls)
    with pytest.raises(NotVisible):
        rules.require(rules.can_manage, world.stranger, world.cls)


def test_lists_page_by_cursor(at: At) -> None:
    world = small_world(3)
    names, after = [], None
    while True:
        page = queries.class_roster(world.cls, after=after, limit=2)
        names += [row.name for row in page.rows]
        after = page.next
        if after is None:
            break
    assert names == ["学员1", "学员2", "学员3"]
    first = queries.class_rows(SYSTEM, limit=1)
    second = queries.class_rows(SYSTEM, limit=1, after=first.next)
    assert [(row.key, row.registered) for row in first.rows + second.rows] == [("other-2017", 1), ("small-2017", 3)]


@pytest.mark.parametrize("cursor", ["x", "W10=", "WyJhIiwiYiJd", "bnVsbA==", "\u4e2d"])
def test_a_made_up_cursor_is_refused(at: At, cursor: str) -> None:
    with pytest.raises(Refused) as refusal:
        queries.class_rows(SYSTEM, after=cursor)
    assert refusal.value.code == "bad_cursor"


@pytest.mark.parametrize("learners", [1, 3])
def test_the_roster_takes_one_statement(at: At, learners: int, django_assert_num_queries: object) -> None:
    world = small_world(learners)
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        queries.class_roster(world.cls)


def test_quota_against_nominations(at: At) -> None:
    world = small_world(3)
    assert [(r.organisation, r.seats, r.nominated, r.registered) for r in queries.quota_rows(world.cls)] == [
        ("云岭中学", 3, 1, 1),
        ("望河中学", 3, 1, 1),
        ("松涛小学", 3, 1, 1),
    ]
    assert queries.seats(world.cls.pk) == 9
    assert queries.seats(world.other_class.pk) == 0
    assert queries.counted_enrolments(world.cls.pk).count() == 3


def test_the_list_of_classes_counts_the_registered_up_to_a_limit(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    world = small_world()
    row = next(row for row in queries.class_rows(world.organiser).rows if row.key == world.cls.key)
    assert (row.registered, row.is_more) == (len(world.learners), False)
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    row = next(row for row in queries.class_rows(world.organiser).rows if row.key == world.cls.key)
    assert (row.registered, row.is_more) == (2, True)
