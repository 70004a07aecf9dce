"""引用授权: nothing may be quoted unless its author says so, and no longer than that."""

import pytest
from factories.worlds import At, small_world
from factories.writing import hand_in, written

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.models import AuditEntry
from yanxiu.training.outcomes import actions
from yanxiu.training.outcomes.queries import quotable
from yanxiu.training.outcomes.writing import set_quotable

pytestmark = pytest.mark.django_db


def test_only_handed_in_pieces_with_consent_may_be_quoted(at: At) -> None:
    world = small_world(3)
    first, second, third = world.learners
    pieces = [hand_in(one, f"{one.person.name}写的一段话。") for one in (first, second)]
    draft = written(third, "还没有提交的话。")
    assert quotable(world.cls.pk) == []
    set_quotable(first.viewer, pieces[0], quotable=True)
    set_quotable(third.viewer, draft, quotable=True)
    assert [(row.author, row.version, row.body) for row in quotable(world.cls.pk)] == [
        ("学员1", 1, "学员1写的一段话。")
    ]
    assert quotable(world.other_class.pk) == []
    actions.withdraw_outcome(first.viewer, pieces[0])
    assert quotable(world.cls.pk) == []


def test_consent_is_the_authors_own_can_be_taken_back_and_each_change_is_logged_with_its_version(at: At) -> None:
    world = small_world(2)
    piece = hand_in(world.learners[0], "一段话。")
    for viewer in (world.learners[1].viewer, world.manager, world.tutor, world.stranger):
        with pytest.raises(NotVisible):
            set_quotable(viewer, piece, quotable=True)
    for consent in (True, True, False):
        set_quotable(world.learners[0].viewer, piece, quotable=consent)
    assert quotable(world.cls.pk) == []
    entries = AuditEntry.objects.filter(object_type="outcome", object_id=piece.pk, action__contains="quotation")
    logged = list(entries.order_by("position").values_list("action", "details"))
    assert logged == [("allow_quotation", {"version": 1}), ("withdraw_quotation", {"version": 1})]
