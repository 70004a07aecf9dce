"""A world put back is the world that was made."""

from collections.abc import Callable

import pytest
from django.db import connections, transaction
from factories import remembered, worlds

from yanxiu.training.classes.models import Enrolment

pytestmark = pytest.mark.django_db


def _rows() -> remembered.Rows:
    return remembered._rows(connections["default"])


def test_rows_world_and_clock_are_those_that_were_made(
    at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_made", {})
    with transaction.atomic():
        made, rows = worlds.small_world(2), _rows()
        transaction.set_rollback(True)
    assert _rows() == {}
    again = worlds.small_world(2)
    assert (again, _rows()) == (made, rows)
    assert len(remembered._made) == 1
    assert [each.enrolment for each in again.learners] == list(Enrolment.objects.filter(training_class=again.cls))


def test_another_instant_or_a_database_with_something_in_it_gets_a_world_of_its_own(
    at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_made", {})
    with transaction.atomic():
        early = worlds.small_world(1)
        transaction.set_rollback(True)
    at("2017-06-11T08:00:00+08:00")
    late = worlds.small_world(1)
    assert late.learners[0].enrolment.registered_at > early.learners[0].enrolment.registered_at
    assert len(remembered._made) == 2
    assert remembered.remembered("small_world", lambda: "made") == "made"  # not the first on this database
    assert len(remembered._made) == 2
