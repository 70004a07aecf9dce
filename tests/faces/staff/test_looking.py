"""Looking for somebody in the lists of a class."""

import pytest
from faces.staff.test_pages import browser
from factories.looking import look_for
from factories.worlds import World

from yanxiu.training.discussion.models import Post


@pytest.mark.django_db
def test_somebody_looked_for_is_found_by_name_or_unit_beside_the_other_filters(studied: tuple[World, Post]) -> None:
    manager = browser(studied[0].manager)
    found = look_for(manager, "/staff/classes/small-2017/", "学员2", show="round", sort="name")
    table = found.context["table"]
    assert ([line.name for line in table.rows], table.show, table.sort) == (["学员2"], "round", "name")
    assert all("find=" in chip.query for chip in table.chips)
    assert look_for(manager, "/staff/classes/small-2017/", "无此人").context["table"].rows == ()
    evidence = look_for(manager, "/staff/classes/small-2017/figures/discussion_posters/evidence", "学员1")
    assert [row.name for row in evidence.context["page"].rows] == ["学员1"]
