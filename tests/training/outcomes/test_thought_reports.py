"""Thought reports: who reads them, and who does not."""

import pytest
from factories.worlds import At, small_world

from yanxiu.kit.errors import NotVisible
from yanxiu.kit.models import AuditEntry
from yanxiu.people.queries import SIGNED_OUT, SYSTEM
from yanxiu.training.outcomes import actions, queries

pytestmark = pytest.mark.django_db


def test_author_class_manager_and_tutor_read_them_and_nobody_else(at: At) -> None:
    world = small_world(2)
    mine, fellow = world.learners
    actions.submit_thought_report(mine.viewer, mine.enrolment, title="思想汇报", body="近来的思想情况。")
    read = {
        name: [row.title for row in queries.thought_reports_for(viewer, world.cls).rows]
        for name, viewer in {
            "author": mine.viewer, "fellow": fellow.viewer, "manager": world.manager, "tutor": world.tutor,
            "auditor": world.auditor, "organiser": world.organiser, "system": SYSTEM,
        }.items()
    }  # fmt: skip
    one = ["思想汇报"]
    assert read == {
        "author": one, "fellow": [], "manager": one, "tutor": one, "auditor": [], "organiser": [], "system": [],
    }  # fmt: skip
    for viewer in (world.stranger, world.other_manager, world.other_organiser, SIGNED_OUT):
        with pytest.raises(NotVisible):
            queries.thought_reports_for(viewer, world.cls)


def test_the_text_is_not_in_the_log(at: At) -> None:
    world = small_world(1)
    mine = world.learners[0]
    report = actions.submit_thought_report(mine.viewer, mine.enrolment, title="思想汇报", body="近来的思想情况。")
    entry = AuditEntry.objects.get(object_type="thought_report", object_id=report.pk)
    assert entry.details == {"characters": 7}


def test_only_the_author_takes_it_back(at: At) -> None:
    world = small_world(1)
    mine = world.learners[0]
    report = actions.submit_thought_report(mine.viewer, mine.enrolment, title="思想汇报", body="正文")
    for viewer in (world.manager, world.organiser, world.stranger):
        with pytest.raises(NotVisible):
            actions.withdraw_thought_report(viewer, report)
    assert actions.withdraw_thought_report(mine.viewer, report).state == "withdrawn"
    assert queries.thought_reports_for(world.manager, world.cls).rows == ()
